// The entry (ARCHITECTURE.md "The house"): a platform host goes to the API or the site, an app's host to hosting, and
// any other host is 421.
import { handle } from "@astrojs/cloudflare/handler";
import { newId } from "../adapters/random/new-id.ts";
import { api } from "./api/app.ts";
import { AppError, answerProblem } from "./api/app-error.ts";
import { serveDocs } from "./api/docs.ts";
import { DRY_RUN_SCHEDULE, removeOldAnswers, runCollector } from "./collector.ts";
import { drainRequest } from "./drain-request.ts";
import { parsePlatformHosts } from "./env.ts";
import { answerPage } from "./hosting/failure-page.ts";
import { asksForPage } from "./hosting/http-fields.ts";
import { serveHost } from "./hosting/serve-host.ts";
import { PAGE_PATH, servePage } from "./identity/pages/app.tsx";
import { REWRAP_SCHEDULE, runRewrapping } from "./rewrapping.ts";
import { secure } from "./site-headers.ts";
import { STUDIO_PATH, serveStudio } from "./studio.ts";

export { AppLogObject } from "../durable-objects/app-log/app-log-object.ts";
export { MeshNodeObject } from "../durable-objects/mesh-node/mesh-node-object.ts";
export { MeshSimulationObject } from "../durable-objects/mesh-simulation/mesh-simulation-object.ts";
export { ProjectObject } from "../durable-objects/project/project-object.ts";
export { QuotaObject } from "../durable-objects/quota/quota-object.ts";
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
    try {
      if (controller.cron !== REWRAP_SCHEDULE) await runCollector(env, controller.cron);
    } finally {
      // A collector that cannot go on must not keep an old vault key needed.
      if (controller.cron !== DRY_RUN_SCHEDULE) await runRewrapping(env);
      if (controller.cron !== DRY_RUN_SCHEDULE) await removeOldAnswers(env);
    }
  },
} satisfies ExportedHandler<Cloudflare.Env>;

async function answer(request: Request, env: Cloudflare.Env, ctx: ExecutionContext): Promise<Response> {
  const hosts = parsePlatformHosts(env);
  const { hostname, pathname } = new URL(request.url);
  if (!hosts.platform.has(hostname)) {
    return (await serveHost(request, env, ctx, hostname)) ?? refuseHost(request, hostname);
  }
  if (pathname === "/api/docs") return secure("reader", request, serveDocs(request));
  if (PAGE_PATH.test(pathname)) return secure("form", request, await servePage(request, env, ctx));
  if (API_PATH.test(pathname)) return secure("data", request, await api.fetch(request, env, ctx));
  if (STUDIO_PATH.test(pathname)) return secure("page", request, await serveStudio(request, env));
  return secure("page", request, await handle(request as never, env as never, ctx));
}

function refuseHost(request: Request, hostname: string): Response {
  const requestId = newId("request");
  if (asksForPage(request.headers.get("accept"))) return answerPage(request, "wrong-host", requestId);
  const detail = `No app and no platform lives at ${hostname}. Apps answer at <label>--<env>.<apps domain> once something is deployed there.`;
  const error = new AppError("wrong-host", detail);
  return secure("data", request, answerProblem(error, { url: request.url, requestId }));
}
