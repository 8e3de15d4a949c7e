// What of a planted secret must not be found anywhere: its bytes, and each form in which programs usually print it.
import { encodedForms, formsOf } from "../../core/secrets/mask.ts";

/** A secret, and what to call it when it is found. */
export type Canary = { readonly name: string; readonly value: string | Uint8Array };

type Needle = { readonly name: string; readonly bytes: Buffer };

/** Shorter, and it would be found by chance. */
const MIN_NEEDLE_BYTES = 12;

/** Finds any of many needles in one pass: only where two bytes begin one, more is compared. */
export class NeedleSearch {
  readonly #byStart = new Map<number, Needle[]>();
  readonly #starts = new Uint8Array(65_536);
  readonly maxBytes: number;

  constructor(canaries: readonly Canary[]) {
    const needles = canaries.flatMap(needlesOf);
    this.maxBytes = Math.max(0, ...needles.map(({ bytes }) => bytes.length));
    for (const needle of needles) {
      const start = needle.bytes.readUInt16BE(0);
      this.#starts[start] = 1;
      this.#byStart.set(start, [...(this.#byStart.get(start) ?? []), needle]);
    }
  }

  /** Names of the canaries that stand in these bytes. */
  find(bytes: Uint8Array): Set<string> {
    const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const found = new Set<string>();
    let start = buffer[0] ?? 0;
    for (let index = 1; index < buffer.length; index += 1) {
      start = ((start << 8) | (buffer[index] ?? 0)) & 0xffff;
      if (this.#starts[start] === 0) continue;
      for (const { name, bytes: needle } of this.#byStart.get(start) ?? []) {
        if (
          buffer.compare(
            needle,
            0,
            needle.length,
            index - 1,
            Math.min(buffer.length, index - 1 + needle.length),
          ) === 0
        )
          found.add(name);
      }
    }
    return found;
  }
}

function needlesOf({ name, value }: Canary): Needle[] {
  const forms = typeof value === "string" ? formsOf(value) : encodedForms(value);
  const all = [...(typeof value === "string" ? [] : [value]), ...forms].map((form) => Buffer.from(form));
  return all.filter(({ length }) => length >= MIN_NEEDLE_BYTES).map((bytes) => ({ name, bytes }));
}
