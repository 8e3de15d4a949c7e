// What looking for secrets costs a pack: 50 MB scanned in chunks, beside one pass that only decodes the same bytes.
import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { SecretScan } from "../core/capsule/secret-scan.ts";
import { type BenchOptions, type Figure, median } from "./figure.ts";

const TOTAL_BYTES = 50 * 1_048_576;
const CHUNK_BYTES = 262_144;
const ROUNDS = 15;
const GOAL_RATIO = 3;
const ROOT = join(import.meta.dirname, "..");
/** Real text: this repository's own lock file and compiled packages. */
const SOURCES = ["package-lock.json", "node_modules/typescript/lib/typescript.js"];

/** Times the scan of source code, of prose-like JSON and of random bytes. */
export async function benchRedaction({ isQuick }: BenchOptions): Promise<readonly Figure[]> {
  const rounds = isQuick ? Math.ceil(ROUNDS / 4) : ROUNDS;
  const figures: Figure[] = [];
  for (const path of SOURCES) figures.push(measure(path, repeat(await readFile(join(ROOT, path))), rounds));
  figures.push(measure("random bytes", new Uint8Array(randomBytes(TOTAL_BYTES)), rounds));
  return figures;
}

function measure(name: string, bytes: Uint8Array, rounds: number): Figure {
  const chunks = Array.from({ length: Math.ceil(bytes.length / CHUNK_BYTES) }, (_, index) =>
    bytes.subarray(index * CHUNK_BYTES, (index + 1) * CHUNK_BYTES),
  );
  const scanMs: number[] = [];
  const decodeMs: number[] = [];
  // In turns, so that a slow moment of the machine hits both; the first round warms up.
  for (let round = -1; round < rounds; round++) {
    const decodeTime = time(() => {
      const decoder = new TextDecoder();
      for (const chunk of chunks) decoder.decode(chunk, { stream: true });
    });
    const scanTime = time(() => {
      const scan = new SecretScan();
      for (const chunk of chunks) scan.add(chunk);
      scan.finish();
    });
    if (round < 0) continue;
    decodeMs.push(decodeTime);
    scanMs.push(scanTime);
  }
  const ratio = median(scanMs) / median(decodeMs);
  return {
    name: `looking for secrets in 50 MB of ${name}, of one decoding pass`,
    value: ratio,
    unit: "×",
    beside: [
      { name: "scan", value: median(scanMs), unit: "ms" },
      { name: "TextDecoder", value: median(decodeMs), unit: "ms" },
    ],
    goal: { text: `≤ ${GOAL_RATIO}×`, isMet: ratio <= GOAL_RATIO },
  };
}

function repeat(bytes: Uint8Array): Uint8Array {
  const whole = new Uint8Array(TOTAL_BYTES);
  for (let at = 0; at < TOTAL_BYTES; at += bytes.length) whole.set(bytes.subarray(0, TOTAL_BYTES - at), at);
  return whole;
}

function time(run: () => void): number {
  const startMs = performance.now();
  run();
  return performance.now() - startMs;
}
