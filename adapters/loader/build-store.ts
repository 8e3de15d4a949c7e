// What was built, kept by digest: the artifact, its code in one document, and what it is run with.
// Content-addressed, so a copy in the isolate's memory never goes stale.

import { canonicalBytes } from "../../core/capsule/canonical-json.ts";
import { digestHex, toDigest } from "../../core/capsule/digest.ts";
import type { Hashing } from "../../core/hashing.ts";
import {
  type Artifact,
  artifactSchema,
  type Configuration,
  configurationSchema,
  type ModulePack,
  modulePackSchema,
} from "../../schemas/artifact.ts";
import { type BlobReader, putDocument, requireDocument } from "../blobs/blob-store.ts";

export type StoredBuild = { readonly artifactDigest: string; readonly configurationDigest: string };

type Build = {
  readonly artifact: Artifact;
  readonly artifactDigest: string;
  readonly modulePack: ModulePack;
  readonly configuration: Configuration;
};

/** Stores the documents of a build; storing twice changes nothing. The artifact comes last: where it is, all is. */
export async function storeBuild(bucket: R2Bucket, build: Build, hashing: Hashing): Promise<StoredBuild> {
  const artifactHex = digestHex(build.artifactDigest);
  const configurationBytes = canonicalBytes(build.configuration);
  const configurationDigest = toDigest(await hashing.sha256(configurationBytes));
  await Promise.all([
    putDocument(bucket, "modules", artifactHex, JSON.stringify(build.modulePack)),
    putDocument(bucket, "configurations", digestHex(configurationDigest), configurationBytes),
  ]);
  await putDocument(bucket, "artifacts", artifactHex, canonicalBytes(build.artifact));
  return { artifactDigest: build.artifactDigest, configurationDigest };
}

/** Throws when there is none: its digest came from one of our own rows. */
export async function readArtifact(bucket: BlobReader, artifactDigest: string): Promise<Artifact> {
  return artifactSchema.parse(
    parseJson(await requireDocument(bucket, "artifacts", digestHex(artifactDigest))),
  );
}

export async function readModulePack(bucket: BlobReader, artifactDigest: string): Promise<ModulePack> {
  return modulePackSchema.parse(
    parseJson(await requireDocument(bucket, "modules", digestHex(artifactDigest))),
  );
}

export async function readConfiguration(
  bucket: BlobReader,
  configurationDigest: string,
): Promise<Configuration> {
  const bytes = await requireDocument(bucket, "configurations", digestHex(configurationDigest));
  return configurationSchema.parse(parseJson(bytes));
}

function parseJson(bytes: Uint8Array): unknown {
  return JSON.parse(new TextDecoder().decode(bytes));
}
