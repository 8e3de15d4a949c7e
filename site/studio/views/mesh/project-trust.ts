// A project's keys as the API lists them, as the trust record that a check needs.
import type * as z from "zod";
import type { projectKeysSchema } from "../../../../schemas/api/access.ts";
import type { TrustRecord } from "../../../../schemas/trust.ts";

export type ProjectKeys = z.infer<typeof projectKeysSchema>;

export function trustOfProject({ items, revision, thresholds }: ProjectKeys): TrustRecord {
  const keys = items.map(({ keyId, publicKey, name, roles, state }) => {
    return { keyId, publicKey, name, roles, ...(state === undefined ? {} : { state }) };
  });
  return { revision, thresholds, keys };
}
