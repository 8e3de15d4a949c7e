// The API as it is, without pages and hosting around it.
import { WorkerEntrypoint } from "cloudflare:workers";
import { api } from "../../../workers/api/app.ts";

export { AppLogObject } from "../../../durable-objects/app-log/app-log-object.ts";
export { ProjectObject } from "../../../durable-objects/project/project-object.ts";
export { QuotaObject } from "../../../durable-objects/quota/quota-object.ts";
export { AppLogWriter } from "../../../workers/hosting/app-log-writer.ts";

export class DoorFixture extends WorkerEntrypoint<Cloudflare.Env> {
  override async fetch(request: Request): Promise<Response> {
    return await api.fetch(request, this.env, this.ctx);
  }
}
