// Bundled for a page: runs the cases there with what a browser has, and says which did not come out as listed.
import { fromBase64 } from "../../core/capsule/bytes.ts";
import { inChunks } from "../../core/capsule/capsule-fixture.ts";
import { verifyContainer } from "../../core/capsule/verify-capsule.ts";
import { webHashing } from "../../core/capsule/web-hashing.ts";
import { keyPairFromSeed, signEd25519, verifyEd25519 } from "../../core/signing/ed25519.ts";
import type { ListedCase, Listing } from "./conformance-listing.ts";

async function findWrongCases(
  { cases, trust }: Listing,
  encodedByName: Readonly<Record<string, string>>,
): Promise<string[]> {
  const wrong: string[] = [];
  for (const listed of cases) {
    const bytes = fromBase64(encodedByName[listed.name] ?? "=");
    if (bytes === null) throw new Error(`there is no ${listed.name}`);
    const { verdict, steps } = await verifyContainer(inChunks(bytes), { trust, hashing: webHashing });
    const failed = steps.find(({ id }) => id === listed.step);
    if (verdict !== listed.verdict || !isAsListed(failed, listed)) wrong.push(`${listed.name}: ${verdict}`);
  }
  return wrong;
}

function isAsListed(
  failed:
    | { readonly status: string; readonly code?: string | undefined; readonly message?: string | undefined }
    | undefined,
  { step, code, message = "" }: ListedCase,
): boolean {
  if (step === undefined) return true;
  return failed?.status === "fail" && failed.code === code && (failed.message ?? "").includes(message);
}

/** Whether a signature that is made here is valid here, and another message is not. */
async function canSign(): Promise<boolean> {
  const pair = await keyPairFromSeed(new Uint8Array(32).fill(7));
  const message = new TextEncoder().encode("message");
  const signature = await signEd25519(message, pair);
  const isValid = await verifyEd25519(signature, message, pair.publicKey);
  return isValid && !(await verifyEd25519(signature, message.subarray(1), pair.publicKey));
}

Object.assign(globalThis, { findWrongCases, canSign });
