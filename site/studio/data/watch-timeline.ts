// One live timeline of a project, kept alive through what browsers and laptops do: sleep, lost networks, tabs behind others.
import type { TimelinePage } from "../../../schemas/api/history.ts";
import { apiPath, askApi } from "./api-client.ts";
import { LiveTimeline } from "./live-timeline.ts";
import { countReturns } from "./reachability.ts";

/** The timeline of the project with this id or label; not started. */
export function openTimeline(project: string): LiveTimeline {
  const path = apiPath`/api/projects/${project}/timeline`;
  return new LiveTimeline({
    readPage: (query) => askApi<TimelinePage>(path, { query }),
    openSocket: () => {
      const url = new URL(`${path}/live`, location.href);
      url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
      return new WebSocket(url);
    },
  });
}

/** Starts it; gives what stops it. */
export function watchTimeline(timeline: LiveTimeline): () => void {
  const stop = timeline.start();
  const stopCounting = countReturns(timeline);
  const wake = (): void => {
    if (document.visibilityState === "hidden") return;
    timeline.retryNow();
    timeline.probe();
  };
  const doubt = (): void => void timeline.checkReach();
  addEventListener("online", wake);
  addEventListener("offline", doubt);
  addEventListener("pageshow", wake);
  document.addEventListener("visibilitychange", wake);
  return () => {
    removeEventListener("online", wake);
    removeEventListener("offline", doubt);
    removeEventListener("pageshow", wake);
    document.removeEventListener("visibilitychange", wake);
    stopCounting();
    stop();
  };
}
