// `npm start`: builds, migrates, starts the platform, makes the first owner, ships the demonstration apps through the
// whole loop, and says what to try next. Runs until Ctrl-C.
import { spawn } from "node:child_process";
import { join, relative } from "node:path";
import { PlatformClient } from "../cli/http/client.ts";
import type { ProjectDetail } from "../schemas/api/projects.ts";
import { buildFieldNotes } from "./build-examples.ts";
import { buildPlatform } from "./build-platform.ts";
import { isScheduleNotice, keepSchedule } from "./platform/local-schedule.ts";
import { waitingOwnerLink } from "./platform/owner-link.ts";
import { startPlatform } from "./platform/platform.ts";
import { ensureProject, makeDemoKey, shipApp } from "./platform/ship-app.ts";
import { locateState, ROOT, type StateFolder } from "./platform/state-folder.ts";

const DEMO_APPS = [
  { label: "fair-share", about: "a Hono + TSX app: split a trip's costs" },
  { label: "field-notes", about: "a static site that Astro built" },
] as const;

const startedAt = performance.now();

try {
  await main();
} catch (error) {
  console.error(`\nThe platform did not start: ${error instanceof Error ? error.message : String(error)}`);
  process.exit(1);
}

async function main(): Promise<void> {
  const state = locateState(process.env);
  say("Building …");
  await buildPlatform();
  await buildFieldNotes();
  say(`Starting on ${state.url} …`);
  const onOutput = (text: string): void => {
    if (!isScheduleNotice(text)) process.stderr.write(text);
  };
  const platform = await startPlatform({ state, say, onOutput });
  keepSchedule(state, say);
  stopOnSignals(platform.stop);
  const shipped = await shipDemoApps(state, platform.token);
  printSummary(state, shipped, await waitingOwnerLink(state));
  if (process.argv.includes("--open")) openBrowser(state.url);
}

async function shipDemoApps(state: StateFolder, token: string): Promise<{ readonly url: string }[]> {
  const client = new PlatformClient({ url: new URL(state.url), token });
  const key = await makeDemoKey(state);
  const shipped: { readonly url: string }[] = [];
  for (const { label } of DEMO_APPS) {
    const project = await ensureProject(client, label, key.publicKey);
    const live = findLive(project);
    // What was deployed there since is somebody's work.
    if (live !== null) {
      say(`${label} is live already.`);
      shipped.push(live);
      continue;
    }
    const folder = join(ROOT, "examples", label);
    const app = await shipApp({
      client,
      folder,
      label,
      environment: "dev",
      key,
      reason: "the demonstration",
    });
    say(`Shipped ${label} (${app.blobCount} files travelled).`);
    shipped.push(app);
  }
  return shipped;
}

function findLive(project: ProjectDetail): { readonly url: string } | null {
  const dev = project.environments.find((environment) => environment.name === "dev");
  return dev === undefined || dev.live === null ? null : { url: dev.url };
}

function printSummary(
  state: StateFolder,
  shipped: readonly { readonly url: string }[],
  ownerLink: string | null,
): void {
  const folder = relative(process.cwd(), state.path) || ".";
  const apps = DEMO_APPS.map(({ about }, index) => `  ${shipped[index]?.url ?? ""}\n      ${about}`);
  const given = process.env.OURSYNTH_STATE;
  // The command line looks into .oursynth by itself; into another folder only when it is named.
  const first =
    given === undefined
      ? ""
      : `\nFirst, there: export OURSYNTH_STATE=${given} (PowerShell: $env:OURSYNTH_STATE="${given}")\n`;
  const welcome =
    ownerLink === null
      ? `Sign in at ${state.url}/sign-in`
      : `You own it. Open this once, within a day, and choose your password:\n  ${ownerLink}`;
  console.log(`
OurSynth runs at ${state.url}

${welcome}

The Studio, where all of it is seen and done: ${state.url}/studio

Live apps, shipped through it:
${apps.join("\n")}

Your token is in ${join(folder, "token")}; the command line finds it and the address there.
The API, to read and try: ${state.url}/api/docs

Try next, in another terminal:${first}
  npx oursynth timeline --follow --project fair-share
  npx oursynth push examples/fair-share --project fair-share
  npx oursynth deploy DIGEST --env staging --wait --project fair-share
  npx oursynth --help

Started in ${((performance.now() - startedAt) / 1_000).toFixed(1)} s; all is well. Ctrl-C stops it, and what you made stays in ${folder}.`);
}

function stopOnSignals(stop: () => Promise<void>): void {
  let isStopping = false;
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.on(signal, () => {
      if (isStopping) return;
      isStopping = true;
      say("Stopping …");
      stop().then(
        () => process.exit(0),
        (error) => {
          console.error(error);
          process.exit(1);
        },
      );
    });
  }
}

function openBrowser(url: string): void {
  const [program, ...words] =
    process.platform === "win32"
      ? ["cmd", "/c", "start", "", url]
      : [process.platform === "darwin" ? "open" : "xdg-open", url];
  spawn(program ?? "xdg-open", words, { stdio: "ignore", detached: true })
    .on("error", () => say(`Open ${url} in a browser.`))
    .unref();
}

function say(line: string): void {
  console.log(line);
}
