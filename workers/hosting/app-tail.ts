// What an app prints and what it throws, on its way to its owner's log. The runtime delivers it after each request.
import { WorkerEntrypoint } from "cloudflare:workers";
import type { AppTailProps } from "../../adapters/loader/app-isolate.ts";
import { type AppLogLine, readLevel } from "../../durable-objects/app-log/app-log-storage.ts";
import { queueLines } from "./log-queue.ts";

export class AppTail extends WorkerEntrypoint<Cloudflare.Env, AppTailProps> {
  override async tail(events: TraceItem[]): Promise<void> {
    const { projectId, environment, artifactDigest } = this.ctx.props;
    const lines = events.flatMap((event) => readEvent(event, artifactDigest));
    await queueLines(this.env.APP_LOGS, `${projectId}/${environment}`, lines);
  }
}

function readEvent(event: TraceItem, artifactDigest: string): readonly AppLogLine[] {
  // Most requests print nothing, and reading a request costs more than the rest of this.
  if (event.logs.length === 0 && event.exceptions.length === 0) return [];
  const shared = { artifactDigest, ...readRequest(event) };
  const printed = event.logs.map((log) => ({
    ts: log.timestamp,
    level: readLevel(log.level),
    message: formatMessage(log.message),
    ...(log.errorInfo === undefined ? {} : readErrorInfo(log.errorInfo)),
    ...shared,
  }));
  const thrown = event.exceptions.map((exception) => ({
    ts: exception.timestamp,
    level: "error" as const,
    message: `${exception.name}: ${exception.message}`,
    ...(exception.stack === undefined ? {} : { stack: exception.stack }),
    ...shared,
  }));
  return [...printed, ...thrown].sort((a, b) => a.ts - b.ts);
}

function readRequest(event: TraceItem): { requestId?: string; path?: string } {
  if (event.event === null || !("request" in event.event)) return {};
  const request = event.event.request.getUnredacted();
  const requestId = request.headers["x-request-id"];
  const path = new URL(request.url).pathname;
  return requestId === undefined ? { path } : { requestId, path };
}

function readErrorInfo(errors: readonly (TraceLogErrorInfo | null)[]): { stack?: string } {
  const stacks = errors.flatMap((error) => (error?.stack === undefined ? [] : [error.stack]));
  return stacks.length === 0 ? {} : { stack: stacks.join("\n") };
}

/** The arguments of one console call; strings as they are, all else as JSON. */
function formatMessage(message: unknown): string {
  if (!Array.isArray(message)) return formatValue(message);
  return message.map(formatValue).join(" ");
}

function formatValue(value: unknown): string {
  return typeof value === "string" ? value : (JSON.stringify(value) ?? String(value));
}
