/** People, their colours and balances. */
export const people = `
.avatar { display: inline-grid; place-items: center; flex: none; width: 2.1rem; height: 2.1rem; border-radius: 50%; font-size: .9rem; font-weight: 600; background: hsl(var(--hue) 38% 84%); color: hsl(var(--hue) 45% 22%); }
.hue-0 { --hue: 162; } .hue-1 { --hue: 32; } .hue-2 { --hue: 262; } .hue-3 { --hue: 205; }
.hue-4 { --hue: 345; } .hue-5 { --hue: 85; } .hue-6 { --hue: 300; } .hue-7 { --hue: 12; }
@media (prefers-color-scheme: dark) { .avatar { background: hsl(var(--hue) 28% 30%); color: hsl(var(--hue) 55% 88%); } }
.people > li { border-top: 1px solid var(--line); }
.people > li:first-child { border-top: 0; }
.people summary { display: grid; grid-template-columns: auto 1fr auto; gap: .4rem .7rem; align-items: center; padding-block: .7rem; cursor: pointer; list-style: none; }
.people summary::-webkit-details-marker { display: none; }
.people details[open] { padding-bottom: 1rem; }
.people details form { margin-top: .5rem; }
.person-name { font-weight: 600; }
.person-balance { text-align: right; font-size: .95rem; color: var(--muted); }
.person-balance.plus strong { color: var(--plus); } .person-balance.minus strong { color: var(--minus); }
.balance-bar { grid-column: 2 / -1; width: 100%; height: 6px; border-radius: 3px; }
.bar-track { fill: var(--sunken); } .bar-plus { fill: var(--plus); } .bar-minus { fill: var(--minus); } .bar-middle { fill: var(--muted); }
`;
