// What stands on what: every text and ground of the tokens, for `npm run check` to compute (core/halo/check-contrast.ts).
// A new colour takes its place here, or the check says that it was forgotten.
import type { ContrastTable } from "../../core/halo/check-contrast.ts";

const TONES = ["good", "bad", "warn", "info", "live"] as const;
const CODE = ["code-keyword", "code-string", "code-number", "code-name", "code-comment"];
const SERIES = ["series-1", "series-2", "series-3", "series-4", "series-5", "series-6"];

/** The page, where the light behind it is brightest too. */
const PAGE = ["ground", "glow over ground", "glow-far over ground", "glow over glow-far over ground"];
/** Panes that text stands on; glass over the brightest place of the page, with its own sheen. */
const PANES = [
  "glass over ground",
  "glass-sheen over glass over ground",
  "glass-sheen over glass over glow over glow-far over ground",
  "surface",
  "raised",
  "sunken",
  "field",
  "neutral-soft",
];
const POINTED = ["hover over ground", "hover over raised", "hover over glass over ground"];
const EVERYWHERE = [...PAGE, ...PANES, ...POINTED];

export const CONTRAST_TABLE: ContrastTable = {
  pairs: [
    { text: ["text", "muted", "accent"], on: [...EVERYWHERE, "accent-soft"], kind: "text" },
    { text: [...TONES], on: EVERYWHERE, kind: "text" },
    ...TONES.map((tone) => ({ text: [tone, "text", "muted"], on: [`${tone}-soft`], kind: "text" as const })),
    { text: ["accent"], on: ["bad-soft"], kind: "text" },
    { text: ["on-accent"], on: ["accent-fill", "accent-fill-hover"], kind: "text" },
    { text: ["on-bad"], on: ["bad-fill"], kind: "text" },
    { text: CODE, on: ["sunken", "surface"], kind: "text" },
    { text: ["text", "muted"], on: ["added-soft", "removed-soft"], kind: "text" },
    { text: ["text"], on: ["added-strong", "removed-strong"], kind: "text" },
    { text: ["good"], on: ["added-soft"], kind: "text" },
    { text: ["bad"], on: ["removed-soft"], kind: "text" },
    { text: ["on-heat-low"], on: ["heat-1", "heat-2", "heat-3"], kind: "text" },
    { text: ["on-heat-high"], on: ["heat-4", "heat-5", "heat-6"], kind: "text" },
    { text: SERIES, on: [...PAGE, "surface", "glass over ground"], kind: "ui" },
    { text: ["line-strong"], on: [...PAGE, "surface", "raised", "sunken", "field"], kind: "ui" },
    { text: ["accent-fill"], on: [...PAGE, "surface", "raised", "sunken", "neutral-soft"], kind: "ui" },
    { text: ["focus"], on: [...PAGE, ...PANES, "accent-soft"], kind: "ui" },
    { text: ["seed"], on: ["ground", "surface"], kind: "ui" },
  ],
  // Hairlines and edges part what is apart anyway; a veil only darkens what is out of reach.
  decoration: ["line", "glass-edge", "veil"],
};
