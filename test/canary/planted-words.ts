// What of a planted secret must be found nowhere: each long word of it, and its digests.
import { createHash } from "node:crypto";
import type { Canary } from "../../core/capsule/secret-fixture.ts";

/** Long enough that no part of it stands anywhere by chance. */
const MIN_NEEDLE_LENGTH = 16;

/** The secret, its SHA-256 in both writings, and itself in base64. */
export function needlesOf({ text }: Canary): string[] {
  const words = text.split(/[\s"'=\\]+/).filter((word) => word.length >= MIN_NEEDLE_LENGTH);
  const secret = words.sort((a, b) => b.length - a.length)[0] ?? text;
  const digests = [text, secret].flatMap((value) => {
    const hash = createHash("sha256").update(value).digest();
    return [
      hash.toString("hex"),
      hash.toString("base64"),
      Buffer.from(value).toString("base64").slice(0, 40),
    ];
  });
  return [secret, ...digests];
}
