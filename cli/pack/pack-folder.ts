// From a folder to a capsule: its manifest, its digest and the signed statement of how it was made (CAPSULE.md).
import { randomUUID } from "node:crypto";
import { stat } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import { nodeHashing } from "../../adapters/hashing/node-hashing.ts";
import { allowRules } from "../../core/capsule/allow-rules.ts";
import { completeManifest } from "../../core/capsule/authored-manifest.ts";
import { type DescribedFile, describeFile } from "../../core/capsule/capsule-files.ts";
import {
  computeContentDigest,
  computeSettingsDigest,
  isDigest,
  sealManifest,
} from "../../core/capsule/digest.ts";
import { CAPSULE_LIMITS } from "../../core/capsule/limits.ts";
import { checkManifest, type ManifestIssue } from "../../core/capsule/manifest.ts";
import { isMadeSbom, SBOM_TYPE } from "../../core/capsule/sbom/attach-sbom.ts";
import { findLockfile } from "../../core/capsule/sbom/lockfile.ts";
import { SECRET_RULES_VERSION } from "../../core/capsule/secret-rules.ts";
import { describeFinding, findSecretsInText } from "../../core/capsule/secret-scan.ts";
import { signEnvelope } from "../../core/signing/dsse.ts";
import type { PrivateKey } from "../../core/signing/ed25519.ts";
import { keyIdOf } from "../../core/signing/key-format.ts";
import { createProvenance, createStatement } from "../../core/signing/statement.ts";
import type { AuthoredManifest, Manifest, ManifestAttestation } from "../../schemas/manifest.ts";
import { type Envelope, PREDICATE_PROVENANCE, type ResourceDescriptor } from "../../schemas/statement.ts";
import { CliError, messageOf, usageError } from "../output/cli-error.ts";
import type { CapsuleBlob, OpenCapsule } from "../push/open-capsule.ts";
import { CLI_VERSION } from "../version.ts";
import { type CreatedAt, chooseCreatedAt } from "./created-at.ts";
import { describeFiles } from "./describe-files.ts";
import { readDocuments } from "./documents.ts";
import { describeCommit, type GitWorkTree, readGitWorkTree } from "./git-work-tree.ts";
import { readIgnoreRules } from "./ignore-rules.ts";
import { ImportWatch, type PackedSbom, packSbom } from "./pack-sbom.ts";
import { AUTHORED_MANIFEST, invalidManifest, readManifest } from "./read-manifest.ts";
import { StyleWatch } from "./style-watch.ts";
import { type FoundFile, walkFolder } from "./walk-folder.ts";

export type PackOptions = {
  readonly folder: string;
  /** The authored manifest; `capsule.json` in the folder when left out. */
  readonly manifestFile?: string | undefined;
  /** Signs the provenance; without it there is no envelope. */
  readonly key?: PrivateKey | null | undefined;
  /** Capsule digests. */
  readonly parents?: readonly string[] | undefined;
  /** Why, in the author's words; stands in the signed statement. */
  readonly reason?: string | undefined;
  /** Paths that the secret rules let in, files or folders. */
  readonly allow?: readonly string[] | undefined;
  readonly followSymlinks?: boolean | undefined;
  /** Refuses colours and sizes that stand outside the app's tokens files. */
  readonly lintTokens?: boolean | undefined;
  /** Seconds since the epoch; the environment's SOURCE_DATE_EPOCH when left out. */
  readonly sourceDateEpoch?: string | undefined;
  readonly now?: (() => number) | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((doneCount: number, totalCount: number) => void) | undefined;
};

export type PackedCapsule = OpenCapsule & {
  /** The manifest's canonical form. */
  readonly manifestBytes: Uint8Array;
  /** What `writeContainer` needs beside the files. */
  readonly attestations: ReadonlyMap<string, Uint8Array>;
  /** CRC-32 by path. */
  readonly crc32s: ReadonlyMap<string, number>;
  readonly signerKeyId: string | null;
  readonly createdAtSource: CreatedAt["source"];
  /** Names of variables whose values were moved out of `app.env` (CAPSULE.md C8). */
  readonly redacted: readonly string[];
  readonly sbom: PackedSbom;
};

/**
 * Packs a folder. The files stay where they are and are read once, in constant memory; nothing is written.
 * Throws a CliError for whatever stands in the way, with every path or field that is wrong.
 */
export async function packFolder(options: PackOptions): Promise<PackedCapsule> {
  const now = options.now ?? Date.now;
  const startedAtMs = now();
  await assertFolder(options.folder);
  assertParents(options.parents ?? []);
  assertPublicReason(options.reason);
  const isAllowed = allowRules(options.allow ?? []);
  const isIgnored = await readIgnoreRules(options.folder);
  const { authored, moved } = await readManifest(options.folder, options.manifestFile, isAllowed);
  const brought = { ...authored, attestations: authored.attestations.filter((line) => !isMadeSbom(line)) };
  const documents = new Map(await readDocuments(options.folder, brought, isAllowed));
  // What packing made the last time lies in a folder that was unpacked; it is made anew.
  const remade = new Set(authored.attestations.filter(isMadeSbom).map(({ path }) => path));
  const imports = new ImportWatch();
  const styles = options.lintTokens === true ? new StyleWatch() : null;
  const found = walkFolder({
    folder: options.folder,
    isIgnored: (path, isFolder) => documents.has(path) || remade.has(path) || isIgnored(path, isFolder),
    followSymlinks: options.followSymlinks ?? false,
  });
  const files = await describeFiles(found, {
    isAllowed,
    signal: options.signal,
    onProgress: (doneCount) => options.onProgress?.(doneCount, found.length),
    onText: (path, bytes) => {
      imports.see(path, bytes);
      styles?.see(path, bytes);
    },
  });
  styles?.assertClean(found);
  // The authored manifest is not among the files, and yet decides what the capsule is.
  const workTree = await readGitWorkTree(
    options.folder,
    (path) => path !== AUTHORED_MANIFEST && isIgnored(path, false),
  );
  const createdAt = chooseCreatedAt(
    authored.createdAt,
    options.sourceDateEpoch ?? process.env.SOURCE_DATE_EPOCH,
    workTree,
    now,
  );
  const draft = await buildManifest(brought, options, files, documents, createdAt);
  const sbom = await packSbom(draft, found, imports.names);
  const { manifest, manifestBytes, capsuleDigest } = await sealStored(
    sbom.attached?.manifest ?? draft,
    options,
  );
  if (sbom.attached !== null) documents.set(sbom.attached.document.path, sbom.attached.document.bytes);
  const key = options.key ?? null;
  const envelopes =
    key === null
      ? []
      : [
          await signProvenance({
            manifest,
            capsuleDigest,
            key,
            options,
            workTree,
            sbom,
            startedAtMs,
            finishedAtMs: now(),
          }),
        ];
  return {
    manifest,
    manifestBytes,
    capsuleDigest,
    contentDigest: await computeContentDigest(manifest.files, nodeHashing),
    settingsDigest: await computeSettingsDigest(manifest, nodeHashing),
    envelopes,
    blobs: collectBlobs(manifest, found, documents),
    attestations: documents,
    crc32s: new Map(files.map(({ file, crc32 }) => [file.path, crc32])),
    signerKeyId: key === null ? null : await keyIdOf(key.publicKey, nodeHashing),
    createdAtSource: createdAt.source,
    redacted: moved,
    sbom,
  };
}

async function assertFolder(folder: string): Promise<void> {
  try {
    if ((await stat(folder)).isDirectory()) return;
  } catch (error) {
    throw new CliError(`${folder} cannot be read: ${messageOf(error)}`, {
      hint: "Name the folder that holds the app.",
      cause: error,
    });
  }
  throw new CliError(`${folder} is not a folder.`, { hint: "Name the folder that holds the app." });
}

function assertParents(parents: readonly string[]): void {
  const wrong = parents.find((parent) => !isDigest(parent));
  if (wrong !== undefined)
    throw usageError(
      `The parent ${wrong} is not a capsule digest.`,
      "It is sha256: and 64 lowercase hex digits.",
    );
}

/** The reason stands in the signed statement, and is a branch's message when it is pushed (CAPSULE.md C8). */
export function assertPublicReason(reason = ""): void {
  const [finding] = findSecretsInText(reason);
  if (finding === undefined) return;
  throw usageError(
    `The reason ${describeFinding(finding)}.`,
    "Say why without it: the reason is signed and everybody who has the capsule can read it.",
  );
}

async function buildManifest(
  authored: AuthoredManifest,
  options: PackOptions,
  files: readonly DescribedFile[],
  documents: ReadonlyMap<string, Uint8Array>,
  createdAt: CreatedAt,
): Promise<Manifest> {
  const completed = completeManifest(authored, {
    files: files.map(({ file }) => file),
    folderName: basename(resolve(options.folder)),
    createdAt: createdAt.timeMs,
    parents: options.parents ?? [],
    attestations: await describeDocuments(documents),
  });
  if (!completed.ok) throw noValidCapsule(options, completed.reason.issues);
  return completed.value;
}

/** Checks what every reader will: the rules once more, now that all documents are listed, and the size. */
async function sealStored(manifest: Manifest, options: PackOptions) {
  const checked = checkManifest(manifest);
  if (!checked.ok) throw noValidCapsule(options, checked.reason.issues);
  const sealed = await sealManifest(checked.value, nodeHashing);
  const sizeBytes = sealed.manifestBytes.length;
  if (sizeBytes <= CAPSULE_LIMITS.manifestBytes) return { manifest: checked.value, ...sealed };
  throw new CliError(`The manifest is ${sizeBytes} bytes; ${CAPSULE_LIMITS.manifestBytes} are allowed.`, {
    code: "limit",
  });
}

function noValidCapsule(options: PackOptions, issues: readonly ManifestIssue[]): CliError {
  const path = options.manifestFile ?? join(options.folder, AUTHORED_MANIFEST);
  return invalidManifest(`The folder and its manifest (${path}) make no valid capsule.`, issues);
}

/** Type and meta come from the authored lines, which name the same paths. */
async function describeDocuments(documents: ReadonlyMap<string, Uint8Array>): Promise<ManifestAttestation[]> {
  const described: ManifestAttestation[] = [];
  for (const [path, bytes] of documents) {
    const { file } = await describeFile(path, "file", bytes, nodeHashing);
    described.push({ type: "document", sha256: file.sha256, path, meta: {} });
  }
  return described;
}

type ProvenanceInput = {
  readonly manifest: Manifest;
  readonly capsuleDigest: string;
  readonly key: PrivateKey;
  readonly options: PackOptions;
  readonly workTree: GitWorkTree | null;
  readonly sbom: PackedSbom;
  readonly startedAtMs: number;
  readonly finishedAtMs: number;
};

async function signProvenance(input: ProvenanceInput): Promise<Envelope> {
  const { manifest, capsuleDigest, key, options, workTree, sbom, startedAtMs, finishedAtMs } = input;
  const provenance = createProvenance({
    builderId: `urn:oursynth:cli:${CLI_VERSION}`,
    invocationId: `urn:uuid:${randomUUID()}`,
    startedAtMs,
    finishedAtMs,
    ...(options.reason === undefined ? {} : { reason: options.reason }),
    internalParameters: { secretRules: SECRET_RULES_VERSION },
    resolvedDependencies: [
      ...(workTree === null ? [] : [describeCommit(workTree)]),
      ...describeLockfile(manifest),
      ...(sbom.attached?.resolvedDependencies ?? []),
    ],
    byproducts: manifest.attestations
      .filter(({ type }) => type === SBOM_TYPE)
      .map(({ path, sha256 }) => ({ name: path, digest: { sha256 } })),
  });
  const statement = createStatement(manifest.id, capsuleDigest, PREDICATE_PROVENANCE, provenance);
  return signEnvelope(statement, [key], nodeHashing);
}

function describeLockfile(manifest: Manifest): readonly ResourceDescriptor[] {
  const file = findLockfile(manifest);
  return file === null ? [] : [{ name: file.path, digest: { sha256: file.sha256 } }];
}

function collectBlobs(
  manifest: Manifest,
  found: readonly FoundFile[],
  documents: ReadonlyMap<string, Uint8Array>,
): ReadonlyMap<string, CapsuleBlob> {
  const locations = new Map(found.map(({ path, location }) => [path, location]));
  const blobs = new Map<string, CapsuleBlob>();
  for (const { path, sha256, sizeBytes } of manifest.files) {
    const location = locations.get(path);
    if (location !== undefined) blobs.set(sha256, { location, offset: 0, sizeBytes });
  }
  for (const { path, sha256 } of manifest.attestations) {
    const bytes = documents.get(path);
    if (bytes !== undefined) blobs.set(sha256, { bytes });
  }
  return blobs;
}
