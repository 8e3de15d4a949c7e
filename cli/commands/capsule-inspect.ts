// `oursynth capsule inspect FILE`: what is in a capsule, without judging who signed it.
import { resolve } from "node:path";
import type { Command } from "commander";
import { nodeHashing } from "../../adapters/hashing/node-hashing.ts";
import { toHex } from "../../core/capsule/bytes.ts";
import { findSbom } from "../../core/capsule/sbom/attach-sbom.ts";
import { type ListedComponent, readSbom } from "../../core/capsule/sbom/read-sbom.ts";
import { decodeEnvelope, envelopeBytes, readStatement } from "../../core/signing/dsse.ts";
import type { Manifest, ManifestFile } from "../../schemas/manifest.ts";
import type { Envelope, Statement } from "../../schemas/statement.ts";
import { type CommandContext, type ContextOf, examples } from "../command-context.ts";
import { formatCount, formatSize, formatTime, printable } from "../output/format.ts";
import { formatTable } from "../output/table.ts";
import { type OpenCapsule, totalSizeBytes } from "../push/open-capsule.ts";
import { readCapsuleFile } from "../push/read-capsule-file.ts";

type DescribedEnvelope = {
  readonly sha256: string;
  /** Null when the payload is no statement. */
  readonly predicateType: string | null;
  readonly keyIds: readonly string[];
  readonly statement: Statement | null;
};

export function addCapsuleInspect(parent: Command, contextOf: ContextOf): void {
  parent
    .command("inspect")
    .description(
      "show the manifest, the files and the envelopes of a capsule; signatures are shown, not checked",
    )
    .argument("<FILE>")
    .addHelpText(
      "after",
      examples(
        "oursynth capsule inspect my-app-1.0.0.caps",
        "oursynth capsule inspect my-app-1.0.0.caps --json",
      ),
    )
    .action((file: string, _options: unknown, command: Command) => inspect(contextOf(command), file));
}

async function inspect({ reporter, cwd }: CommandContext, file: string): Promise<void> {
  const capsule = await readCapsuleFile(resolve(cwd, file));
  const envelopes = await Promise.all(capsule.envelopes.map(describeEnvelope));
  const { manifest, capsuleDigest, contentDigest, settingsDigest } = capsule;
  const sbom = readCarriedSbom(capsule);
  reporter.result(
    {
      capsuleDigest,
      contentDigest,
      settingsDigest,
      fileCount: manifest.files.length,
      sizeBytes: totalSizeBytes(manifest),
      manifest,
      envelopes,
      sbom,
    },
    [
      ...formatTable(factsOf(capsule)),
      "",
      ...fileTree(manifest.files),
      ...(sbom === null ? [] : ["", ...sbomLines(sbom)]),
      "",
      ...(envelopes.length === 0 ? ["no envelopes: nobody has signed it"] : envelopeLines(envelopes)),
    ],
  );
}

/** Null when the capsule carries none that can be read. */
function readCarriedSbom({ manifest, blobs }: OpenCapsule): readonly ListedComponent[] | null {
  const blob = blobs.get(findSbom(manifest)?.sha256 ?? "");
  if (blob === undefined || !("bytes" in blob)) return null;
  const listed = readSbom(blob.bytes);
  return listed.ok ? listed.value : null;
}

function sbomLines(components: readonly ListedComponent[]): string[] {
  const rows = components.map(({ name, version, license, scope }) => [
    printable(name),
    printable(version),
    printable(license ?? "(no licence given)"),
    scope === "required" ? "" : printable(scope),
  ]);
  return [`made of ${formatCount(components.length, "package")}`, ...formatTable(rows, "  ")];
}

async function describeEnvelope(envelope: Envelope): Promise<DescribedEnvelope> {
  const decoded = decodeEnvelope(envelope);
  const statement = decoded.ok ? readStatement(decoded.value) : null;
  return {
    sha256: toHex(await nodeHashing.sha256(envelopeBytes(envelope))),
    predicateType: statement?.ok ? statement.value.predicateType : null,
    keyIds: envelope.signatures.map(({ keyid }) => keyid),
    statement: statement?.ok ? statement.value : null,
  };
}

function factsOf({ manifest, capsuleDigest, contentDigest }: OpenCapsule): string[][] {
  const { app, createdBy, rights, build } = manifest;
  const rows: [string, string][] = [
    ["capsule", manifest.id],
    ["name", manifest.name],
    ["digest", capsuleDigest],
    ["content", contentDigest],
    [
      "created",
      formatTime(manifest.createdAt) + (createdBy === null ? "" : ` by ${createdBy.name} (a label)`),
    ],
    ["app", [app.framework, app.entry, app.assets?.directory].filter(Boolean).join(", ")],
    ["runtime", [app.runtime.compatibilityDate, ...app.runtime.compatibilityFlags].join(" ")],
    ["env", Object.keys(app.env).sort().join(", ")],
    ["secrets", app.secrets.join(", ")],
    ["outbound", app.outbound.join(", ")],
    ["services", manifest.services.map(({ name, type }) => `${name} (${type})`).join(", ")],
    ["build", build.steps.join(" && ")],
    ["licence", rights.license],
    ["platform", manifest.compatibility.platform],
    ["parents", manifest.parents.join(" ")],
    ["documents", manifest.attestations.map(({ path, type }) => `${path} (${type})`).join(", ")],
  ];
  return rows.filter(([, value]) => value !== "").map(([name, value]) => [name, printable(value)]);
}

function fileTree(files: Manifest["files"]): string[] {
  const total = files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  const lines = [`${formatCount(files.length, "file")}, ${formatSize(total)}`];
  const sizes = files.map(({ sizeBytes }) => formatSize(sizeBytes));
  const width = Math.max(0, ...sizes.map(({ length }) => length));
  let above: readonly string[] = [];
  for (const [index, file] of files.entries()) {
    const folders = file.path.split("/").slice(0, -1);
    const sharedCount = countShared(above, folders);
    for (const [depth, folder] of folders.entries())
      if (depth >= sharedCount)
        lines.push(`${" ".repeat(width + 4)}${"  ".repeat(depth)}${printable(folder)}/`);
    lines.push(fileLine(file, sizes[index] ?? "", width, folders.length));
    above = folders;
  }
  return lines;
}

function countShared(a: readonly string[], b: readonly string[]): number {
  let count = 0;
  while (count < a.length && a[count] === b[count]) count++;
  return count;
}

function fileLine(file: ManifestFile, size: string, width: number, depth: number): string {
  const name = printable(file.path.slice(file.path.lastIndexOf("/") + 1));
  const mark = file.mode === "executable" ? "*" : "";
  return `  ${size.padStart(width)}  ${"  ".repeat(depth)}${name}${mark}`;
}

function envelopeLines(envelopes: readonly DescribedEnvelope[]): string[] {
  const rows = envelopes.flatMap(({ predicateType, keyIds }) =>
    keyIds.map((keyId) => [printable(predicateType ?? "(no statement)"), `signed in the name of ${keyId}`]),
  );
  return [`${formatCount(envelopes.length, "envelope")} (not verified here)`, ...formatTable(rows, "  ")];
}
