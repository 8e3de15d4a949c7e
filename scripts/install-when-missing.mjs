// F5 on a cold clone: installs the packages when there are none. Plain JavaScript, because it runs on whatever Node the
// machine has, before our own is there.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";

const root = join(import.meta.dirname, "..");
if (!existsSync(join(root, "node_modules", ".package-lock.json"))) {
  console.log("Installing the packages (npm ci) …");
  const npm = process.platform === "win32" ? "npm.cmd" : "npm";
  const done = spawnSync(npm, ["ci"], { cwd: root, stdio: "inherit", shell: process.platform === "win32" });
  process.exitCode = done.status ?? 1;
}
