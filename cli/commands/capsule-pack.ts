// `oursynth capsule pack DIR`: a folder becomes a `.caps` (CAPSULE.md).
import { dirname, resolve } from "node:path";
import type { Command } from "commander";
import { type CommandContext, type ContextOf, collect, examples } from "../command-context.ts";
import { formatCount, formatSize } from "../output/format.ts";
import { formatTable } from "../output/table.ts";
import type { PackedCapsule } from "../pack/pack-folder.ts";
import { findSigningKey } from "../pack/signing-key.ts";
import { capsuleFileStem, writeCapsule, writeDetachedCapsule } from "../pack/write-capsule.ts";
import { totalSizeBytes } from "../push/open-capsule.ts";
import { addPackOptions, type PackCommandOptions, packWithWords } from "./pack-options.ts";

type Options = PackCommandOptions & { out?: string; parent?: string[]; detached?: true; lintTokens?: true };

export function addCapsulePack(parent: Command, contextOf: ContextOf): void {
  addPackOptions(
    parent.command("pack").description("pack a folder into a signed, reproducible capsule").argument("<DIR>"),
  )
    .option("--out <file>", "where to write it (default: <slug>-<version>.caps here)")
    .option("--parent <digest>", "the capsule that this one comes from; may be repeated", collect)
    .option(
      "--detached",
      "write <slug>.capsule.json beside it as well: manifest and envelopes without the files",
    )
    .option("--lint-tokens", "refuse colours and sizes that stand outside the app's tokens files")
    .addHelpText(
      "after",
      examples(
        "oursynth capsule pack ./my-app --key key.pem",
        "CAPSULE_SECRET=… SOURCE_DATE_EPOCH=1760000000 oursynth capsule pack ./my-app --out app.caps --json",
      ),
    )
    .action((folder: string, options: Options, command: Command) =>
      pack(contextOf(command), folder, options),
    );
}

async function pack(context: CommandContext, folder: string, options: Options): Promise<void> {
  const { reporter, cwd, environment, signal } = context;
  const signing = await findSigningKey(options.key, environment);
  const packed = await packWithWords(context, options, {
    folder: resolve(cwd, folder),
    key: signing?.key,
    parents: options.parent,
    lintTokens: options.lintTokens,
  });
  const out = resolve(cwd, options.out ?? `${capsuleFileStem(packed.manifest)}.caps`);
  const { sizeBytes } = await writeCapsule(packed, out, signal);
  const detachedFile =
    options.detached === true ? await writeDetachedCapsule(packed, dirname(out), signal) : null;
  if (packed.signerKeyId === null) {
    reporter.note("Not signed: there is no envelope inside. Give --key FILE or CAPSULE_SECRET to sign.");
  }
  reporter.result(
    {
      file: out,
      ...(detachedFile === null ? {} : { detachedFile }),
      id: packed.manifest.id,
      capsuleDigest: packed.capsuleDigest,
      contentDigest: packed.contentDigest,
      settingsDigest: packed.settingsDigest,
      fileCount: packed.manifest.files.length,
      sizeBytes: totalSizeBytes(packed.manifest),
      containerSizeBytes: sizeBytes,
      keyId: packed.signerKeyId,
      createdAt: packed.manifest.createdAt,
      createdAtSource: packed.createdAtSource,
      isReproducible: packed.createdAtSource !== "clock",
      redacted: packed.redacted,
      sbom: describeSbom(packed),
      manifest: packed.manifest,
    },
    describePacked(packed, out, sizeBytes, detachedFile),
  );
}

function describeSbom({ sbom: { attached } }: PackedCapsule) {
  if (attached === null) return null;
  const { path, sha256 } = attached.document;
  return { path, sha256, componentCount: attached.componentCount };
}

function describePacked(
  packed: PackedCapsule,
  out: string,
  sizeBytes: number,
  detachedFile: string | null,
): string[] {
  const { manifest } = packed;
  return formatTable([
    ["capsule", manifest.id],
    ["digest", packed.capsuleDigest],
    ["content", packed.contentDigest],
    ["files", `${formatCount(manifest.files.length, "file")}, ${formatSize(totalSizeBytes(manifest))}`],
    ["made of", formatCount(packed.sbom.attached?.componentCount ?? 0, "package")],
    ["signer", packed.signerKeyId ?? "none"],
    ["written", `${out} (${formatSize(sizeBytes)})`],
    ...(detachedFile === null ? [] : [["detached", detachedFile]]),
  ]);
}
