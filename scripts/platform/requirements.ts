// Says in plain words what a machine lacks, before anything fails in a stranger's words.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "./state-folder.ts";

const NEEDED_MAJOR = 24;

/** What is missing and how to get it; null when nothing is. */
export function explainMissing(): string | null {
  if (!existsSync(join(ROOT, "node_modules", "wrangler"))) {
    return "The packages are not installed yet. Run: npm ci";
  }
  const major = Number(process.versions.node.split(".")[0]);
  if (major < NEEDED_MAJOR) {
    return `This runs on Node ${NEEDED_MAJOR}, which npm ci installs beside the packages; it was started with Node ${process.versions.node}. Start it through npm (npm start, npm test), and if you did: run npm ci again with install scripts allowed.`;
  }
  return null;
}
