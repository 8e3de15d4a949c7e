// A restated prod action as sentences, so that a person reads what they answer for (docs/road-to-production.md).
import type { Restatement } from "../../../schemas/restatement.ts";

export type RestatementSection = {
  readonly title: string;
  readonly sentences: readonly string[];
  /** Long lists, folded: files. */
  readonly folded?: { readonly summary: string; readonly lines: readonly string[] };
};

const SHORT_DIGEST = 19;

/** @param asker who asked, by name */
export function restatementSections(restatement: Restatement, asker: string): readonly RestatementSection[] {
  const { release, policy, requestedBy } = restatement;
  const asked = { title: "Who asks", sentences: [`Asked by ${asker}, ${sayLogin(requestedBy.login)}.`] };
  return [
    asked,
    ...(release === null ? [] : releaseSections(release)),
    ...(policy === null ? [] : [policySection(policy)]),
    coverage(restatement),
  ];
}

type Release = NonNullable<Restatement["release"]>;

function releaseSections(release: Release): readonly RestatementSection[] {
  const { changes, recipe, live, gate, override } = release;
  const { addedCount, modifiedCount, removedCount, lines } = changes.files;
  const steps = recipe.steps.length === 0 ? "no build steps" : recipe.steps.join("; ");
  const nothing = live === null ? "none" : "the same";
  const goes = {
    title: "What goes there",
    sentences: [
      `${release.capsuleId} (${short(release.capsuleDigest)}).`,
      release.branch === null
        ? "It is committed to no branch."
        : `Committed to ${release.branch}, by event ${release.commitSeq} of the timeline.`,
      live === null
        ? "Nothing is live there yet."
        : `It takes the place of ${short(live.capsuleDigest)}, live as revision ${live.revision}.`,
      `It answers at ${release.hostnames.join(", ")}.`,
      `Recipe: ${recipe.framework}, compatibility date ${recipe.compatibilityDate}, ${steps}.`,
    ],
  };
  const differs = {
    title: live === null ? "What it brings" : "What differs from what is live",
    sentences: [
      `Files: ${addedCount} added, ${modifiedCount} changed, ${removedCount} removed.`,
      sayNames("Settings", changes.settings, nothing),
      sayNames("Variables", changes.variables, nothing),
      sayNames("Secrets that it needs", changes.secrets, nothing),
    ],
    ...(lines.length === 0 ? {} : { folded: { summary: "The files", lines } }),
  };
  const evidence =
    gate.simId === null ? "It rests on no simulation." : `It rests on the simulation ${gate.simId}.`;
  const speaks = {
    title: gate.isAllowed ? "What speaks for it" : "What speaks against it",
    sentences: [
      `The gate: ${gate.message}`,
      evidence,
      ...(override === null ? [] : [`An owner goes on without the gate, because: ${override.reason}`]),
    ],
  };
  return [goes, differs, speaks];
}

function policySection({ before, after }: NonNullable<Restatement["policy"]>): RestatementSection {
  const names = (Object.keys(after) as (keyof typeof after)[]).filter(
    (name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]),
  );
  return {
    title: "What changes",
    sentences:
      names.length === 0
        ? ["Nothing: it is the policy that stands already."]
        : names.map(
            (name) => `${name}: ${JSON.stringify(before[name])} becomes ${JSON.stringify(after[name])}.`,
          ),
  };
}

function coverage({ env, revisions }: Restatement): RestatementSection {
  const { environment, policy, trust, evidence, secrets } = revisions;
  return {
    title: "What it covers",
    sentences: [
      `${env} at revision ${environment}, its policy at ${policy}, its secrets at ${secrets}, the evidence at ${evidence}, the project's trust at ${trust}.`,
      "It is done exactly as it stands here, or not at all: if any of it moves before you answer, it is void.",
    ],
  };
}

function sayNames(title: string, names: readonly string[], nothing: string): string {
  return names.length === 0 ? `${title}: ${nothing}.` : `${title}: ${names.join(", ")}.`;
}

function sayLogin(login: Restatement["requestedBy"]["login"]): string {
  switch (login) {
    case "token":
      return "with a token";
    case "session":
      return "in a browser";
    case "device":
      return "from a command line";
  }
}

function short(digest: string): string {
  return `${digest.slice(0, SHORT_DIGEST)}…`;
}

/** `9 min 5 s`; null when nothing is left. */
export function sayTimeLeft(expiresAt: number, now: number): string | null {
  const leftSeconds = Math.floor((expiresAt - now) / 1_000);
  if (leftSeconds <= 0) return null;
  const minutes = Math.floor(leftSeconds / 60);
  return minutes === 0 ? `${leftSeconds} s` : `${minutes} min ${leftSeconds % 60} s`;
}
