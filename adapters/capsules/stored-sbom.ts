// The bill of materials of a capsule that the platform makes (CAPSULE.md B1): from the lockfile among its stored files.
import { type AttachedSbom, attachSbom } from "../../core/capsule/sbom/attach-sbom.ts";
import { findLockfile, LOCKFILE_LIMITS } from "../../core/capsule/sbom/lockfile.ts";
import type { Manifest } from "../../schemas/manifest.ts";
import { getBlob, putBlob } from "../blobs/blob-store.ts";
import { recordPossession } from "../database/blobs.ts";
import { workerdHashing } from "../hashing/workerd-hashing.ts";

/** The bill of materials, put as any blob of the organization; null without a lockfile that can be read. */
export async function attachStoredSbom(
  env: Pick<Cloudflare.Env, "DB" | "BLOBS">,
  owner: { readonly organizationId: string },
  manifest: Manifest,
  now: number,
): Promise<AttachedSbom | null> {
  const file = findLockfile(manifest);
  if (file === null || file.sizeBytes > LOCKFILE_LIMITS.bytes) return null;
  const blob = await getBlob(env.BLOBS, file.sha256);
  if (blob === null) throw new Error(`the stored file ${file.sha256} is missing`);
  const bytes = new Uint8Array(await blob.arrayBuffer());
  const attached = await attachSbom(manifest, { lockfile: { file, bytes }, provided: null }, workerdHashing);
  if (!attached.ok || attached.value === null) return null;
  const { document } = attached.value;
  const sizeBytes = document.bytes.length;
  const put = await putBlob(env.BLOBS, document.sha256, sizeBytes, document.bytes, workerdHashing);
  if (!put.ok) throw new Error(`the bill of materials could not be put: ${put.reason.code}`);
  await recordPossession(
    env.DB,
    owner,
    [{ sha256: document.sha256, sizeBytes, crc32: put.value.crc32 }],
    now,
  );
  return attached.value;
}
