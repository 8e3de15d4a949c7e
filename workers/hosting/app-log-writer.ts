// An app's own log, as its isolate holds it: it can add lines there and nothing else (adapters/loader/app-recorder.ts).
import { WorkerEntrypoint } from "cloudflare:workers";
import * as z from "zod";
import type { AppLogProps } from "../../adapters/loader/app-isolate.ts";
import { type AppLogLine, readLevel } from "../../durable-objects/app-log/app-log-storage.ts";
import { queueLines } from "./log-queue.ts";

const MAX_LINES = 1_000;

/** An app could send anything: what is no line is left out. Texts are shortened where lines are queued. */
const lineSchema = z.object({
  ts: z.int(),
  level: z.string(),
  message: z.string(),
  stack: z.string().optional(),
  requestId: z.string().max(64).optional(),
  path: z.string().max(2_048).optional(),
});

export class AppLogWriter extends WorkerEntrypoint<Cloudflare.Env, AppLogProps> {
  async write(lines: unknown): Promise<void> {
    const { projectId, environment, artifactDigest } = this.ctx.props;
    const offered: readonly unknown[] = Array.isArray(lines) ? lines.slice(0, MAX_LINES) : [];
    const taken = offered.flatMap((line) => readLine(line, artifactDigest));
    await queueLines(this.env.APP_LOGS, `${projectId}/${environment}`, taken);
  }
}

function readLine(line: unknown, artifactDigest: string): readonly AppLogLine[] {
  const parsed = lineSchema.safeParse(line);
  if (!parsed.success) return [];
  const { ts, level, message, stack, requestId, path } = parsed.data;
  return [
    {
      ts,
      level: readLevel(level),
      message,
      artifactDigest,
      ...(stack === undefined ? {} : { stack }),
      ...(requestId === undefined ? {} : { requestId }),
      ...(path === undefined ? {} : { path }),
    },
  ];
}
