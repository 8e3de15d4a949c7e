// From a capsule's manifest to what the simulator and the nodes need of it (MESH.md M4).
import type { Manifest } from "../../schemas/manifest.ts";
import { computeJsonDigest } from "../capsule/digest.ts";
import type { Hashing } from "../hashing.ts";
import type { MeshCapsule } from "./mesh-capsule.ts";

/** What a capsule that declares no services runs all the same: the app itself. */
const APP_SERVICE = "app";

type ServiceFiles = readonly { readonly path: string; readonly mode: string; readonly sha256: string }[];

/**
 * The capsule with the same digests as in its manifest. A service's digest is that of JCS
 * `{app, config, files: [{mode, path, sha256}], name, type}`: its declaration, and all that it is run from.
 */
export async function meshCapsuleOf(
  manifest: Manifest,
  capsuleDigest: string,
  hashing: Pick<Hashing, "sha256">,
): Promise<MeshCapsule> {
  const files = manifest.files.map(({ sha256, sizeBytes }) => ({ sha256, sizeBytes }));
  return {
    digest: capsuleDigest,
    files,
    services: await digestServices(manifest, manifest.files, hashing),
  };
}

/** The services of a manifest, digested over the files that are really there; in the manifest's order. */
export async function digestServices(
  manifest: Pick<Manifest, "app" | "services">,
  files: ServiceFiles,
  hashing: Pick<Hashing, "sha256">,
): Promise<{ name: string; digest: string }[]> {
  const { app } = manifest;
  const listed = files.map(({ mode, path, sha256 }) => ({ mode, path, sha256 }));
  return await Promise.all(
    servicesOf(manifest).map(async ({ name, type, config }) => ({
      name,
      digest: await computeJsonDigest({ app, config, files: listed, name, type }, hashing as Hashing),
    })),
  );
}

function servicesOf({ app, services }: Pick<Manifest, "app" | "services">) {
  if (services.length > 0) return services;
  return [{ name: APP_SERVICE, type: app.framework, config: null }];
}
