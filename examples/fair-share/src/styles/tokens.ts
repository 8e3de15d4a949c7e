/** Colours, type and space. Every text colour reaches a contrast of 4.5 on its ground, in light and dark. */
export const tokens = `
:root {
  color-scheme: light dark;
  --ground: #f6f3ec; --surface: #fffdf9; --sunken: #f0ece2; --line: #ded7c8;
  --text: #25302c; --muted: #5f6a64; --accent: #1f6f5c; --accent-strong: #17594a; --on-accent: #ffffff;
  --accent-soft: #e2efe9; --plus: #1f6f5c; --minus: #a8482d; --danger: #9c3a2a; --danger-soft: #f9e7e1;
  --focus: #1c64c8; --shadow: 0 1px 2px rgb(50 40 20 / .05), 0 8px 24px rgb(50 40 20 / .06);
  --serif: ui-serif, "Iowan Old Style", "Palatino Linotype", Palatino, Georgia, serif;
  --sans: system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", sans-serif;
  --radius: 14px; --gap: clamp(1rem, 2.5vw, 1.5rem);
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #161b19; --surface: #1e2522; --sunken: #252d2a; --line: #37423d;
    --text: #e8ebe6; --muted: #a3aea8; --accent: #79c3ac; --accent-strong: #97d6c1; --on-accent: #10201b;
    --accent-soft: #21372f; --plus: #79c3ac; --minus: #ee9a7d; --danger: #f0a08c; --danger-soft: #3a2420;
    --focus: #8ab8ff; --shadow: none;
  }
}
`;
