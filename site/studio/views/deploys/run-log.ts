// A run's log as it is written: server-sent events, which the browser takes up again by itself where they were cut.
import { useEffect, useState } from "preact/hooks";
import type { RunLogLine } from "../../../../schemas/api/deploys.ts";
import { apiPath } from "../../data/api-client.ts";
import { addLines, type LogLine } from "./log-filter.ts";

export type LiveLog = {
  readonly lines: readonly LogLine[];
  readonly hasEnded: boolean;
  /** Why nothing new comes; null while all is well. */
  readonly problem: string | null;
};

const EMPTY: LiveLog = { lines: [], hasEnded: false, problem: null };

export function useRunLog(deployId: string): LiveLog {
  const [log, setLog] = useState(EMPTY);
  useEffect(() => {
    setLog(EMPTY);
    const source = new EventSource(apiPath`/api/deploys/${deployId}/logs`);
    source.onopen = () => setLog((before) => ({ ...before, problem: null }));
    source.onmessage = ({ data }) => {
      const told = JSON.parse(String(data)) as RunLogLine | { readonly status: string };
      if ("seq" in told) setLog((before) => ({ ...before, lines: addLines(before.lines, [told]) }));
      else {
        source.close();
        setLog((before) => ({ ...before, hasEnded: true, problem: null }));
      }
    };
    source.onerror = () => {
      const isOver = source.readyState === EventSource.CLOSED;
      const problem = isOver
        ? "The log cannot be followed any more; load the page again."
        : "The connection was lost; it is being taken up again.";
      setLog((before) => ({ ...before, problem }));
    };
    return () => source.close();
  }, [deployId]);
  return log;
}
