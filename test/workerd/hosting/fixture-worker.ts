// The smallest Worker around hosting: every host is an app's.
import { WorkerEntrypoint } from "cloudflare:workers";
import { serveHost } from "../../../workers/hosting/serve-host.ts";

export { AppLogObject } from "../../../durable-objects/app-log/app-log-object.ts";
export { AppLogWriter } from "../../../workers/hosting/app-log-writer.ts";

export class HostingFixture extends WorkerEntrypoint<Cloudflare.Env> {
  override async fetch(request: Request): Promise<Response> {
    const answer = await serveHost(request, this.env, this.ctx, new URL(request.url).hostname);
    return answer ?? new Response("no app lives here", { status: 421 });
  }
}
