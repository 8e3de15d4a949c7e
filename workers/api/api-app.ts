// What every resource of the API is made with: bindings, variables, and how a failed validation is told.
import { type Hook, OpenAPIHono } from "@hono/zod-openapi";
import * as z from "zod";
import type { Actor } from "../../adapters/database/actor.ts";
import type { QuotaPolicy } from "../../core/quota/quota-policies.ts";
import type { QuotaVerdict } from "../../core/quota/take-quota.ts";
import { AppError } from "./app-error.ts";

export type ApiEnv = {
  Bindings: Cloudflare.Env;
  Variables: {
    requestId: string;
    actor: Actor;
    /** Fields of the answer that are shown once: left out of what is kept for an Idempotency-Key. */
    oneTimeFields?: readonly string[];
    /** The quota that a costly action was taken from. */
    quota?: { readonly policy: QuotaPolicy; readonly verdict: QuotaVerdict };
  };
};

// "expected string, received undefined" helps nobody who forgot a field.
z.config({
  customError: (issue) => {
    if (issue.code !== "invalid_type") return undefined;
    if (issue.input === undefined) return "is missing";
    return Number.isNaN(issue.input) ? "must be a number" : undefined;
  },
});

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
  throw invalidFields(result.error);
};

/** 400 with each field that is wrong, the first of them in words. */
export function invalidFields(error: Pick<z.ZodError, "issues">): AppError {
  const errors = error.issues.map(({ path, message }) => ({ path: path.map(String).join("."), message }));
  const [first] = errors;
  const where = first === undefined || first.path === "" ? "The request" : `The field ${first.path}`;
  return new AppError("validation", `${where} is not valid: ${first?.message ?? "unknown"}.`, { errors });
}
