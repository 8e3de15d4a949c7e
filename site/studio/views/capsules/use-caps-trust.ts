// Whose signatures count: the keys that the project trusts, and those that its organization knows besides.
import type * as z from "zod";
import type { keySchema, ProjectKeys } from "../../../../schemas/api/access.ts";
import type { CapsTrust } from "../../../verification/verify-caps.ts";
import { apiPath, askApi } from "../../data/api-client.ts";
import { askAllPages } from "../../data/pages.ts";
import { useProject, useReloadOn } from "../../data/project-room.ts";
import { type Resource, useResource } from "../../data/resource.ts";

/** Loaded when the room opens, so that a file can be checked when the network is gone. */
export function useCapsTrust(): Resource<CapsTrust> {
  const { projectId } = useProject();
  const trust = useResource(`caps-trust ${projectId}`, async (signal): Promise<CapsTrust> => {
    const [project, known] = await Promise.all([
      askApi<ProjectKeys>(apiPath`/api/projects/${projectId}/keys`, { signal }),
      askAllPages<z.infer<typeof keySchema>>("/api/keys", { signal }),
    ]);
    const keys = project.items.map(({ keyId, publicKey, name, roles, state }) => ({
      keyId,
      publicKey,
      name,
      roles,
      ...(state === undefined ? {} : { state }),
    }));
    return { trust: { revision: project.revision, keys, thresholds: project.thresholds }, known };
  });
  useReloadOn(["trust.changed", "key.rotated", "key.revoked"], trust.reload);
  return trust;
}
