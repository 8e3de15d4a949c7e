// On Cloudflare the schedule of wrangler.toml calls the collector; here nobody does, so `npm start` does it.
import type { StateFolder } from "./state-folder.ts";

/** Where the local runtime takes a schedule's call; production has no such address. */
export const SCHEDULED_PATH = "/cdn-cgi/local/scheduled";
/** As often as `crons` in wrangler.toml says. */
const EVERY_MS = 15 * 60_000;
const TIMEOUT_MS = 600_000;
const RUNTIME_NOTICE = "Scheduled Workers are not automatically triggered";

/** Calls the schedule until the process ends. A run that fails says so and is tried again at the next. */
export function keepSchedule(state: StateFolder, say: (line: string) => void): void {
  setInterval(() => {
    fetch(`http://127.0.0.1:${state.port}${SCHEDULED_PATH}`, {
      signal: AbortSignal.timeout(TIMEOUT_MS),
    }).then(
      (response) => {
        if (!response.ok) say(`The collector's run ended with ${response.status}; it is tried again later.`);
      },
      (error: unknown) => say(`The collector could not be called: ${String(error)}`),
    );
  }, EVERY_MS).unref();
}

/** Whether the runtime only says that it leaves schedules to others. */
export function isScheduleNotice(text: string): boolean {
  return text.includes(RUNTIME_NOTICE);
}
