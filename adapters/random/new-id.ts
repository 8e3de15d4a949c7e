// Ids from the runtime's cryptographic source.
import { createId, type IdKind } from "../../schemas/ids.ts";

export function randomBytes(count: number): Uint8Array {
  return crypto.getRandomValues(new Uint8Array(count));
}

/** A new id of this kind (schemas/ids.ts). */
export function newId(kind: IdKind): string {
  return createId(kind, randomBytes);
}
