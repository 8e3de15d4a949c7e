// The colours of the tokens, as the canvas needs them. A custom property's own text is `light-dark(…)`, which only a
// colour property resolves: so each is put on a probe and read back.
import type { EventSource } from "../../../../schemas/event-types.ts";

const TOKENS = {
  ground: "--color-surface",
  line: "--color-line",
  lineStrong: "--color-line-strong",
  text: "--color-text",
  muted: "--color-muted",
  accent: "--color-accent",
  accentSoft: "--color-accent-soft",
  live: "--color-live",
  focus: "--color-focus",
  seed: "--color-seed",
  good: "--color-good",
  warn: "--color-warn",
  bad: "--color-bad",
  hover: "--color-hover",
  series1: "--color-series-1",
  series2: "--color-series-2",
  series3: "--color-series-3",
  series4: "--color-series-4",
  series5: "--color-series-5",
  series6: "--color-series-6",
} as const;

export type Palette = Readonly<Record<keyof typeof TOKENS, string>> & { readonly font: string };

const SERIES = ["series1", "series2", "series3", "series4", "series5"] as const;
const SOURCE_SERIES = {
  capsule: "series3",
  mesh: "series5",
  deploy: "series4",
  project: "series6",
  domains: "series2",
  oai: "series1",
  pathways: "series1",
  calm: "series1",
} as const satisfies Record<EventSource, keyof Palette>;

/** Reads them where `probe` stands; the probe's own colour is put back. */
export function readPalette(probe: HTMLElement): Palette {
  const entries = Object.entries(TOKENS).map(([name, token]) => {
    probe.style.color = `var(${token})`;
    return [name, getComputedStyle(probe).color];
  });
  probe.style.color = "";
  return { ...Object.fromEntries(entries), font: getComputedStyle(probe).fontFamily };
}

export function branchColor(palette: Palette, row: number): string {
  return palette[SERIES[row % SERIES.length] ?? "series1"];
}

export function sourceColor(palette: Palette, source: string): string {
  const series = Object.entries(SOURCE_SERIES).find(([name]) => name === source)?.[1];
  return palette[series ?? "series6"];
}

/** Calls back when the theme, the contrast or the system's wish for them changes; gives what ends it. */
export function watchPalette(onChange: () => void): () => void {
  const observer = new MutationObserver(onChange);
  observer.observe(document.documentElement, {
    attributes: true,
    attributeFilter: ["data-theme", "data-contrast"],
  });
  const queries = ["(prefers-color-scheme: dark)", "(prefers-contrast: more)"].map((query) =>
    matchMedia(query),
  );
  for (const query of queries) query.addEventListener("change", onChange);
  return () => {
    observer.disconnect();
    for (const query of queries) query.removeEventListener("change", onChange);
  };
}
