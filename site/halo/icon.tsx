// The icons of Halo: strokes on a grid of 16, in the colour of the text beside them.
import { classNames } from "./class-names.ts";
import "./icon.css";

const PATHS = {
  alert: "M8 2.2 14.4 13.3H1.6zM8 6.4v3.2M8 11.3v.1",
  "arrow-left": "M13 8H3m4-4L3 8l4 4",
  "arrow-right": "M3 8h10M9 4l4 4-4 4",
  branch:
    "M5 5.5v5m0 0a1.75 1.75 0 1 0 0 3.5 1.75 1.75 0 0 0 0-3.5zM5 5.5A1.75 1.75 0 1 0 5 2a1.75 1.75 0 0 0 0 3.5zM11 7a1.75 1.75 0 1 0 0-3.5A1.75 1.75 0 0 0 11 7zm0 0c0 2.5-3 2-5.4 3.6",
  capsule: "M8 4.5H5.5a3.5 3.5 0 0 0 0 7H8zM8 4.5h2.5a3.5 3.5 0 0 1 0 7H8M11 8h.1",
  check: "M3 8.6 6.4 12 13 4.6",
  "chevron-down": "m4 6 4 4 4-4",
  "chevron-left": "M10 4 6 8l4 4",
  "chevron-right": "m6 4 4 4-4 4",
  clock: "M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12zM8 4.8V8l2.2 1.6",
  close: "m4 4 8 8M12 4l-8 8",
  copy: "M6 5.5h6.5A1 1 0 0 1 13.5 6.5V13a1 1 0 0 1-1 1H6a1 1 0 0 1-1-1V6.5a1 1 0 0 1 1-1zM3 10.5A1 1 0 0 1 2 9.5V3a1 1 0 0 1 1-1h6.5a1 1 0 0 1 1 1",
  download: "M8 2.5v7.5m3.2-3L8 10.2 4.8 7M2.5 13.5h11",
  edit: "m3 13 .6-2.8 7-7 2.2 2.2-7 7zM9.2 4.6l2.2 2.2",
  external: "M9 3h4v4m0-4L7.5 8.5M11.5 9.5v3a1 1 0 0 1-1 1H3.5a1 1 0 0 1-1-1V5.5a1 1 0 0 1 1-1h3",
  eye: "M1.5 8S4 3.5 8 3.5 14.5 8 14.5 8 12 12.5 8 12.5 1.5 8 1.5 8zM8 10a2 2 0 1 0 0-4 2 2 0 0 0 0 4z",
  file: "M9.5 2H4.5a1 1 0 0 0-1 1v10a1 1 0 0 0 1 1h7a1 1 0 0 0 1-1V5zv3h3",
  filter: "M2.5 4h11M4.5 8h7M6.5 12h3",
  flag: "M4 14V2.5h7.5L9.5 5.5l2 3H4",
  folder: "M2 4.5a1 1 0 0 1 1-1h3.2l1.5 1.7H13a1 1 0 0 1 1 1v5.3a1 1 0 0 1-1 1H3a1 1 0 0 1-1-1z",
  grid: "M2.5 2.5h4.6v4.6H2.5zM8.9 2.5h4.6v4.6H8.9zM2.5 8.9h4.6v4.6H2.5zM8.9 8.9h4.6v4.6H8.9z",
  home: "M2.5 7.6 8 2.8l5.5 4.8v5.9H9.7V9.8H6.3v3.7H2.5z",
  info: "M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12zM8 7.4v3.6M8 5v.1",
  key: "M6.2 8.8a3 3 0 1 1 1 1L6 11H4.5v1.5H2.5v-2zM10.2 5.8h.1",
  link: "M7 9.5 9.5 7M6.2 11.3l-1 1a2.3 2.3 0 0 1-3.3-3.3L4.4 6.6a2.3 2.3 0 0 1 3.3 0M9.8 4.7l1-1a2.3 2.3 0 0 1 3.3 3.3l-2.5 2.4a2.3 2.3 0 0 1-3.3 0",
  menu: "M2.5 4.5h11M2.5 8h11M2.5 11.5h11",
  mesh: "M8 4.8a1.6 1.6 0 1 0 0-3.2 1.6 1.6 0 0 0 0 3.2zM3.2 13.6a1.6 1.6 0 1 0 0-3.2 1.6 1.6 0 0 0 0 3.2zM12.8 13.6a1.6 1.6 0 1 0 0-3.2 1.6 1.6 0 0 0 0 3.2zM7.2 4.6 4 10.6M8.8 4.6l3.2 6M4.8 12h6.4",
  minus: "M3.5 8h9",
  more: "M4 8a.7.7 0 1 0-1.4 0A.7.7 0 0 0 4 8zM8.7 8a.7.7 0 1 0-1.4 0 .7.7 0 0 0 1.4 0zM13.4 8a.7.7 0 1 0-1.4 0 .7.7 0 0 0 1.4 0z",
  pause: "M5.5 3.5v9M10.5 3.5v9",
  pin: "M8 9.8V14M5.3 2.5h5.4l-.7 4 2 2.3v1H4v-1l2-2.3z",
  play: "M5 3.2 12.5 8 5 12.8z",
  plus: "M8 3.5v9M3.5 8h9",
  pulse: "M1.5 8h3l1.8-4.5 3.2 9L11.3 8h3.2",
  restore: "M2.8 6.5A5.5 5.5 0 1 1 2.5 8.8M2.5 3v3.6h3.6",
  retry: "M13.2 6.5A5.5 5.5 0 1 0 13.5 8.8M13.5 3v3.6H9.9",
  rocket:
    "M6.2 9.8C6.5 6 9 3 13.5 2.5 13 7 10 9.5 6.2 9.8zM6.2 9.8 4.5 11.5M6 7.5H3.5L2.5 9.5l2 .3M8.5 10v2.5l-2 1-.3-2",
  search: "M7 11.5a4.5 4.5 0 1 0 0-9 4.5 4.5 0 0 0 0 9zM10.3 10.3l3.2 3.2",
  settings:
    "M2.5 4.5H8m4 0h1.5M2.5 11.5H4m4 0h5.5M10 6.3a1.8 1.8 0 1 0 0-3.6 1.8 1.8 0 0 0 0 3.6zM6 13.3a1.8 1.8 0 1 0 0-3.6 1.8 1.8 0 0 0 0 3.6z",
  shield: "M8 1.8 13 3.5v4c0 3.2-2.2 5.6-5 6.7-2.8-1.1-5-3.5-5-6.7v-4zM5.6 7.9l1.7 1.7 3.1-3.3",
  sun: "M8 10.8a2.8 2.8 0 1 0 0-5.6 2.8 2.8 0 0 0 0 5.6zM8 1.5V3m0 10v1.5M1.5 8H3m10 0h1.5M3.4 3.4l1.1 1.1m7 7 1.1 1.1m0-9.2-1.1 1.1m-7 7-1.1 1.1",
  moon: "M13 9.6A5.5 5.5 0 0 1 6.4 3 5.5 5.5 0 1 0 13 9.6z",
  trash: "M2.5 4h11M6 4V2.5h4V4M4 4l.6 9.5h6.8L12 4M6.7 6.8v4M9.3 6.8v4",
  upload: "M8 10.5V3m3.2 3L8 2.8 4.8 6M2.5 13.5h11",
  users:
    "M6 7.5A2.3 2.3 0 1 0 6 3a2.3 2.3 0 0 0 0 4.5zM1.8 13c.2-2.3 1.9-3.7 4.2-3.7s4 1.4 4.2 3.7M10.5 3.2a2.3 2.3 0 0 1 0 4.2M12 9.6c1.300.5 2.1 1.7 2.2 3.4",
} as const;

/** What an icon may be called. */
export type IconName = keyof typeof PATHS;

type IconProps = {
  readonly name: IconName;
  readonly size?: "small" | "medium" | "large";
  /** Read aloud; without it the icon is decoration. */
  readonly label?: string | undefined;
};

/** One icon. Beside words it is decoration; alone it needs a `label`. */
export function Icon({ name, size = "medium", label }: IconProps) {
  const isDecoration = label === undefined;
  return (
    <svg
      class={classNames("halo-icon", `halo-icon--${size}`)}
      viewBox="0 0 16 16"
      role={isDecoration ? undefined : "img"}
      aria-hidden={isDecoration}
      aria-label={label}
    >
      <path d={PATHS[name]} />
    </svg>
  );
}
