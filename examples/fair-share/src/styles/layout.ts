/** The page's frame, its columns and cards. */
export const layout = `
.skip { position: absolute; left: 1rem; top: -4rem; background: var(--surface); padding: .5rem 1rem; border-radius: 8px; z-index: 1; }
.skip:focus { top: .5rem; }
.site-header, main, .site-footer { width: 100%; max-width: 70rem; margin-inline: auto; padding-inline: clamp(1rem, 4vw, 2rem); }
.site-header { display: flex; align-items: center; justify-content: space-between; gap: 1rem; padding-block: 1rem; }
.brand { display: inline-flex; align-items: center; gap: .6rem; font: 600 1.15rem var(--serif); color: var(--text); text-decoration: none; min-height: 44px; }
.tagline { color: var(--muted); font-size: .9rem; }
@media (max-width: 30rem) { .tagline { display: none; } }
main { flex: 1; padding-block: .75rem 3rem; }
.site-footer { border-top: 1px solid var(--line); padding-block: 1.25rem 2rem; display: flex; flex-wrap: wrap; gap: .5rem 2rem; justify-content: space-between; color: var(--muted); font-size: .875rem; }
.site-footer p { margin: 0; }
.site-footer ul { display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; }
.site-footer a[aria-current] { color: var(--text); font-weight: 600; text-decoration: none; }
.card { background: var(--surface); border: 1px solid var(--line); border-radius: var(--radius); box-shadow: var(--shadow); padding: clamp(1rem, 3vw, 1.5rem); min-width: 0; }
.card.accent { border-top: 4px solid var(--accent); }
.card-header { display: flex; flex-wrap: wrap; gap: .75rem; align-items: center; justify-content: space-between; margin-bottom: .5rem; }
.card-header h2 { margin: 0; }
.columns { display: grid; gap: var(--gap); align-items: start; }
.column { display: grid; gap: var(--gap); min-width: 0; }
@media (min-width: 56rem) { .columns { grid-template-columns: minmax(0, 1.6fr) minmax(0, 1fr); } }
.narrow { max-width: 40rem; margin-inline: auto; }
.crumb { margin-bottom: .5rem; }
.fold > summary { display: flex; align-items: baseline; justify-content: space-between; gap: 1rem; cursor: pointer; list-style: none; }
.fold > summary::-webkit-details-marker { display: none; }
.fold > summary h2 { margin: 0; font-size: 1.1rem; }
.fold > summary h2::before { content: "›"; display: inline-block; width: 1em; color: var(--muted); }
.fold[open] > summary h2::before { transform: rotate(90deg) translateX(.05em); }
.fold[open] > summary { margin-bottom: .75rem; }
.book-header { display: flex; flex-wrap: wrap; gap: .75rem 3rem; justify-content: space-between; align-items: end; margin-bottom: 1.25rem; }
.book-header h1 { margin: 0; }
.figures { display: flex; flex-wrap: wrap; gap: .5rem 2rem; margin: 0; }
.figures dt { color: var(--muted); font-size: .85rem; }
.figures dd { margin: 0; font: 600 1.3rem var(--serif); font-variant-numeric: tabular-nums; }
.notice { display: flex; flex-wrap: wrap; align-items: center; gap: .25rem .5rem; background: var(--accent-soft); border-radius: 10px; padding: .65rem 1rem; margin-bottom: 1.25rem; }
.notice .icon { color: var(--accent-strong); }
.error-summary { background: var(--danger-soft); border-left: 4px solid var(--danger); border-radius: 10px; padding: .85rem 1rem; margin-bottom: 1.25rem; }
.error-summary h2 { font-size: 1.05rem; margin-bottom: .25rem; }
.error-summary a { color: var(--danger); }
.message { text-align: center; max-width: 32rem; margin: 12vh auto; }
.message h1 { margin-top: 1.25rem; }
.sheet { max-width: 50rem; margin-inline: auto; }
.sheet h2 { margin-top: 2rem; }
.fields dt { font-weight: 600; } .fields dd { margin: 0 0 .6rem; color: var(--muted); }
`;
