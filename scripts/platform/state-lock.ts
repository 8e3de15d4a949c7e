// One platform on one state folder: two would write into the same databases. The same file tells the command line where
// the platform answers.
import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { StateFolder } from "./state-folder.ts";

/** The URL alone, for the command line. */
const URL_FILE = "url";
const OWNER_FILE = "owner";

/** Takes the folder; throws in plain words when a platform runs on it. */
export async function lockState(state: StateFolder): Promise<void> {
  const owner = await readFile(join(state.path, OWNER_FILE), "utf8").catch(() => "");
  const [pid = "", url = ""] = owner.trim().split(" ");
  if (pid !== "" && Number(pid) !== process.pid && isRunning(Number(pid))) {
    throw new Error(
      `The state folder ${state.path} is in use: a platform runs on it at ${url} (process ${pid}). Stop that one, or choose another folder: OURSYNTH_STATE=.oursynth-2 npm start (PowerShell: $env:OURSYNTH_STATE=".oursynth-2"; npm start).`,
    );
  }
  await writeFile(join(state.path, OWNER_FILE), `${process.pid} ${state.url}\n`);
  await writeFile(join(state.path, URL_FILE), `${state.url}\n`);
}

/** Gives it back. The URL stays: it is where the next one answers too, most likely. */
export async function unlockState(state: StateFolder): Promise<void> {
  await rm(join(state.path, OWNER_FILE), { force: true });
}

/** Whether a process of this id runs; one that is not ours counts. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}
