// Who signed what in an evidence file: every signature under the key that travels with it, so that no byte is unaccounted
// for; and those that count, under keys that the verifier brought (MESH.md M16, M17; CAPSULE.md S3, S5).
import type { CapsimKey } from "../../schemas/capsim.ts";
import { PREDICATE_MESH_SIM } from "../../schemas/statement.ts";
import { roleSchema } from "../../schemas/trust.ts";
import { fromBase64, toHex } from "../capsule/bytes.ts";
import type { Hashing } from "../hashing.ts";
import { envelopeBytes, type ParsedEnvelope, type VerifyingKey, verifyEnvelope } from "../signing/dsse.ts";
import { keyIdOf } from "../signing/key-format.ts";
import { evaluateThresholds, readTrustedKeys } from "../signing/trust.ts";
import type { CapsimSteps } from "./capsim-steps.ts";
import type { VerifyCapsimOptions } from "./verify-capsim.ts";

/** The step `keys`: exactly the signers' keys, each named by its hash, and every signature valid. */
export async function checkKeys(
  keys: readonly CapsimKey[],
  envelopes: readonly ParsedEnvelope[],
  hashing: Hashing,
  steps: CapsimSteps,
): Promise<void> {
  const carried: VerifyingKey[] = [];
  for (const { keyId, publicKey } of keys) {
    const raw = fromBase64(publicKey);
    if (raw === null || (await keyIdOf(raw, hashing)) !== keyId) {
      steps.fail("keys", { code: "key-id-mismatch", message: `${keyId} is not the id of its key` });
      return;
    }
    if (keyId <= (carried.at(-1)?.keyId ?? "")) {
      steps.fail("keys", { code: "unsorted-keys", message: "the keys are not sorted, or repeat one" });
      return;
    }
    carried.push({ keyId, publicKey: raw });
  }
  const signers = new Set(envelopes.flatMap(({ signatures }) => signatures.map(({ keyId }) => keyId)));
  const unmatched =
    [...signers].find((keyId) => carried.every((key) => key.keyId !== keyId)) ??
    carried.find(({ keyId }) => !signers.has(keyId))?.keyId;
  if (unmatched !== undefined) {
    const message = `${unmatched} has signed and is not among the keys, or the other way round`;
    steps.fail("keys", { code: "key-set-mismatch", message });
    return;
  }
  await checkSignatures(carried, envelopes, steps);
}

/** The step `signatures`: enough keys that the verifier trusts as simulators. */
export async function judgeSigners(
  sealed: ParsedEnvelope,
  { trust, hashing }: VerifyCapsimOptions,
  steps: CapsimSteps,
): Promise<void> {
  if (trust === null) {
    const message = "no key was given, so nobody vouches for the result";
    steps.skip("signatures", { code: "no-key", message });
    return;
  }
  const keys = await readTrustedKeys(trust, hashing);
  if (!keys.ok) {
    steps.fail("signatures", keys.reason);
    return;
  }
  const verified = await verifyEnvelope(sealed, keys.value);
  if (!verified.ok) {
    const code = verified.reason.code === "no-known-key" ? "unknown-signer" : verified.reason.code;
    steps.fail("signatures", { code, message: verified.reason.message });
    return;
  }
  const envelopeSha256 = toHex(await hashing.sha256(envelopeBytes(sealed.envelope)));
  const signatures = verified.value.signers.map(({ keyId }) => ({
    keyId,
    predicateType: PREDICATE_MESH_SIM,
    envelopeSha256,
  }));
  const role = roleSchema.enum.simulator;
  const { outcome, keyIds, requiredCount } = evaluateThresholds(signatures, [], trust, role);
  const counts = { expected: `${role}: ${requiredCount}`, actual: `${role}: ${keyIds.join(", ") || "none"}` };
  if (outcome === "met") {
    steps.pass("signatures", { actual: keyIds.join(", ") });
  } else if (outcome === "undecidable") {
    const message = "a key that signed it is retired since, and the file carries no receipt (CAPSULE.md S9)";
    steps.skip("signatures", { code: "needs-receipt", message, ...counts });
  } else {
    const message = "too few keys that you trust as simulators have signed";
    steps.fail("signatures", { code: "threshold-not-met", message, ...counts });
  }
}

async function checkSignatures(
  carried: readonly VerifyingKey[],
  envelopes: readonly ParsedEnvelope[],
  steps: CapsimSteps,
): Promise<void> {
  for (const envelope of envelopes) {
    const verified = await verifyEnvelope(envelope, carried);
    if (verified.ok) continue;
    steps.fail("keys", verified.reason);
    return;
  }
  steps.pass("keys", { actual: carried.map(({ keyId }) => keyId).join(", ") });
}
