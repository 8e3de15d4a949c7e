// A stored capsule as a `.caps`, streamed: the CRCs that ZIP wants in front of each file were computed at PUT.
import { containerSizeBytes, writeContainer } from "../../core/capsule/container-writer.ts";
import { digestHex } from "../../core/capsule/digest.ts";
import { CAPSULE_LIMITS } from "../../core/capsule/limits.ts";
import { PREDICATE_PROVENANCE } from "../../schemas/statement.ts";
import { getBlob, requireDocument } from "../blobs/blob-store.ts";
import { ReadAhead } from "../blobs/read-ahead.ts";
import { readStoredManifest } from "../build/compile-stored.ts";
import { findPossessed } from "../database/blobs.ts";
import { listStatements } from "../database/capsules.ts";
import { workerdHashing } from "../hashing/workerd-hashing.ts";
import { takeTurns } from "../streams/take-turns.ts";
import type { ReceiptKeeper } from "./find-receipts.ts";
import type { StoredCapsule } from "./verify-stored.ts";

/** What travels along: provenance alone (CAPSULE.md K4), its receipts too, or everything that there is room for. */
export type CarriedStatements = "provenance" | "receipts" | "all";

export async function openContainer(
  env: Pick<Cloudflare.Env, "DB" | "BLOBS">,
  keeper: ReceiptKeeper,
  capsule: StoredCapsule,
  carry: CarriedStatements,
): Promise<{ readonly sizeBytes: number; readonly chunks: AsyncGenerator<Uint8Array> }> {
  const manifest = await readStoredManifest(env.BLOBS, capsule.capsuleDigest);
  const carried = await chooseStatements(env.DB, keeper, capsule, carry);
  const envelopes = await Promise.all(
    carried.map((sha256) => requireDocument(env.BLOBS, "envelopes", sha256)),
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

/** The SHA-256 of the envelopes, what counts most first, as many as a container may carry (CAPSULE.md C6). */
async function chooseStatements(
  database: D1Database,
  keeper: ReceiptKeeper,
  capsule: StoredCapsule,
  carry: CarriedStatements,
): Promise<string[]> {
  // Before the list is read: a receipt that is signed now stands in it.
  const receipts = carry === "provenance" ? [] : await keeper.ensureReceipts(capsule.capsuleDigest, null);
  const statements = await listStatements(database, capsule, capsule.capsuleDigest);
  const provenance = statements
    .filter(({ predicateType }) => predicateType === PREDICATE_PROVENANCE)
    .map(({ envelopeSha256 }) => envelopeSha256);
  const others = carry === "all" ? statements.map(({ envelopeSha256 }) => envelopeSha256) : [];
  return [...new Set([...provenance, ...receipts, ...others])].slice(0, CAPSULE_LIMITS.envelopeCount);
}
