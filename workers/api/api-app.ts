// What every resource of the API is made with: bindings, variables, and how a failed validation is told.
import { type Hook, OpenAPIHono } from "@hono/zod-openapi";
import type { Actor } from "../../adapters/database/actor.ts";
import { AppError } from "./app-error.ts";

export type ApiEnv = {
  Bindings: Cloudflare.Env;
  Variables: { requestId: string; actor: Actor };
};

/** A resource's app. */
export function createApi(): OpenAPIHono<ApiEnv> {
  return new OpenAPIHono<ApiEnv>({ defaultHook: rejectInvalid });
}

const JSON_MEDIA_TYPE = /^application\/([a-z0-9.-]+\+)?json(\s*;|$)/i;

const rejectInvalid: Hook<unknown, ApiEnv, string, unknown> = (result, context) => {
  if (result.success) return undefined;
  const mediaType = context.req.header("content-type") ?? "none";
  if (result.target === "json" && !JSON_MEDIA_TYPE.test(mediaType)) {
    throw new AppError("unsupported-media-type", `Send application/json; the media type was ${mediaType}.`);
  }
  const errors = result.error.issues.map((issue) => ({
    path: issue.path.map(String).join("."),
    message: issue.message,
  }));
  const [first] = errors;
  const where = first === undefined || first.path === "" ? "The request" : `The field ${first.path}`;
  throw new AppError("validation", `${where} is not valid: ${first?.message ?? "unknown"}.`, { errors });
};
