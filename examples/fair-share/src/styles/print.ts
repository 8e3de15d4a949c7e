/** Tables, and what changes on paper. */
export const print = `
.table-scroll { overflow-x: auto; }
table { width: 100%; border-collapse: collapse; font-variant-numeric: tabular-nums; font-size: .95rem; overflow-wrap: normal; }
th, td { text-align: right; padding: .5rem .6rem; border-bottom: 1px solid var(--line); vertical-align: top; }
td { white-space: nowrap; }
th { font-weight: 600; } thead th { color: var(--muted); font-size: .85rem; }
th:first-child { text-align: left; padding-left: 0; }
th:last-child, td:last-child { padding-right: 0; }
tbody th .muted { display: block; font-weight: 400; font-size: .85rem; }
tfoot th, tfoot td { border-bottom: 0; }
.plain li { padding-block: .2rem; }
@media print {
  :root { --ground: #fff; --surface: #fff; --text: #000; --muted: #444; --line: #bbb; }
  body { font-size: 10.5pt; }
  .site-header, .site-footer, .screen-only, .skip, .notice, form, .button { display: none !important; }
  tr, li { break-inside: avoid; }
}
`;
