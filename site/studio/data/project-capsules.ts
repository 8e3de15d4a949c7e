// The newest capsules of the open project: to choose one, and to call one by its version.
import type { CapsuleSummary } from "../../../schemas/api/capsules.ts";
import { apiPath } from "./api-client.ts";
import { askPage } from "./pages.ts";
import { useProject, useReloadOn } from "./project-room.ts";
import { type Resource, useResource } from "./resource.ts";

/** As many as one can choose from; older ones are found in the room of capsules. */
const MAX_CAPSULES = 200;
const SHORT_DIGEST = 15;

export function useCapsules(): Resource<readonly CapsuleSummary[]> {
  const { projectId } = useProject();
  const capsules = useResource(`capsules ${projectId}`, async (signal) => {
    const path = apiPath`/api/projects/${projectId}/capsules`;
    return (await askPage<CapsuleSummary>(path, { limit: MAX_CAPSULES, signal })).items;
  });
  useReloadOn(["capsule.accepted"], capsules.reload);
  return capsules;
}

/** `1.2.0 (sha256:0123abcd…)`; the digest alone for one that is not among these. */
export function nameCapsule(capsules: readonly CapsuleSummary[], capsuleDigest: string): string {
  const found = capsules.find((capsule) => capsule.capsuleDigest === capsuleDigest);
  const short = `${capsuleDigest.slice(0, SHORT_DIGEST)}…`;
  return found === undefined ? short : `${found.version} (${short})`;
}
