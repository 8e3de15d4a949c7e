// A stored capsule as a `.caps`, streamed: the CRCs that ZIP wants in front of each file were computed at PUT.
import { containerSizeBytes, writeContainer } from "../../core/capsule/container-writer.ts";
import { digestHex } from "../../core/capsule/digest.ts";
import { PREDICATE_PROVENANCE } from "../../schemas/statement.ts";
import { getBlob, requireDocument } from "../blobs/blob-store.ts";
import { ReadAhead } from "../blobs/read-ahead.ts";
import { readStoredManifest } from "../build/compile-stored.ts";
import { findPossessed } from "../database/blobs.ts";
import { listStatements } from "../database/capsules.ts";
import { workerdHashing } from "../hashing/workerd-hashing.ts";
import { takeTurns } from "../streams/take-turns.ts";
import type { StoredCapsule } from "./verify-stored.ts";

/** @param isComplete all statements travel along; by default provenance only (CAPSULE.md K4) */
export async function openContainer(
  env: Pick<Cloudflare.Env, "DB" | "BLOBS">,
  capsule: StoredCapsule,
  isComplete: boolean,
): Promise<{ readonly sizeBytes: number; readonly chunks: AsyncGenerator<Uint8Array> }> {
  const manifest = await readStoredManifest(env.BLOBS, capsule.capsuleDigest);
  const statements = await listStatements(env.DB, capsule, capsule.capsuleDigest);
  const carried = statements.filter((row) => isComplete || row.predicateType === PREDICATE_PROVENANCE);
  const envelopes = await Promise.all(
    carried.map((row) => requireDocument(env.BLOBS, "envelopes", row.envelopeSha256)),
  );
  const require = <Stored>(stored: Stored | null, sha256: string): Stored => {
    if (stored !== null) return stored;
    throw new Error(`the stored file ${sha256} of ${digestHex(capsule.capsuleDigest)} is missing`);
  };
  const attestations = new Map<string, Uint8Array>();
  for (const { path, sha256 } of manifest.attestations) {
    attestations.set(
      path,
      new Uint8Array(await require(await getBlob(env.BLOBS, sha256), sha256).arrayBuffer()),
    );
  }
  const possessed = await findPossessed(
    env.DB,
    capsule,
    manifest.files.map((file) => file.sha256),
  );
  const reader = new ReadAhead(env.BLOBS, manifest.files);
  const places = new Map(manifest.files.map((file, index) => [file.path, index]));
  const documents = { manifest, attestations, envelopes };
  return {
    sizeBytes: containerSizeBytes(documents),
    chunks: takeTurns(
      writeContainer({
        ...documents,
        hashing: workerdHashing,
        contentCheck: "crc32",
        openFile: async (file) => require(await reader.open(places.get(file.path) ?? -1), file.sha256),
        crc32Of: (file) => possessed.get(file.sha256)?.crc32,
      }),
    ),
  };
}
