// `node scripts/run.mjs owner-link`: prints a one-time link by which the first owner says who they are. Locally the
// platform must be running; with `--remote --url https://…` it is for the one on Cloudflare (docs/operating.md).
import { spawnSync } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import {
  firstOwnerStatements,
  isLinkOpen,
  newOwnerLinkToken,
  ownerLinkStatement,
  ownerLinkUrl,
  waitingOwnerLink,
} from "./platform/owner-link.ts";
import { DATABASE, locateState, ROOT } from "./platform/state-folder.ts";

const USAGE = "node scripts/run.mjs owner-link [--remote --url https://your-platform.example]";
const CLAIMED = "The owner has a password already: sign in, or set a new one at /reset.";

try {
  await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    args: process.argv.slice(2),
    options: { remote: { type: "boolean", default: false }, url: { type: "string" } },
  });
  if (!values.remote) {
    const link = await waitingOwnerLink(locateState(process.env));
    console.log(link === null ? CLAIMED : describe(link));
    return;
  }
  const platformUrl = URL.parse(values.url ?? "");
  if (platformUrl?.protocol !== "https:") throw new Error(`Where is it? ${USAGE}`);
  const link = await makeRemoteLink(platformUrl.origin);
  console.log((await isLinkOpen(link).catch(() => true)) ? describe(link) : CLAIMED);
}

async function makeRemoteLink(platformUrl: string): Promise<string> {
  const token = newOwnerLinkToken();
  const now = Date.now();
  const folder = await mkdtemp(join(tmpdir(), "oursynth-owner-"));
  try {
    const file = join(folder, "owner-link.sql");
    await writeFile(file, `${firstOwnerStatements(now)}\n${ownerLinkStatement(token, now)}\n`, {
      mode: 0o600,
    });
    const wrangler = join(ROOT, "node_modules", "wrangler", "bin", "wrangler.js");
    const commandLine = [wrangler, "d1", "execute", DATABASE, "--remote", `--file=${file}`, "--yes"];
    const done = spawnSync(process.execPath, commandLine, { cwd: ROOT, stdio: "inherit" });
    if (done.status !== 0) throw new Error("Nothing was made; the lines above say why.");
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  return ownerLinkUrl(platformUrl, token);
}

function describe(link: string): string {
  return `Open this within a day, once, and say who you are:\n\n  ${link}\n\nWhoever opens it owns the platform: give it to nobody.`;
}
