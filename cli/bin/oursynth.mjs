#!/usr/bin/env node
// Starts the command line. It is TypeScript that Node 24 runs as it stands; an older Node starts the one that
// `npm install` put into node_modules. Plain JavaScript with old syntax, so that an older Node can say so.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const NEEDED_MAJOR = 24;
const folder = dirname(fileURLToPath(import.meta.url));

if (Number.parseInt(process.versions.node, 10) >= NEEDED_MAJOR) {
  const { main } = await import("../main.ts");
  await main(process.argv.slice(2));
} else {
  startWithNewerNode();
}

function startWithNewerNode() {
  const node = findInstalledNode();
  if (node === null) {
    process.stderr.write(
      `oursynth needs Node ${NEEDED_MAJOR}, and this is Node ${process.versions.node}. Run \`npm install\` in ${join(folder, "..", "..")}: it brings the right one along.\n`,
    );
    process.exitCode = 1;
    return;
  }
  const child = spawn(node, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], { stdio: "inherit" });
  // Ctrl-C reaches the child by itself, which ends cleanly; this process waits for it. Other signals are passed on.
  process.on("SIGINT", () => {});
  process.on("SIGTERM", () => child.kill("SIGTERM"));
  process.on("SIGHUP", () => child.kill("SIGHUP"));
  child.on("error", (error) => {
    process.stderr.write(`${node} could not be started: ${error.message}. Run \`npm install\` again.\n`);
    process.exitCode = 1;
  });
  child.on("close", (code, signal) => {
    process.exitCode = code === null ? (signal === "SIGINT" ? 130 : 1) : code;
  });
}

function findInstalledNode() {
  try {
    const packageFolder = dirname(createRequire(import.meta.url).resolve("node/package.json"));
    const node = join(packageFolder, "bin", process.platform === "win32" ? "node.exe" : "node");
    return existsSync(node) ? node : null;
  } catch {
    return null;
  }
}
