// A platform of a test's or a bench's own: an empty state folder and a free port, both given back when it stops.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findFreePort } from "./free-port.ts";
import { type Platform, type PlatformOptions, startPlatform } from "./platform.ts";
import { locateState, type StateFolder } from "./state-folder.ts";

export type TemporaryPlatform = Platform & { readonly state: StateFolder };

const silently = (): void => undefined;

/** Silent when nothing is said. One that does not start leaves no folder behind; the error has what it printed. */
export async function startTemporaryPlatform(
  options: Partial<Omit<PlatformOptions, "state">> = {},
): Promise<TemporaryPlatform> {
  const folder = await mkdtemp(join(tmpdir(), "oursynth-temporary-"));
  const removeFolder = () => rm(folder, { recursive: true, force: true });
  try {
    const state = locateState({ PORT: String(await findFreePort()), OURSYNTH_STATE: folder });
    const platform = await startPlatform({ say: silently, onOutput: silently, ...options, state });
    return {
      ...platform,
      state,
      async stop() {
        await platform.stop();
        await removeFolder();
      },
    };
  } catch (error) {
    await removeFolder();
    throw error;
  }
}
