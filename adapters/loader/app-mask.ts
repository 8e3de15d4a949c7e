// What is taken out of everything that comes from an app before it is written down: the values of its own secrets.
import { createMask, type Mask } from "../../core/secrets/mask.ts";

const MAX_MASKS = 500;

const masks = new Map<string, Mask>();

/** The mask of an isolate, made once. */
export function keepMask(isolateId: string, secretValues: readonly string[]): Mask {
  const known = masks.get(isolateId);
  if (known !== undefined) return known;
  const mask = createMask(secretValues);
  if (masks.size >= MAX_MASKS) masks.clear();
  masks.set(isolateId, mask);
  return mask;
}

/** The mask of an isolate that was started from here; null when it is not at hand. */
export function peekMask(isolateId: string): Mask | null {
  return masks.get(isolateId) ?? null;
}
