// The Studio's few line icons. They say nothing that a word beside them does not.
const PATHS = {
  projects: "M3 4h6v6H3zM11 4h6v6h-6zM3 12h6v4H3zM11 12h6v4h-6z",
  home: "M3 9.5 10 4l7 5.5V16h-4.5v-4h-5v4H3z",
  time: "M10 3a7 7 0 1 0 7 7M10 6v4l3 2M17 4v3h-3",
  files: "M5 3h6l4 4v10H5zM11 3v4h4",
  capsules: "M6 6h8a4 4 0 0 1 0 8H6a4 4 0 0 1 0-8zM10 6v8",
  mesh: "M10 4v5M5 15l4-5M15 15l-4-5M10 4m-1.5 0a1.5 1.5 0 1 0 3 0a1.5 1.5 0 1 0-3 0M5 15.5m-1.5 0a1.5 1.5 0 1 0 3 0a1.5 1.5 0 1 0-3 0M15 15.5m-1.5 0a1.5 1.5 0 1 0 3 0a1.5 1.5 0 1 0-3 0",
  deploys: "M10 16V6M6 9l4-4 4 4M4 3h12",
  trust: "M10 3l6 2v5c0 3.5-2.5 6-6 7-3.5-1-6-3.5-6-7V5zM7.5 10l2 2 3.5-4",
  settings: "M4 6h7M15 6h1M4 10h1M9 10h7M4 14h7M15 14h1M13 4.5v3M7 8.5v3M13 12.5v3",
  status: "M3 10h3l2-5 4 10 2-5h3",
  menu: "M3 5h14M3 10h14M3 15h14",
  close: "M5 5l10 10M15 5L5 15",
  search: "M9 4a5 5 0 1 0 0 10a5 5 0 0 0 0-10zM13 13l4 4",
  switch: "M7 8l3-3 3 3M7 12l3 3 3-3",
  person: "M10 4a3 3 0 1 0 0 6a3 3 0 0 0 0-6zM4 17c0-3 2.7-5 6-5s6 2 6 5",
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name }: { readonly name: IconName }) {
  return (
    <svg class="icon" viewBox="0 0 20 20" width="20" height="20" aria-hidden="true" focusable="false">
      <path
        d={PATHS[name]}
        fill="none"
        stroke="currentColor"
        stroke-width="1.5"
        stroke-linecap="round"
        stroke-linejoin="round"
      />
    </svg>
  );
}
