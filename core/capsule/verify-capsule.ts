// Verifies a capsule, loose or in its container, and says of every step how it went (CAPSULE.md §5).
import type { Manifest, ManifestFile } from "../../schemas/manifest.ts";
import { type Role, roleSchema, type TrustRecord } from "../../schemas/trust.ts";
import type { VerificationReport, VerificationStepId } from "../../schemas/verification.ts";
import type { Hashing } from "../hashing.ts";
import type { FindReceipts } from "../signing/receipt.ts";
import { toHex } from "./bytes.ts";
import { describeFile, type FileContent } from "./capsule-files.ts";
import { type ContainerHandlers, type ContainerReason, readContainer } from "./container-reader.ts";
import { toDigest } from "./digest.ts";
import { CAPSULE_LIMITS } from "./limits.ts";
import { parseManifest } from "./manifest.ts";
import { StatementCheck } from "./statement-check.ts";
import { SIGNATURE_STEPS, type StepDetails, VerificationSteps } from "./verification-steps.ts";

/** What a file is proved by: its bytes, or a store that checked their digest when it took them. */
export type SourceFile =
  | { readonly path: string; readonly mode?: ManifestFile["mode"]; readonly content: FileContent }
  | {
      readonly path: string;
      readonly mode?: ManifestFile["mode"];
      readonly stored: true;
      readonly sizeBytes: number;
      readonly sha256: string;
    };

type Sequence<Item> = Iterable<Item> | AsyncIterable<Item>;

/** A capsule as it lies somewhere. `null` means that this part is not at hand, so that it cannot be decided on. */
export type CapsuleSource = {
  readonly manifestBytes: Uint8Array;
  /** The bytes of each envelope, in any order. */
  readonly envelopes: Sequence<Uint8Array>;
  readonly attestations: Sequence<{ readonly path: string; readonly bytes: Uint8Array }> | null;
  /** Exactly the files that are there, in any order: what the manifest does not list fails. */
  readonly files: Sequence<SourceFile> | null;
  /** Whether the capsule of this digest is at hand. */
  hasParent?(capsuleDigest: string): boolean | Promise<boolean>;
};

export type VerifyOptions = {
  /** The keys that the verifier was given; null leaves the signatures undecided. */
  readonly trust: TrustRecord | null;
  readonly expectedDigest?: string;
  readonly hashing: Hashing;
  /** The roles that must have signed; `builder` when left out. */
  readonly policy?: { readonly requires: readonly Role[] };
  /** Receipts from beside the capsule (CAPSULE.md S9). */
  readonly findReceipts?: FindReceipts;
};

export type VerifyContainerOptions = VerifyOptions & ContainerHandlers & Pick<CapsuleSource, "hasParent">;

const STEP_OF_REASON: Readonly<Record<ContainerReason["code"], VerificationStepId>> = {
  limit: "limits",
  "invalid-manifest": "manifest",
  "attestation-mismatch": "attestations",
  "file-mismatch": "files",
  truncated: "container",
  "header-mismatch": "container",
  "crc-mismatch": "container",
  "envelope-mismatch": "container",
  "directory-mismatch": "container",
  "trailing-bytes": "container",
};

/** Steps that no policy can do without. */
const ALWAYS_NEEDED: readonly VerificationStepId[] = [
  "limits",
  "manifest",
  "type",
  "paths",
  "files",
  "attestations",
];
const DEFAULT_REQUIRES: readonly Role[] = [roleSchema.enum.builder];

/**
 * Verifies a capsule that lies loose: in a folder, or in a store. Gives all twelve steps; bad input never throws, only
 * a source that cannot be read does. The step `container` is skipped, and no policy needs it here.
 */
export async function verifyCapsule(
  source: CapsuleSource,
  options: VerifyOptions,
): Promise<VerificationReport> {
  const steps = new VerificationSteps();
  steps.skip("container", { code: "not-a-container", message: "the capsule does not lie in a container" });
  const parsed = parseManifest(source.manifestBytes);
  if (!parsed.ok) {
    steps.failManifest(parsed.reason.issues);
    return steps.report(null, neededSteps(options), "the manifest could not be read");
  }
  const check = await CapsuleCheck.start(parsed.value, source.manifestBytes, steps, options);
  for await (const envelope of source.envelopes) {
    await check.statements.add(envelope);
    if (check.statements.hasTooMany) break;
  }
  await checkAttestations(source.attestations, parsed.value, steps, options.hashing);
  await checkFiles(source.files, parsed.value, steps, options.hashing);
  return check.conclude(source.hasParent?.bind(source));
}

/**
 * Verifies a `.caps` as it streams by, in constant memory, with the same twelve steps. The handlers are called as by
 * `readContainer`: what they are given is proven only by the report's verdict.
 */
export async function verifyContainer(
  chunks: AsyncIterable<Uint8Array>,
  options: VerifyContainerOptions,
): Promise<VerificationReport> {
  const steps = new VerificationSteps();
  let check: CapsuleCheck | null = null;
  const { onFile, onAttestation } = options;
  const result = await readContainer(chunks, {
    hashing: options.hashing,
    async onManifest(manifest, bytes) {
      check = await CapsuleCheck.start(manifest, bytes, steps, options);
      await options.onManifest?.(manifest, bytes);
    },
    async onEnvelope(bytes, sha256) {
      await check?.statements.add(bytes);
      await options.onEnvelope?.(bytes, sha256);
    },
    ...(onAttestation === undefined ? {} : { onAttestation }),
    ...(onFile === undefined ? {} : { onFile }),
  });
  if (result.ok) steps.passOpen(["container", "files", "attestations"]);
  else recordContainerReason(result.reason, steps);
  return concludeContainer(check, steps, options);
}

/** What both ways of verifying share: the manifest's digest, the statements about it, its parents. */
class CapsuleCheck {
  readonly statements: StatementCheck;
  readonly #manifest: Manifest;
  readonly #capsuleDigest: string;
  readonly #steps: VerificationSteps;
  readonly #options: VerifyOptions;

  private constructor(
    manifest: Manifest,
    capsuleDigest: string,
    statements: StatementCheck,
    steps: VerificationSteps,
    options: VerifyOptions,
  ) {
    this.statements = statements;
    this.#manifest = manifest;
    this.#capsuleDigest = capsuleDigest;
    this.#steps = steps;
    this.#options = options;
  }

  /** The manifest is parsed, so its bytes are canonical and their hash is the capsule's digest (CAPSULE.md C2). */
  static async start(
    manifest: Manifest,
    manifestBytes: Uint8Array,
    steps: VerificationSteps,
    options: VerifyOptions,
  ): Promise<CapsuleCheck> {
    const capsuleDigest = toDigest(await options.hashing.sha256(manifestBytes));
    const statements = await StatementCheck.start(manifest, capsuleDigest, options.trust, options.hashing);
    steps.passOpen(["manifest", "type", "paths"]);
    checkDigest(capsuleDigest, options.expectedDigest, steps);
    return new CapsuleCheck(manifest, capsuleDigest, statements, steps, options);
  }

  async conclude(hasParent: CapsuleSource["hasParent"]): Promise<VerificationReport> {
    await this.statements.conclude(
      this.#steps,
      this.#options.policy?.requires ?? DEFAULT_REQUIRES,
      this.#options.findReceipts,
    );
    await checkParents(this.#manifest.parents, hasParent, this.#steps);
    this.#steps.passOpen(["limits"]);
    return this.#steps.report(this.#capsuleDigest, neededSteps(this.#options), "reading stopped before");
  }
}

function neededSteps(options: VerifyOptions): readonly VerificationStepId[] {
  const requires = options.policy?.requires ?? DEFAULT_REQUIRES;
  return requires.length === 0 ? ALWAYS_NEEDED : [...ALWAYS_NEEDED, ...SIGNATURE_STEPS];
}

function checkDigest(actual: string, expected: string | undefined, steps: VerificationSteps): void {
  if (expected === undefined) {
    steps.skip("digest", { code: "no-expectation", message: "no digest was expected", actual });
  } else if (expected === actual) {
    steps.pass("digest", { expected, actual });
  } else {
    steps.fail("digest", { expected, actual, code: "digest-mismatch", message: "this is another capsule" });
  }
}

async function checkParents(
  parents: readonly string[],
  hasParent: CapsuleSource["hasParent"],
  steps: VerificationSteps,
): Promise<void> {
  if (hasParent === undefined && parents.length > 0) {
    steps.skip("parents", { code: "not-at-hand", message: "no place was given to look for parents" });
    return;
  }
  for (const parent of parents) {
    if (!(await hasParent?.(parent))) {
      steps.skip("parents", { code: "not-at-hand", message: "a parent is not at hand", expected: parent });
      return;
    }
  }
  steps.pass("parents", { actual: String(parents.length) });
}

async function checkAttestations(
  attestations: CapsuleSource["attestations"],
  manifest: Manifest,
  steps: VerificationSteps,
  hashing: Hashing,
): Promise<void> {
  const missing = new Map(manifest.attestations.map(({ path, sha256 }) => [path, sha256]));
  if (attestations === null && missing.size > 0) {
    steps.skip("attestations", { code: "not-at-hand", message: "the carried documents are not at hand" });
    return;
  }
  for await (const { path, bytes } of attestations ?? []) {
    const expected = missing.get(path);
    const actual = toHex(await hashing.sha256(bytes));
    if (bytes.length > CAPSULE_LIMITS.documentBytes)
      steps.fail("limits", { code: "limit", message: `${path} is too large` });
    if (expected !== actual) {
      const code = expected === undefined ? "unlisted-attestation" : "attestation-mismatch";
      steps.fail("attestations", {
        code,
        message: path,
        ...(expected === undefined ? {} : { expected }),
        actual,
      });
      return;
    }
    missing.delete(path);
  }
  const [first] = missing.keys();
  if (first === undefined) steps.pass("attestations", { actual: String(manifest.attestations.length) });
  else steps.fail("attestations", { code: "missing-attestation", message: `${first} is missing` });
}

async function checkFiles(
  files: CapsuleSource["files"],
  manifest: Manifest,
  steps: VerificationSteps,
  hashing: Hashing,
): Promise<void> {
  if (files === null && manifest.files.length > 0) {
    steps.skip("files", { code: "not-at-hand", message: "the files are not at hand" });
    return;
  }
  const missing = new Map(manifest.files.map((file) => [file.path, file]));
  for await (const file of files ?? []) {
    const expected = missing.get(file.path);
    if (expected === undefined) {
      steps.fail("files", {
        code: "unlisted-file",
        message: `${file.path} is not in the manifest, or is there twice`,
      });
      return;
    }
    const problem = await compareFile(expected, file, hashing);
    if (problem !== null) {
      steps.fail("files", problem);
      return;
    }
    missing.delete(file.path);
  }
  const [first] = missing.keys();
  if (first === undefined) steps.pass("files", { actual: String(manifest.files.length) });
  else steps.fail("files", { code: "missing-file", message: `${first} is missing` });
}

async function compareFile(
  expected: ManifestFile,
  found: SourceFile,
  hashing: Hashing,
): Promise<StepDetails | null> {
  const mode = found.mode ?? expected.mode;
  if (mode !== expected.mode) {
    return {
      code: "mode-mismatch",
      message: `${found.path} has another mode`,
      expected: expected.mode,
      actual: mode,
    };
  }
  const actual =
    "stored" in found
      ? found
      : (await describeFile(found.path, mode, atMost(found.content, expected.sizeBytes), hashing)).file;
  if (actual.sizeBytes === expected.sizeBytes && actual.sha256 === expected.sha256) return null;
  const message = `${found.path} is not the file that the manifest describes`;
  return { code: "file-mismatch", message, expected: expected.sha256, actual: actual.sha256 };
}

/** One byte more than expected settles it: the rest of a file that is too large is not read. */
function atMost(content: FileContent, sizeBytes: number): FileContent {
  return content instanceof Uint8Array ? content : cutAfter(content, sizeBytes);
}

async function* cutAfter(
  content: AsyncIterable<Uint8Array>,
  sizeBytes: number,
): AsyncGenerator<Uint8Array, void, undefined> {
  let count = 0;
  for await (const chunk of content) {
    yield chunk;
    count += chunk.length;
    if (count > sizeBytes) return;
  }
}

/** Reading stops at the first wrong byte; the step that it belongs to fails, what lies behind stays unchecked. */
function recordContainerReason(reason: ContainerReason, steps: VerificationSteps): void {
  const { code, expected, actual } = reason;
  const details: StepDetails = {
    code,
    message: `${reason.message} (at byte ${reason.offset})`,
    ...(expected === undefined ? {} : { expected }),
    ...(actual === undefined ? {} : { actual }),
  };
  const stepId = STEP_OF_REASON[code];
  if (stepId === "manifest") steps.failManifest(reason.issues ?? []);
  else steps.fail(stepId, details);
  // Files come last: who reads them has read every document.
  if (stepId === "files") steps.passOpen(["attestations"]);
}

function concludeContainer(
  check: CapsuleCheck | null,
  steps: VerificationSteps,
  options: VerifyContainerOptions,
): Promise<VerificationReport> | VerificationReport {
  if (check !== null) return check.conclude(options.hasParent?.bind(options));
  return steps.report(null, neededSteps(options), "the manifest could not be read");
}
