// Answers the same with and without asking who is there; what lies between the two is the check.
import { findActor } from "../../workers/identity/authenticate.ts";

export default {
  async fetch(request: Request, env: Cloudflare.Env, executionCtx: ExecutionContext): Promise<Response> {
    if (request.method === "POST") {
      const statements = await request.json<string[]>();
      await env.DB.batch(statements.map((statement) => env.DB.prepare(statement)));
      return new Response();
    }
    if (new URL(request.url).pathname === "/door") await findActor({ request, env, executionCtx });
    return new Response("in");
  },
};
