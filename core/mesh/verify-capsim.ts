// Checks an evidence file without any network (MESH.md M17), step by step: its bytes, who signed what, and that result,
// statement and capsule belong together. Keys that travel in the file are only looked at.
import {
  CAPSIM_TYPE,
  type Capsim,
  type CapsimReport,
  type CapsimStep,
  capsimSchema,
} from "../../schemas/capsim.ts";
import type { Manifest } from "../../schemas/manifest.ts";
import type { MeshSimResult } from "../../schemas/mesh-result.ts";
import { PREDICATE_MESH_SIM, type Statement } from "../../schemas/statement.ts";
import type { TrustRecord } from "../../schemas/trust.ts";
import { canonicalBytes, canonicalJson, parseCanonicalJson } from "../capsule/canonical-json.ts";
import { computeCapsuleDigest, digestHex } from "../capsule/digest.ts";
import { checkManifest } from "../capsule/manifest.ts";
import { SIGNATURE_STEPS } from "../capsule/verification-steps.ts";
import { verifyCapsule } from "../capsule/verify-capsule.ts";
import type { Hashing } from "../hashing.ts";
import { decodeEnvelope, type ParsedEnvelope, readStatement } from "../signing/dsse.ts";
import { CAPSIM_LIMITS, hashEnvelopes } from "./capsim.ts";
import { checkKeys, judgeSigners } from "./capsim-signers.ts";
import { type CapsimStepDetails, CapsimSteps } from "./capsim-steps.ts";

/** What a rerun is given: all of it has been checked. */
export type RerunInput = {
  readonly result: MeshSimResult;
  readonly manifest: Manifest;
  /** Whether trusted keys vouch for the capsule: what the nodes' signature verdicts can be held against. */
  readonly isCapsuleTrusted: boolean;
};

/** Runs the simulator again; `rerunCapsim` is one. An argument, so that who does not rerun need not load the simulator. */
export type Rerun = (input: RerunInput, hashing: Hashing) => Promise<Omit<CapsimStep, "id" | "title">>;

export type VerifyCapsimOptions = {
  /** The keys that the verifier was given; null leaves the signatures undecided. */
  readonly trust: TrustRecord | null;
  readonly hashing: Hashing;
  readonly rerun?: Rerun;
};

type OpenedCapsim = {
  readonly file: Capsim;
  readonly manifest: Manifest;
  readonly sealed: ParsedEnvelope;
  readonly statement: Statement;
  readonly capsuleEnvelopes: readonly ParsedEnvelope[];
};

/** Gives every step; bad input never throws. */
export async function verifyCapsim(bytes: Uint8Array, options: VerifyCapsimOptions): Promise<CapsimReport> {
  const steps = new CapsimSteps();
  const opened = await openCapsim(bytes, options.hashing, steps);
  if (opened === null) return steps.report(null, options.rerun !== undefined);
  const { file, manifest, sealed, statement, capsuleEnvelopes } = opened;
  await checkKeys(file.keys, [sealed, ...capsuleEnvelopes], options.hashing, steps);
  await judgeSigners(sealed, options, steps);
  checkStatement(file, statement, sealed, steps);
  await checkSubject(file.result, statement, manifest, options.hashing, steps);
  const isCapsuleTrusted = await checkCapsuleSignatures(opened, options, steps);
  tellHealth(file.result, sealed, steps);
  // What is forged is not worth a run.
  if (options.rerun !== undefined && !steps.hasFailed) {
    const input = { result: file.result, manifest, isCapsuleTrusted };
    steps.record("rerun", await options.rerun(input, options.hashing));
  }
  return steps.report(describeClaims(file.result, manifest), options.rerun !== undefined);
}

/** Limits, canonical bytes and schema; null when one of them fails. */
async function openCapsim(
  bytes: Uint8Array,
  hashing: Hashing,
  steps: CapsimSteps,
): Promise<OpenedCapsim | null> {
  const json = parseCanonicalJson(bytes, {
    maxBytes: CAPSIM_LIMITS.bytes,
    maxDepth: CAPSIM_LIMITS.jsonDepth,
  });
  if (!json.ok) {
    const { code, message } = json.reason;
    const isLimit = code === "too-large" || code === "too-deep";
    steps.fail(isLimit ? "limits" : "canonical", { code: isLimit ? "limit" : code, message });
    return null;
  }
  steps.pass("limits", { actual: `${bytes.length} bytes` });
  const type = (json.value as { readonly _type?: unknown } | null)?._type;
  if (type !== CAPSIM_TYPE) {
    const actual = JSON.stringify(type) ?? "(none)";
    steps.fail("schema", {
      code: "not-a-capsim",
      message: "this is no evidence file",
      expected: CAPSIM_TYPE,
      actual,
    });
    return null;
  }
  const shaped = capsimSchema.safeParse(json.value);
  if (!shaped.success) {
    const issue = shaped.error.issues[0];
    const message = `${issue?.path.join(".") ?? ""}: ${issue?.message ?? "wrong shape"}`;
    steps.fail("schema", { code: "invalid-capsim", message });
    return null;
  }
  // Not the parsed form, in which zod has filled in defaults: what was signed is what is compared.
  return await openParts({ ...shaped.data, ...(json.value as Pick<Capsim, "result">) }, hashing, steps);
}

async function openParts(file: Capsim, hashing: Hashing, steps: CapsimSteps): Promise<OpenedCapsim | null> {
  const manifest = checkManifest(file.capsule.manifest);
  if (!manifest.ok) {
    const issue = manifest.reason.issues[0];
    const message = `capsule.manifest.${issue?.path ?? ""}: ${issue?.message ?? "is not valid"}`;
    steps.fail("schema", { code: "invalid-manifest", message });
    return null;
  }
  const sealed = decodeEnvelope(file.envelope);
  const capsuleEnvelopes = [];
  for (const envelope of file.capsule.envelopes) {
    const decoded = decodeEnvelope(envelope);
    if (!decoded.ok) {
      steps.fail("canonical", decoded.reason);
      return null;
    }
    capsuleEnvelopes.push(decoded.value);
  }
  if (!sealed.ok) {
    steps.fail("canonical", sealed.reason);
    return null;
  }
  const statement = readStatement(sealed.value);
  if (!statement.ok) {
    steps.fail("schema", statement.reason);
    return null;
  }
  const hashes = await hashEnvelopes(capsuleEnvelopes, hashing);
  if (hashes.some((hash, index) => index > 0 && hash <= (hashes[index - 1] ?? ""))) {
    const message = "the capsule's envelopes are not sorted by the hash of their bytes, or repeat one";
    steps.fail("canonical", { code: "unsorted-envelopes", message });
    return null;
  }
  steps.pass("canonical");
  steps.pass("schema");
  return {
    file,
    manifest: manifest.value,
    sealed: sealed.value,
    statement: statement.value,
    capsuleEnvelopes,
  };
}

/** `result` is what was signed, of the right kind, and names those who signed it. */
function checkStatement(
  { result, keys }: Capsim,
  { predicateType, predicate }: Statement,
  sealed: ParsedEnvelope,
  steps: CapsimSteps,
): void {
  if (predicateType !== PREDICATE_MESH_SIM) {
    const message = "the statement is of another kind";
    steps.fail("statement", {
      code: "wrong-predicate",
      message,
      expected: PREDICATE_MESH_SIM,
      actual: predicateType,
    });
    return;
  }
  if (canonicalJson(result) !== canonicalJson(predicate)) {
    const message = `${findDifference(result, predicate)} is not what was signed`;
    steps.fail("statement", { code: "result-mismatch", message });
    return;
  }
  const signers = new Set(sealed.signatures.map(({ keyId }) => keyId));
  const named = keys.filter(({ keyId }) => signers.has(keyId)).map(({ publicKey }) => publicKey);
  if (canonicalJson([...result.signedBy].sort()) !== canonicalJson(named.sort())) {
    const message = "signedBy names other keys than those that signed";
    steps.fail("statement", { code: "signer-mismatch", message });
    return;
  }
  steps.pass("statement");
}

/** The first field in which the two differ. */
function findDifference(result: MeshSimResult, predicate: Readonly<Record<string, unknown>>): string {
  const fields = [...new Set([...Object.keys(result), ...Object.keys(predicate)])].sort();
  const own: Readonly<Record<string, unknown>> = result;
  const field = fields.find(
    (name) => canonicalJson(own[name] ?? null) !== canonicalJson(predicate[name] ?? null),
  );
  return `result.${field ?? ""}`;
}

/** Result, statement and the capsule that is carried are about one digest. */
async function checkSubject(
  result: MeshSimResult,
  { subject: [subject] }: Statement,
  manifest: Manifest,
  hashing: Hashing,
  steps: CapsimSteps,
): Promise<void> {
  const actual = await computeCapsuleDigest(manifest, hashing);
  const expected = result.capsuleHash;
  if (expected !== actual) {
    const message = "the result is about another capsule than the one in the file";
    steps.fail("capsule", { code: "capsule-mismatch", message, expected, actual });
  } else if (`${subject.name} ${subject.digest.sha256}` !== `${manifest.id} ${digestHex(expected)}`) {
    const message = "the statement is about another capsule than its result";
    const told = {
      expected: `${manifest.id} ${expected}`,
      actual: `${subject.name} sha256:${subject.digest.sha256}`,
    };
    steps.fail("capsule", { code: "subject-mismatch", message, ...told });
  } else {
    steps.pass("capsule", { actual });
  }
}

/** The capsule's own envelopes by the verifier that lets capsules in. Its files are not here, and are not asked for. */
async function checkCapsuleSignatures(
  { file, manifest, capsuleEnvelopes }: OpenedCapsim,
  { trust, hashing }: VerifyCapsimOptions,
  steps: CapsimSteps,
): Promise<boolean> {
  if (capsuleEnvelopes.length === 0) {
    const message = "the file carries no signature of the capsule that could be checked";
    steps.skip("capsule-signatures", { code: "unsigned", message });
    return false;
  }
  const report = await verifyCapsule(
    {
      manifestBytes: canonicalBytes(file.capsule.manifest),
      envelopes: capsuleEnvelopes.map(({ envelope }) => canonicalBytes(envelope)),
      attestations: null,
      files: null,
    },
    { trust, hashing, expectedDigest: await computeCapsuleDigest(manifest, hashing) },
  );
  const asked = report.steps.filter(({ id }) => SIGNATURE_STEPS.includes(id));
  const failed = asked.find(({ status, code }) => status === "fail" && code !== "unknown-signer");
  // A stranger who trusts the simulator need not know who built the capsule; then nothing is said about it.
  const open = asked.find(({ status, code }) => status === "skip" || code === "unknown-signer");
  if (failed !== undefined) steps.fail("capsule-signatures", detailsOf(failed));
  else if (open !== undefined && asked.some(({ status }) => status !== "pass")) {
    steps.skip("capsule-signatures", {
      code: open.code ?? "no-key",
      message: `valid, but by keys that you did not name as trusted builders: ${signersOf(capsuleEnvelopes).join(", ")}`,
    });
  } else {
    const { actual } = asked.find(({ id }) => id === "thresholds") ?? {};
    steps.pass("capsule-signatures", actual === undefined ? {} : { actual });
    return true;
  }
  return false;
}

/** Whether an app answered is somebody's word: it cannot be had again from a file. */
function tellHealth(
  { observedBy, observations }: MeshSimResult,
  sealed: ParsedEnvelope,
  steps: CapsimSteps,
): void {
  const healthyCount = observations.filter(({ healthy }) => healthy).length;
  const verdicts = `${healthyCount} of ${observations.length} healthy`;
  const message = `${verdicts}: attested by ${signersOf([sealed]).join(", ")} (observed by ${observedBy === "platform" ? "the platform" : "an external runner"}), not observed again`;
  steps.skip("health", { code: "attested", message });
}

function signersOf(envelopes: readonly ParsedEnvelope[]): string[] {
  const keyIds = envelopes.flatMap(({ signatures }) => signatures.map(({ keyId }) => keyId));
  return [...new Set(keyIds)].sort();
}

function detailsOf({ code, message, expected, actual }: CapsimStepDetails): CapsimStepDetails {
  const all = { code, message, expected, actual };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
}

function describeClaims(result: MeshSimResult, manifest: Manifest): CapsimReport["claims"] {
  const { simId, capsuleHash, kind, outcome, reasons, observedBy, runs, simulatorVersion, startedAt } =
    result;
  const what = { simId, capsuleHash, capsuleId: manifest.id, kind, outcome, reasons, observedBy };
  return { ...what, seedCount: runs.length, simulatorVersion, startedAt };
}
