// A prod action said again in one sentence and in full (API.md, confirmations). The same facts give the same bytes, so
// that its hash tells whether anything has moved since.
import type { Manifest } from "../../schemas/manifest.ts";
import type { ProdRequest, RestatedTrustChange } from "../../schemas/prod-request.ts";
import type { RestatedRelease, Restatement } from "../../schemas/restatement.ts";
import { restateChanges } from "./restate-changes.ts";

/** What a restatement is made of, as it stands now. */
export type RestatementFacts = Pick<
  Restatement,
  "requestedBy" | "projectId" | "label" | "revisions" | "policy"
> & {
  /** For a deploy or an activation. */
  readonly release:
    | (Pick<
        RestatedRelease,
        "branch" | "commitSeq" | "artifactDigest" | "live" | "hostnames" | "gate" | "override"
      > & {
        readonly capsuleDigest: string;
        readonly manifest: Manifest;
        readonly liveManifest: Manifest | null;
      })
    | null;
};

const SHORT_DIGEST = 19;

export async function restate(request: ProdRequest, facts: RestatementFacts): Promise<Restatement> {
  const { requestedBy, projectId, label, revisions, policy } = facts;
  return {
    sentence: say(request, facts),
    requestedBy,
    projectId,
    label,
    env: request.env,
    revisions,
    release: facts.release === null ? null : await restateRelease(facts.release),
    policy,
  };
}

async function restateRelease(release: NonNullable<RestatementFacts["release"]>): Promise<RestatedRelease> {
  const { manifest, liveManifest, ...facts } = release;
  const { framework, runtime } = manifest.app;
  return {
    ...facts,
    capsuleId: manifest.id,
    changes: await restateChanges(liveManifest, manifest),
    recipe: {
      framework,
      compatibilityDate: runtime.compatibilityDate,
      steps: manifest.build.steps,
      lockfile: manifest.build.lockfile,
    },
  };
}

function say(request: ProdRequest, { label, release }: RestatementFacts): string {
  switch (request.kind) {
    case "deploy":
    case "activate": {
      const verb = request.kind === "deploy" ? "Deploy" : "Activate";
      const next = nameRelease(release?.manifest ?? null, request.capsuleDigest);
      const live = release?.live ?? null;
      const replaced =
        live === null
          ? "where nothing is live yet"
          : `in place of ${nameRelease(release?.liveManifest ?? null, live.capsuleDigest)}`;
      const beyond = request.override === null ? "" : ", overriding the gate";
      return `${verb} ${next} of ${label} in ${request.env}, ${replaced}${beyond}.`;
    }
    case "policy":
      return `Change what the gate of ${request.env} asks of ${label}.`;
    case "set-secret":
      return `Set the secret ${request.name} of ${label} in ${request.env}.`;
    case "remove-secret":
      return `Remove the secret ${request.name} of ${label} in ${request.env}${request.isForced ? ", even if what is live there needs it" : ""}.`;
    case "trust":
      return `${sayTrust(request.change)} ${label}, which is live in ${request.env}.`;
  }
}

function sayTrust(change: RestatedTrustChange): string {
  switch (change.kind) {
    case "trusted":
      return `Trust the key ${change.key.name} (${change.key.keyId}) as ${change.key.roles.join(", ")} in`;
    case "removed":
      return `Trust the key ${change.keyId} no more in`;
    case "thresholds":
      return `Change how many keys each role needs (${sayThresholds(change.thresholds)}) in`;
  }
}

function sayThresholds(thresholds: Readonly<Record<string, number>>): string {
  const parts = Object.entries(thresholds).map(([role, count]) => `${role}: ${count}`);
  return parts.length === 0 ? "one each" : parts.sort().join(", ");
}

/** `1.4.0 (sha256:0123456789ab…)` */
function nameRelease(manifest: Manifest | null, capsuleDigest: string): string {
  const short = `${capsuleDigest.slice(0, SHORT_DIGEST)}…`;
  return manifest === null ? short : `${manifest.version} (${short})`;
}
