// Subresource integrity, as lockfiles carry it, to the hashes of CycloneDX: base64 becomes hex.
import { fromBase64, toHex } from "../bytes.ts";

export type Hash = { readonly alg: "SHA-1" | "SHA-256" | "SHA-384" | "SHA-512"; readonly content: string };

const ALGORITHMS: ReadonlyMap<string, { readonly alg: Hash["alg"]; readonly sizeBytes: number }> = new Map([
  ["sha1", { alg: "SHA-1", sizeBytes: 20 }],
  ["sha256", { alg: "SHA-256", sizeBytes: 32 }],
  ["sha384", { alg: "SHA-384", sizeBytes: 48 }],
  ["sha512", { alg: "SHA-512", sizeBytes: 64 }],
]);

/** Each hash that is well formed, the strongest first; anything else says nothing and is left out. */
export function hashesOf(integrity: string | null): readonly Hash[] {
  const hashes: Hash[] = [];
  for (const part of (integrity ?? "").split(/\s+/)) {
    const [name = "", rest = ""] = part.split("-", 2);
    const algorithm = ALGORITHMS.get(name);
    const bytes = algorithm === undefined ? null : fromBase64(rest.split("?")[0] ?? "");
    if (algorithm !== undefined && bytes?.length === algorithm.sizeBytes)
      hashes.push({ alg: algorithm.alg, content: toHex(bytes) });
  }
  return hashes.sort((a, b) =>
    a.content.length !== b.content.length
      ? b.content.length - a.content.length
      : a.content < b.content
        ? -1
        : 1,
  );
}
