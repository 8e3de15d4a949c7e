// A failed run's reason, and where its fix is: the message says what happened, this says where to go.
import type { Deploy } from "../../../../schemas/api/deploys.ts";
import { routes } from "../../routes.ts";

export type Fix = { readonly sentence: string; readonly label: string; readonly href: string };

type Failed = Pick<Deploy, "capsuleDigest" | "env" | "failure">;

/** Null for a run that did not fail. */
export function fixOf(project: string, { capsuleDigest, env, failure }: Failed): Fix | null {
  if (failure === null) return null;
  switch (failure.code) {
    case "evidence-missing":
    case "evidence-stale":
    case "evidence-failed":
    case "evidence-untrusted":
      return {
        sentence: `Rehearse this capsule for ${env}; the gate opens when it passes.`,
        label: "Simulate",
        href: routes.mesh(project, { capsule: capsuleDigest, env }),
      };
    case "secrets-missing":
      return {
        sentence: `Set what is missing in ${env}, then retry.`,
        label: "Set secrets",
        href: routes.settings(project, "secrets", { env }),
      };
    case "capsule-invalid":
      return {
        sentence: "Look at whom the project trusts, and at the capsule's report; then pack it anew or retry.",
        label: "Open the capsule",
        href: routes.capsule(project, capsuleDigest),
      };
    case "confirmation-needed":
    case "revision-moved":
    case "gate-moved":
      return {
        sentence: `Something moved between the asking and the doing. Deploy it to ${env} again; it is then restated.`,
        label: "Deploy again",
        href: routes.deploys(project, { new: 1, capsule: capsuleDigest, env }),
      };
    case "never-answers":
    case "unhealthy-status":
    case "throws":
      return {
        sentence: "The app did not answer well, so what was live stays live. Its log tells why.",
        label: "Open the app's log",
        href: routes.deploys(project, { logs: env }),
      };
    case "internal":
    case "interrupted":
      return {
        sentence: "Nothing was changed. Deploying it once more begins from the start.",
        label: "Deploy again",
        href: routes.deploys(project, { new: 1, capsule: capsuleDigest, env }),
      };
    default:
      return {
        sentence: "Mend the app, commit, and deploy the new capsule; what was live stays live.",
        label: "Open the files",
        href: routes.files(project),
      };
  }
}
