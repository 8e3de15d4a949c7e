// An app's own log, as its isolate holds it: it can add lines there and nothing else (adapters/loader/app-recorder.ts).
import { WorkerEntrypoint } from "cloudflare:workers";
import * as z from "zod";
import type { AppLogProps } from "../../adapters/loader/app-isolate.ts";
import { keepMask } from "../../adapters/loader/app-mask.ts";
import type { Mask } from "../../core/secrets/mask.ts";
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
    const { projectId, environment, artifactDigest, isolateId, secretValues } = this.ctx.props;
    const mask = keepMask(isolateId, secretValues);
    const offered: readonly unknown[] = Array.isArray(lines) ? lines.slice(0, MAX_LINES) : [];
    const taken = offered.flatMap((line) => readLine(line, artifactDigest, mask));
    await queueLines(this.env.APP_LOGS, `${projectId}/${environment}`, taken);
  }
}

/** What the app's secrets are is taken out here, before the line is queued or shortened. */
function readLine(line: unknown, artifactDigest: string, mask: Mask): readonly AppLogLine[] {
  const parsed = lineSchema.safeParse(line);
  if (!parsed.success) return [];
  const { ts, level, message, stack, requestId, path } = parsed.data;
  return [
    {
      ts,
      level: readLevel(level),
      message: mask(message),
      artifactDigest,
      ...(stack === undefined ? {} : { stack: mask(stack) }),
      ...(requestId === undefined ? {} : { requestId }),
      ...(path === undefined ? {} : { path: mask(path) }),
    },
  ];
}
