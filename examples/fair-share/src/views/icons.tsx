/** Line icons, drawn in the text's colour. They decorate; the words beside them carry the meaning. */
const strokes = {
  plus: "M12 5v14M5 12h14",
  arrow: "M4 12h15M13 6l6 6-6 6",
  check: "M5 13l4.5 4.5L19 7",
  print: "M7 9V4h10v5M7 17H4v-7h16v7h-3M7 14h10v6H7z",
  table: "M4 5h16v14H4zM4 10h16M10 10v9",
  code: "M9 7l-5 5 5 5M15 7l5 5-5 5",
  undo: "M9 7L4 12l5 5M4 12h10a6 6 0 0 1 6 6",
} as const;

export function Icon({ name }: { readonly name: keyof typeof strokes }) {
  return (
    <svg class="icon" viewBox="0 0 24 24" width="18" height="18" aria-hidden="true" focusable="false">
      <path
        d={strokes[name]}
        fill="none"
        stroke="currentColor"
        stroke-width="1.8"
        stroke-linecap="round"
        stroke-linejoin="round"
      />
    </svg>
  );
}
