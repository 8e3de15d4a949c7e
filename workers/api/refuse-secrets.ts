// What is written down here for good and shown to others holds no secret (CAPSULE.md C8): messages, names, settings and
// reasons stand on timelines and in signed statements. A token in one is refused before anything is stored.
import type { MiddlewareHandler } from "hono";
import { findSecretFields } from "../../core/capsule/secret-fields.ts";
import { findSecrets } from "../../core/capsule/secret-scan.ts";
import type { FieldError } from "../../schemas/problem.ts";
import type { ApiEnv } from "./api-app.ts";
import { AppError } from "./app-error.ts";
import { SECRETS_PATH } from "./secrets-path.ts";

/** Packed and signed elsewhere: looking for secrets was that packer's duty, and `--allow` its author's choice. */
const PACKED_ELSEWHERE: ReadonlySet<string> = new Set(["manifest", "envelopes"]);
const BACKSLASH = 0x5c;
const READING: ReadonlySet<string> = new Set(["GET", "HEAD"]);

/** Answers 400 with each field that holds one, by name and rule. */
export const refuseSecrets: MiddlewareHandler<ApiEnv> = async (context, next) => {
  if (READING.has(context.req.method) || SECRETS_PATH.test(context.req.path)) return await next();
  const fields = [...findSecretFields(context.req.query())];
  const isJson = (context.req.header("content-type") ?? "").includes("json");
  if (isJson && context.req.raw.body !== null)
    fields.push(...findInBody(new Uint8Array(await context.req.arrayBuffer())));
  if (fields.length > 0) throw holdsSecrets("The request", fields);
  return await next();
};

/** @param subject what holds them, to begin the sentence with */
export function holdsSecrets(subject: string, fields: readonly FieldError[], hint = ""): AppError {
  const [first] = fields;
  const where = first?.path === "" ? "" : `: ${first?.path}`;
  const detail = `${subject} has what must not be kept here${where} ${first?.message}. Take it out${hint}.`;
  return new AppError("secret", detail, { errors: fields });
}

/** The bytes are looked through first: only where something stands, or may stand escaped, is the body taken apart. */
function findInBody(bytes: Uint8Array): readonly FieldError[] {
  if (!bytes.includes(BACKSLASH) && findSecrets(bytes).length === 0) return [];
  let body: unknown;
  try {
    body = JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    // Not JSON: whoever reads it says so, and does not quote it.
    return [];
  }
  if (typeof body !== "object" || body === null) return findSecretFields(body);
  const kept = Object.entries(body).filter(([name]) => !PACKED_ELSEWHERE.has(name));
  return findSecretFields(Object.fromEntries(kept));
}
