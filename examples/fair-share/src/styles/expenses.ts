/** Expenses, payments, rates and exports. */
export const expenses = `
.count { display: inline-block; min-width: 1.7em; padding: 0 .4em; text-align: center; background: var(--sunken); border-radius: 1em; font: 500 .85rem/1.7em var(--sans); color: var(--muted); vertical-align: .12em; }
.expense { position: relative; display: grid; grid-template-columns: auto minmax(0, 1fr) auto; gap: .8rem; padding: .85rem .5rem; margin-inline: -.5rem; border-top: 1px solid var(--line); }
.expense:first-child { border-top: 0; }
.expense:hover { background: var(--sunken); border-radius: 10px; }
.expense p, .expense time { margin: 0; font-size: .9rem; line-height: 1.4; display: block; }
.expense-title { font-weight: 600; color: var(--text); text-decoration: none; }
.expense-title::after { content: ""; position: absolute; inset: 0; }
.expense:hover .expense-title { text-decoration: underline; }
.expense-amount { text-align: right; display: grid; align-content: start; font-size: 1rem; }
.expense-amount .muted { font-size: .85rem; white-space: nowrap; }
.repayment .amount { color: var(--muted); }
.empty { text-align: center; padding: 1.75rem 1rem; border: 1.5px dashed var(--line); border-radius: 10px; }
.empty p { margin: 0; }
.payments > li { display: grid; grid-template-columns: minmax(0, 1fr) auto auto; align-items: center; gap: .6rem 1rem; padding-block: .7rem; border-top: 1px solid var(--line); }
.payments .pair { display: flex; align-items: center; gap: .7rem; }
.payments .amount { font: 600 1.2rem var(--serif); font-variant-numeric: tabular-nums; }
@media (max-width: 34rem) { .payments > li { grid-template-columns: minmax(0, 1fr) auto; } .payments form { grid-column: 1 / -1; padding-left: 2.8rem; } }
.rates > li { display: flex; justify-content: space-between; align-items: center; border-top: 1px solid var(--line); font-variant-numeric: tabular-nums; }
.exports { display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; }
.exports a { display: inline-flex; align-items: center; gap: .4rem; min-height: 40px; }
`;
