// One run of the collector on a local platform that is running: `node scripts/run.mjs collect [--dry-run]`. On Cloudflare the
// schedule in wrangler.toml does it. The folder and the port are those of `npm start` (OURSYNTH_STATE, PORT).
import { SCHEDULED_PATH } from "./platform/local-schedule.ts";
import { locateState } from "./platform/state-folder.ts";
import { runWrangler } from "./platform/wrangler.ts";

const TIMEOUT_MS = 600_000;

const state = locateState(process.env);
const isDryRun = process.argv.includes("--dry-run");
const schedule = isDryRun ? "dry-run" : "by-hand";
const response = await fetch(`http://127.0.0.1:${state.port}${SCHEDULED_PATH}?cron=${schedule}`, {
  signal: AbortSignal.timeout(TIMEOUT_MS),
});
const outcome = await response.text();
if (!response.ok) {
  console.error(`The run ended with "${outcome}"; what \`npm start\` printed says why.`);
  process.exitCode = 1;
} else {
  const query = "SELECT phase, cursor, cycleStartedAt, report FROM collector";
  const database = ["d1", "execute", "oursynth", "--local", `--persist-to=${state.path}`];
  const printed = await runWrangler(state, [...database, "--json", `--command=${query}`]);
  const [{ results = [] } = {}]: { results?: { report: string }[] }[] = JSON.parse(
    printed.slice(printed.indexOf("[")),
  );
  console.log(JSON.stringify(JSON.parse(results[0]?.report ?? "{}"), null, 2));
}
