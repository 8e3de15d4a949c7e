/** The start page. */
export const home = `
.home { display: grid; gap: clamp(2rem, 5vw, 4rem); align-items: start; padding-top: clamp(.5rem, 4vw, 3rem); }
@media (min-width: 56rem) { .home { grid-template-columns: minmax(0, 1.1fr) minmax(0, 1fr); } }
.hero h1 { font-size: clamp(2.1rem, 1.5rem + 3vw, 3.3rem); line-height: 1.1; margin-bottom: 1rem; }
.hero .lead { max-width: 34rem; margin-bottom: 1.25rem; }
.promises { display: grid; gap: 1rem; margin-top: 2rem; }
.promises li { display: flex; gap: .75rem; }
.promises .icon { color: var(--accent); margin-top: .25rem; }
.promises p { margin: 0; color: var(--muted); }
`;
