// `npm run deploy`: puts the platform on Cloudflare. With `--dry-run` (npm run deploy -- --dry-run) it needs no account
// and no network, and prints the size.
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { ROOT } from "./platform/state-folder.ts";

const isDryRun = process.argv.includes("--dry-run") || process.env.npm_config_dry_run === "true";
const commandLine = [
  "deploy",
  ...(isDryRun ? ["--dry-run"] : []),
  ...process.argv.slice(2).filter((word) => word !== "--dry-run"),
];
const done = spawnSync(
  process.execPath,
  [join(ROOT, "node_modules", "wrangler", "bin", "wrangler.js"), ...commandLine],
  {
    cwd: ROOT,
    stdio: "inherit",
    env: { ...process.env, WRANGLER_SEND_METRICS: "false", WRANGLER_HIDE_BANNER: "true" },
  },
);
if (done.status === 0) {
  console.log(isDryRun ? "Dry run: the platform builds and would be deployed as above." : "Deployed.");
} else {
  console.error(
    "Not deployed; the lines above say why. docs/operating.md lists what a Cloudflare account needs first.",
  );
}
process.exitCode = done.status ?? 1;
