// What a hosted app writes, as it is written: pages that wait for their first line, one after the other.
import { useEffect, useState } from "preact/hooks";
import type { AppLogLine, AppLogPage } from "../../../../schemas/api/deploys.ts";
import { apiPath, askApi } from "../../data/api-client.ts";
import { sayError } from "../../data/problem.ts";
import { nextRetryMs } from "../../data/retry-delay.ts";
import { addLines, type LogLine } from "./log-filter.ts";

const FIRST_LINES = 500;
const WAIT_MS = 15_000;

export type AppLog = {
  readonly lines: readonly LogLine[];
  readonly isLoaded: boolean;
  readonly problem: string | null;
};

const EMPTY: AppLog = { lines: [], isLoaded: false, problem: null };

/** @param env null follows nothing */
export function useAppLog(projectId: string, env: string | null): AppLog {
  const [log, setLog] = useState(EMPTY);
  useEffect(() => {
    setLog(EMPTY);
    if (env === null) return;
    const abort = new AbortController();
    const path = apiPath`/api/projects/${projectId}/environments/${env}/logs`;
    void follow(path, abort.signal, (told) => {
      if (!abort.signal.aborted) setLog(told);
    });
    return () => abort.abort();
  }, [projectId, env]);
  return log;
}

type Tell = (change: (before: AppLog) => AppLog) => void;

async function follow(path: string, signal: AbortSignal, tell: Tell): Promise<void> {
  let since: number | undefined;
  let attemptCount = 0;
  while (!signal.aborted) {
    try {
      const query =
        since === undefined ? { limit: FIRST_LINES } : { since, waitMs: WAIT_MS, limit: FIRST_LINES };
      const page = await askApi<AppLogPage>(path, { query, signal });
      since = page.nextSince;
      attemptCount = 0;
      const lines = page.items.map(toLine);
      tell((before) => ({ lines: addLines(before.lines, lines), isLoaded: true, problem: null }));
    } catch (error) {
      if (signal.aborted) return;
      tell((before) => ({ ...before, problem: sayError(error) }));
      const delayMs = nextRetryMs(attemptCount++, Math.random());
      await new Promise((resolve) => setTimeout(resolve, delayMs));
    }
  }
}

function toLine({ seq, ts, level, message, stack, requestId, path }: AppLogLine): LogLine {
  const aside = [path, requestId].filter((part) => part !== undefined).join(", ");
  return { seq, ts, level, message, detail: stack, aside: aside === "" ? undefined : aside };
}
