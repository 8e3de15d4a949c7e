/** Readers of single values from untrusted JSON. Each throws `WireError` with the place that is wrong. */

/** Never leaves this folder: `decodeBook` turns it into a Result. */
export class WireError extends Error {}

export function readArray(value: unknown, place: string, countMax: number): readonly unknown[] {
  if (!Array.isArray(value)) throw new WireError(`${place} is not a list`);
  if (value.length > countMax) throw new WireError(`${place} has more than ${countMax} entries`);
  return value;
}

export function readInteger(value: unknown, place: string, least: number, most: number): number {
  if (typeof value !== "number" || !Number.isSafeInteger(value)) {
    throw new WireError(`${place} is not a whole number`);
  }
  if (value < least || value > most) throw new WireError(`${place} is outside ${least} to ${most}`);
  return value;
}

export function readString(value: unknown, place: string): string {
  if (typeof value !== "string") throw new WireError(`${place} is not a text`);
  return value;
}
