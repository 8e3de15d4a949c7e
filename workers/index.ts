// The entry (ARCHITECTURE.md "The house"): a platform host goes to the API or the site, an app's host to hosting, and
// any other host is 421.
import { handle } from "@astrojs/cloudflare/handler";
import { newId } from "../adapters/random/new-id.ts";
import { api } from "./api/app.ts";
import { AppError, answerProblem } from "./api/app-error.ts";
import { serveDocs } from "./api/docs.ts";
import { DRY_RUN_SCHEDULE, runCollector } from "./collector.ts";
import { drainRequest } from "./drain-request.ts";
import { parsePlatformHosts } from "./env.ts";
import { serveHost } from "./hosting/serve-host.ts";
import { PAGE_PATH, servePage } from "./identity/pages/app.tsx";
import { REWRAP_SCHEDULE, runRewrapping } from "./rewrapping.ts";
import { secureSite } from "./site-headers.ts";

export { AppLogObject } from "../durable-objects/app-log/app-log-object.ts";
export { MeshNodeObject } from "../durable-objects/mesh-node/mesh-node-object.ts";
export { MeshSimulationObject } from "../durable-objects/mesh-simulation/mesh-simulation-object.ts";
export { ProjectObject } from "../durable-objects/project/project-object.ts";
export { AppLogWriter } from "./hosting/app-log-writer.ts";
export { MeshDesk } from "./mesh/mesh-desk.ts";
export { SimulationSecrets } from "./mesh/simulation-secrets.ts";

const API_PATH = /^\/(?:api|oai)(?:\/|$)|^\/health$/;

export default {
  async fetch(request, env, ctx): Promise<Response> {
    const response = await answer(request, env, ctx);
    if (request.body !== null) await drainRequest(request);
    return response;
  },

  async scheduled(controller, env): Promise<void> {
    if (controller.cron !== REWRAP_SCHEDULE) await runCollector(env, controller.cron);
    if (controller.cron !== DRY_RUN_SCHEDULE) await runRewrapping(env);
  },
} satisfies ExportedHandler<Cloudflare.Env>;

async function answer(request: Request, env: Cloudflare.Env, ctx: ExecutionContext): Promise<Response> {
  const hosts = parsePlatformHosts(env);
  const { hostname, pathname } = new URL(request.url);
  if (!hosts.platform.has(hostname)) {
    return (await serveHost(request, env, ctx, hostname)) ?? refuseHost(request, hostname);
  }
  if (pathname === "/api/docs") return serveDocs(request);
  if (PAGE_PATH.test(pathname)) return await servePage(request, env, ctx);
  if (API_PATH.test(pathname)) return await api.fetch(request, env, ctx);
  return secureSite(await handle(request as never, env as never, ctx));
}

function refuseHost(request: Request, hostname: string): Response {
  const detail = `No app and no platform lives at ${hostname}. Apps answer at <label>--<env>.<apps domain> once something is deployed there.`;
  return answerProblem(new AppError("wrong-host", detail), { url: request.url, requestId: newId("request") });
}
