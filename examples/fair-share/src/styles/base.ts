/** Plain elements. */
export const base = `
*, *::before, *::after { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; scroll-padding-top: 1rem; }
body { margin: 0; min-height: 100vh; display: flex; flex-direction: column; background: var(--ground); color: var(--text); font: 1rem/1.55 var(--sans); overflow-wrap: anywhere; }
h1, h2, h3 { font-family: var(--serif); font-weight: 600; line-height: 1.2; margin: 0 0 .5rem; text-wrap: balance; }
h1 { font-size: clamp(1.75rem, 1.3rem + 2vw, 2.5rem); letter-spacing: -.01em; }
h2 { font-size: 1.25rem; }
h3 { font-size: 1.05rem; margin-top: 1.5rem; }
p { margin: 0 0 .75rem; text-wrap: pretty; }
ul { margin: 0; padding: 0; list-style: none; }
a { color: var(--accent-strong); text-underline-offset: .2em; text-decoration-thickness: 1px; }
a:hover { text-decoration-thickness: 2px; }
:focus-visible { outline: 3px solid var(--focus); outline-offset: 2px; border-radius: 6px; }
main:focus { outline: none; }
pre { background: var(--sunken); border-radius: 10px; padding: 1rem; overflow-x: auto; font-size: .85rem; overflow-wrap: normal; }
code { font-family: ui-monospace, "SF Mono", Menlo, Consolas, monospace; font-size: .92em; }
.icon { flex: none; vertical-align: -.2em; }
.muted { color: var(--muted); }
.hint { color: var(--muted); font-size: .875rem; }
.lead { font-size: 1.075rem; color: var(--muted); }
.amount { font-variant-numeric: tabular-nums; white-space: nowrap; }
.visually-hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
@media (prefers-reduced-motion: no-preference) { .button, input, select, textarea { transition: background-color .15s, border-color .15s; } }
`;
