// The page at /verify: evidence and capsules are checked here, in the browser, by the same core as everywhere. Nothing is
// sent.
import { h, render } from "preact";
import { webHashing } from "../../core/capsule/web-hashing.ts";
import { CAPSIM_LIMITS } from "../../core/mesh/capsim.ts";
import { type Rerun, verifyCapsim } from "../../core/mesh/verify-capsim.ts";
import type { CapsimReport, CapsimStep } from "../../schemas/capsim.ts";
import type { TrustRecord } from "../../schemas/trust.ts";
import { CapsReport } from "../verification/caps-report.tsx";
import { CapsVerifier } from "../verification/caps-verifier.ts";
import { sayBytes } from "../verification/say-bytes.ts";
import { readKeys } from "./read-keys.ts";

const VERDICTS = { pass: "Sound evidence", fail: "Not what it says", undecidable: "Not decidable" } as const;
const MARKS = { pass: "✓", fail: "✗", skip: "–" } as const;
const STATES = { pass: "passed", fail: "failed", skip: "open" } as const;
const MAX_REASONS = 5;
/** What a ZIP archive, and so every `.caps`, begins with. */
const ZIP_SIGNATURE = [0x50, 0x4b, 0x03, 0x04] as const;

const form = find("form", HTMLFormElement);
const fileInput = find("#evidence", HTMLInputElement);
const drop = find(".drop", HTMLElement);
const fileName = find("#file-name", HTMLElement);
const keysInput = find("#keys", HTMLTextAreaElement);
const rerunInput = find("#rerun", HTMLInputElement);
const report = find("#report", HTMLElement);
const capsuleReport = find("#capsule-report", HTMLElement);
const status = find("#status", HTMLElement);

let chosen: File | null = null;
/** Its worker is fetched with the page, so that capsules are checked without a network too. */
const verifier = new CapsVerifier();
/** Fetched once the page stands, so that simulating again works without a network too. */
let simulator: Promise<Rerun> | null = null;

fileInput.addEventListener("change", () => void choose(fileInput.files?.[0] ?? null));
keysInput.addEventListener("change", () => void check());
rerunInput.addEventListener("change", () => void check());
form.addEventListener("submit", (event) => {
  event.preventDefault();
  void check();
});
for (const type of ["dragover", "dragleave", "drop"]) drop.addEventListener(type, onDrag);
window.addEventListener("load", () => void loadSimulator());
if (document.readyState === "complete") void loadSimulator();

function onDrag(event: Event): void {
  event.preventDefault();
  drop.classList.toggle("over", event.type === "dragover");
  if (event instanceof DragEvent && event.type === "drop") void choose(event.dataTransfer?.files[0] ?? null);
}

async function choose(file: File | null): Promise<void> {
  if (file === null) return;
  chosen = file;
  fileName.textContent = `${file.name} (${file.size.toLocaleString("en")} bytes)`;
  await check();
}

async function check(): Promise<void> {
  report.replaceChildren();
  render(null, capsuleReport);
  verifier.cancel();
  if (chosen === null) {
    status.textContent = "Choose a .caps or .capsim file first.";
    return;
  }
  const trust = await readKeys(keysInput.value);
  if (!trust.ok) {
    status.textContent = trust.reason;
    return;
  }
  const file = chosen;
  const isOfCapsule = await isCapsule(file);
  if (file !== chosen) return;
  if (isOfCapsule) {
    await checkCapsule(file, trust.value);
    return;
  }
  // One byte more than is allowed settles it.
  const bytes = new Uint8Array(await file.slice(0, CAPSIM_LIMITS.bytes + 1).arrayBuffer());
  const rerun = rerunInput.checked ? await loadSimulator() : null;
  status.textContent = rerun === null ? "Checking …" : "Simulating again …";
  const started = performance.now();
  const found = await verifyCapsim(bytes, {
    trust: trust.value,
    hashing: webHashing,
    ...(rerun === null ? {} : { rerun }),
  });
  if (file !== chosen) return;
  const elapsedMs = Math.round(performance.now() - started);
  status.textContent = `Checked in this browser in ${elapsedMs} ms; nothing was sent.`;
  show(found);
}

/** By its name, or by how it begins: a broken capsule is told as one. */
async function isCapsule(file: File): Promise<boolean> {
  if (file.name.endsWith(".caps")) return true;
  const start = new Uint8Array(await file.slice(0, ZIP_SIGNATURE.length).arrayBuffer());
  return ZIP_SIGNATURE.every((byte, index) => start[index] === byte);
}

async function checkCapsule(file: File, trust: TrustRecord | null): Promise<void> {
  const given = { trust, known: [] };
  const started = performance.now();
  status.textContent = "Checking …";
  try {
    const found = await verifier.verify(file, given, (readBytes) => {
      status.textContent = `Checking: ${sayBytes(readBytes)} of ${sayBytes(file.size)} …`;
    });
    // Stopped, for something else was asked meanwhile.
    if (found === null) return;
    const elapsedMs = Math.max(1, Math.round(performance.now() - started));
    status.textContent = `Checked in this browser in ${elapsedMs} ms; nothing was sent.`;
    render(h(CapsReport, { check: found, given, truster: "you", headingLevel: 2 }), capsuleReport);
  } catch (error) {
    status.textContent = error instanceof Error ? error.message : String(error);
  }
}

function loadSimulator(): Promise<Rerun> {
  simulator ??= import("../../core/mesh/rerun-capsim.ts").then(({ createRerun }) =>
    createRerun({ takeTurn: () => new Promise((resolve) => setTimeout(resolve)) }),
  );
  return simulator;
}

function show(found: CapsimReport): void {
  const heading = element("h2", VERDICTS[found.verdict], `verdict ${found.verdict}`);
  const steps = document.createElement("ol");
  addTo(steps, ...found.steps.map(describeStep));
  report.replaceChildren(heading, ...describeClaims(found), steps);
}

/** What the file claims is told only while nothing in it is wrong. */
function describeClaims({ verdict, claims }: CapsimReport): HTMLElement[] {
  if (verdict === "fail" || claims === null) {
    return [
      element("p", "Believe nothing of what this file says. The step that failed is marked below.", ""),
    ];
  }
  const { capsuleId, kind, outcome, reasons, seedCount, startedAt, capsuleHash, simId } = claims;
  const seeds = `${seedCount} ${seedCount === 1 ? "seed" : "seeds"}`;
  const sentence = `The rehearsal itself (${kind}, ${seeds}, ${startedAt}): ${outcome}.`;
  const facts = document.createElement("dl");
  for (const [name, value] of [
    ["Capsule", capsuleId ?? ""],
    ["Digest", capsuleHash],
    ["Simulation", simId],
  ] as const) {
    addTo(facts, element("dt", name, ""), element("dd", value, "mono"));
  }
  const why = reasons.slice(0, MAX_REASONS).map((reason) => element("p", reason, "muted"));
  const open = verdict === "undecidable" ? "Something could not be decided: see the open steps below. " : "";
  return [element("p", `${open}${sentence}`, `outcome ${outcome}`), ...why, facts];
}

function describeStep({ title, status: state, message, code, expected, actual }: CapsimStep): HTMLElement {
  const item = element("li", "", `step-${state}`);
  const mark = element("span", MARKS[state], "mark");
  mark.setAttribute("aria-hidden", "true");
  const body = document.createElement("div");
  addTo(body, element("strong", title, ""), element("span", ` ${STATES[state]}`, "only-read"));
  const said = message ?? (state === "pass" ? actual : code);
  if (said !== undefined) addTo(body, element("p", said, "muted"));
  if (state !== "pass" && expected !== undefined) addTo(body, element("p", `expected ${expected}`, "mono"));
  if (state !== "pass" && actual !== undefined) addTo(body, element("p", `found ${actual}`, "mono"));
  addTo(item, mark, body);
  return item;
}

function element(name: string, text: string, className: string): HTMLElement {
  const made = document.createElement(name);
  made.textContent = text;
  if (className !== "") made.className = className;
  return made;
}

function find<Kind extends HTMLElement>(selector: string, kind: new () => Kind): Kind {
  const found = document.querySelector(selector);
  if (found instanceof kind) return found;
  throw new Error(`the page has no ${selector}`);
}

/** The runtime's own types know another `append`, so that nodes are added one by one. */
function addTo(parent: HTMLElement, ...children: readonly HTMLElement[]): void {
  for (const child of children) parent.appendChild(child);
}
