// Compiles a capsule that the platform holds, and stores what comes out.
import { digestHex } from "../../core/capsule/digest.ts";
import type { Manifest } from "../../schemas/manifest.ts";
import { fail, ok, type Result } from "../../schemas/result.ts";
import { type BlobReader, getBlob, requireDocument } from "../blobs/blob-store.ts";
import { workerdHashing } from "../hashing/workerd-hashing.ts";
import { storeBuild } from "../loader/build-store.ts";
import { compileApp } from "./compile-app.ts";

export type StoredBuildFacts = {
  readonly artifactDigest: string;
  readonly configurationDigest: string;
  readonly moduleCount: number;
  readonly assetCount: number;
  readonly elapsedMs: number;
  readonly warnings: readonly string[];
};

const MAX_LISTED_FAILURES = 20;

/** Every failure names its file, line and column; the first {@link MAX_LISTED_FAILURES} are told. */
export async function compileStored(
  bucket: R2Bucket,
  capsuleDigest: string,
): Promise<Result<StoredBuildFacts, { readonly code: string; readonly message: string }>> {
  const startedAt = Date.now();
  const manifest = await readStoredManifest(bucket, capsuleDigest);
  const compiled = await compileApp({
    manifest,
    hashing: workerdHashing,
    readFile: async (sha256) => {
      const blob = await getBlob(bucket, sha256);
      if (blob === null) throw new Error(`the stored file ${sha256} is missing`);
      return new Uint8Array(await blob.arrayBuffer());
    },
  });
  if (!compiled.ok) {
    const failures = compiled.reason;
    const lines = failures.slice(0, MAX_LISTED_FAILURES).map((failure) => {
      const place = [failure.path, failure.line, failure.column]
        .filter((part) => part !== undefined)
        .join(":");
      return place === "" ? failure.message : `${place} ${failure.message}`;
    });
    if (failures.length > lines.length) lines.push(`and ${failures.length - lines.length} more`);
    return fail({ code: failures[0]?.code ?? "app-invalid", message: lines.join("\n") });
  }
  const stored = await storeBuild(bucket, compiled.value, workerdHashing);
  return ok({
    ...stored,
    moduleCount: compiled.value.artifact.modules.length,
    assetCount: compiled.value.artifact.assets.length,
    elapsedMs: Date.now() - startedAt,
    warnings: compiled.value.warnings,
  });
}

/** The manifest of an accepted capsule: it was parsed and checked when it was accepted. */
export async function readStoredManifest(bucket: BlobReader, capsuleDigest: string): Promise<Manifest> {
  const bytes = await requireDocument(bucket, "manifests", digestHex(capsuleDigest));
  return JSON.parse(new TextDecoder().decode(bytes));
}
