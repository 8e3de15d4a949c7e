/** Buttons and links that look like them; at least 44 pixels high where a thumb may land. */
export const buttons = `
.button { display: inline-flex; align-items: center; justify-content: center; gap: .4rem; min-height: 44px; padding: .5rem 1.1rem; border: 1px solid transparent; border-radius: 10px; background: var(--accent); color: var(--on-accent); font: 600 1rem var(--sans); text-decoration: none; cursor: pointer; }
.button:hover { background: var(--accent-strong); }
.button.quiet { background: transparent; border-color: var(--line); color: var(--text); }
.button.quiet:hover { background: var(--sunken); }
.button.danger { background: transparent; color: var(--danger); padding-inline: .75rem; }
.button.danger:hover { background: var(--danger-soft); }
.button.small { min-height: 38px; padding: .3rem .75rem; font-size: .9rem; font-weight: 500; }
@media (pointer: coarse) { .button.small { min-height: 44px; } }
`;
