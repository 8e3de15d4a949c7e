/** Fields, errors, and the split chooser, which shows by :has() only what the chosen kind needs. */
export const forms = `
.form { display: grid; gap: 1.1rem; }
.form > h2 { margin: 0; font-size: 1.4rem; }
.field { min-width: 0; }
.field label, legend { display: block; font-weight: 600; font-size: .95rem; margin-bottom: .25rem; }
.field .hint { margin: -.15rem 0 .35rem; }
input:not([type=radio], [type=checkbox]), select, textarea { width: 100%; min-height: 44px; padding: .5rem .75rem; border: 1px solid color-mix(in srgb, var(--muted) 70%, var(--surface)); border-radius: 10px; background: var(--surface); color: var(--text); font: inherit; }
input::placeholder { color: var(--muted); opacity: .8; }
textarea { resize: vertical; }
input:focus-visible, select:focus-visible, textarea:focus-visible { outline-offset: 0; border-radius: 10px; }
input[type=radio], input[type=checkbox] { accent-color: var(--accent); width: 1.2rem; height: 1.2rem; margin: 0; flex: none; }
[aria-invalid] { border-color: var(--danger) !important; border-width: 2px !important; }
.field-error { color: var(--danger); font-size: .9rem; font-weight: 500; margin: .3rem 0 0; }
.field-row { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 14rem), 1fr)); gap: 1.1rem; align-items: start; }
.amount-input { font-variant-numeric: tabular-nums; font-size: 1.15rem !important; }
.inline-form { display: flex; flex-wrap: wrap; gap: .6rem; align-items: end; margin-top: 1rem; }
.inline-form .field { flex: 1 1 9rem; }
.actions { display: flex; flex-wrap: wrap; gap: .75rem; }
legend { padding: 0; }
fieldset { border: 0; padding: 0; margin: 0; min-width: 0; }
.kinds { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 15rem), 1fr)); gap: .6rem; }
.kinds legend { margin-bottom: .5rem; }
.kind { display: flex; gap: .7rem; align-items: start; padding: .7rem .8rem; border: 1px solid var(--line); border-radius: 10px; cursor: pointer; }
.kind:has(:checked) { border-color: var(--accent); background: var(--accent-soft); }
.kind strong, .kind .hint { display: block; line-height: 1.35; }
.sharer { border-top: 1px solid var(--line); padding-block: .35rem; }
.sharer:first-of-type { border-top: 0; }
.sharer-tick, .sharer-value label { display: flex; align-items: center; gap: .6rem; min-height: 44px; }
.sharer-tick { cursor: pointer; }
.sharer-value label { margin: 0; flex: 1; font-weight: 400; font-size: 1rem; }
.sharer-value { display: flex; flex-wrap: wrap; align-items: center; gap: 0 .75rem; }
.sharer-value input { width: 8rem !important; text-align: right; font-variant-numeric: tabular-nums; }
.sharer-value .field-error { flex-basis: 100%; text-align: right; }
.expense-form:has([value=equal]:checked) .sharer-value,
.expense-form:has([value=parts]:checked, [value=exact]:checked) .sharer-tick,
.expense-form:has([value=repayment]:checked) .sharers,
.expense-form:not(:has([value=repayment]:checked)) .repaid-to { display: none; }
.share-link { font-size: .85rem !important; color: var(--muted) !important; text-overflow: ellipsis; }
`;
