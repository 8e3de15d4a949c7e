// The database of the platform that all end-to-end tests share, for what no route does.
import { inject } from "vitest";
import { executeLocally } from "../../../scripts/platform/owner-link.ts";
import { locateState } from "../../../scripts/platform/state-folder.ts";

export async function executeShared(...statements: readonly string[]): Promise<void> {
  const { port, statePath } = inject("platform");
  const state = locateState({ PORT: String(port), OURSYNTH_STATE: statePath });
  await executeLocally(state, statements.join("\n"));
}
