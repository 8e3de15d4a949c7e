// Every npm script comes through here: `node scripts/run.mjs NAME …` runs scripts/NAME.ts (or bench/run.ts) on the Node
// that npm ci installed beside the packages, whatever Node the machine has; or says in plain words what is missing.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const NEEDED_MAJOR = 24;
const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const [name = "", ...words] = process.argv.slice(2);
const script = join(root, name === "bench" ? "bench" : "scripts", name === "bench" ? "run.ts" : `${name}.ts`);
const ownNode = join(root, "node_modules", "node", "bin", process.platform === "win32" ? "node.exe" : "node");
const hasNode = Number(process.versions.node.split(".")[0]) >= NEEDED_MAJOR;

if (!existsSync(join(root, "node_modules", "wrangler"))) {
  fail("The packages are not installed yet. Run: npm ci");
} else if (!hasNode && !existsSync(ownNode)) {
  fail(
    `This needs Node ${NEEDED_MAJOR}, which npm ci installs beside the packages, but it is not there (you have Node ${process.versions.node}). Run npm ci again and let it run install scripts.`,
  );
} else {
  await (hasNode ? runHere() : runOnOwnNode());
}

async function runHere() {
  process.argv.splice(1, 2, script);
  await import(pathToFileURL(script).href);
}

/** Ctrl-C reaches both of us; the other one ends in its own time, and we with it. */
async function runOnOwnNode() {
  const child = spawn(ownNode, [script, ...words], { stdio: "inherit" });
  process.on("SIGINT", () => undefined);
  process.on("SIGTERM", () => child.kill("SIGTERM"));
  const [code] = await once(child, "exit");
  process.exitCode = code ?? 1;
}

/** @param {string} message */
function fail(message) {
  console.error(message);
  process.exitCode = 1;
}
