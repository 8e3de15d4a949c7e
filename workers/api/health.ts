// Health: does each part that the platform stands on answer?
import { createRoute } from "@hono/zod-openapi";
import { PLATFORM_VERSION } from "../../core/deploy/runnable.ts";
import { type Health, healthSchema } from "../../schemas/api/health.ts";
import { lookAtVault } from "../vault-guard.ts";
import { createApi } from "./api-app.ts";
import { json, openProblems } from "./responses.ts";

/** Looks at every part once, with a time limit for each. */
export async function checkPlatform(env: Cloudflare.Env): Promise<Health> {
  const [d1, r2, objects, vaultFault] = await Promise.all([
    succeeds(() => env.DB.prepare("SELECT count(*) FROM hostnames").first()),
    succeeds(() => env.BLOBS.head("health")),
    succeeds(() => env.APP_LOGS.getByName("health").read({ since: 0, limit: 1 })),
    findFault(() => lookAtVault(env)),
  ]);
  const vault = vaultFault === null;
  return {
    ok: d1 && r2 && objects && vault,
    ts: Date.now(),
    version: PLATFORM_VERSION,
    checks: { d1, r2, objects, vault },
    ...(vault || vaultFault === "" ? {} : { detail: vaultFault }),
  };
}

const CHECK_TIMEOUT_MS = 5_000;

async function succeeds(check: () => Promise<unknown>): Promise<boolean> {
  try {
    await Promise.race([check(), rejectAfter(CHECK_TIMEOUT_MS)]);
    return true;
  } catch (error) {
    console.error("a health check failed", error);
    return false;
  }
}

/** Null when all is well; empty when it could not be looked at, which the log explains. */
async function findFault(look: () => Promise<string | null>): Promise<string | null> {
  let fault: string | null = "";
  await succeeds(async () => {
    fault = await look();
  });
  return fault;
}

async function rejectAfter(timeoutMs: number): Promise<never> {
  await scheduler.wait(timeoutMs);
  throw new Error(`no answer within ${timeoutMs} ms`);
}

const PATHS = ["/health", "/oai/health", "/api/health"] as const;

export const health = createApi();

for (const path of PATHS) {
  const route = createRoute({
    method: "get",
    path,
    operationId: `health${path.replaceAll("/", "-")}`,
    tags: ["Platform"],
    summary:
      path === "/health" ? "Whether the platform and what it stands on answer" : `The same, at ${path}`,
    security: [],
    responses: {
      200: json(healthSchema, "Everything answers"),
      503: json(healthSchema, "Something does not answer"),
      ...openProblems("wrong-host"),
    },
  });
  health.openapi(route, async (context) => {
    const state = await checkPlatform(context.env);
    return state.ok ? context.json(state, 200) : context.json(state, 503);
  });
}
