// The one table of what can go wrong at the door (ARCHITECTURE.md "Errors", RFC 9457).
import * as z from "zod";

export const PROBLEMS = {
  validation: { status: 400, title: "The request is not valid" },
  "malformed-json": { status: 400, title: "The body is not JSON" },
  "capsule-invalid": { status: 400, title: "The capsule does not verify" },
  "app-invalid": { status: 400, title: "The app cannot be built" },
  secret: { status: 400, title: "It holds a secret" },
  unauthenticated: { status: 401, title: "A valid token or a sign-in is needed" },
  "sign-in-stale": { status: 401, title: "A newer sign-in is needed" },
  forbidden: { status: 403, title: "You may not do that" },
  "not-found": { status: 404, title: "Not found" },
  "method-not-allowed": { status: 405, title: "That method is not served here" },
  conflict: { status: 409, title: "It conflicts with what is there" },
  "head-moved": { status: 409, title: "The branch has moved" },
  "trust-moved": { status: 409, title: "The trust record has moved" },
  "revision-moved": { status: 409, title: "The environment has moved" },
  "gate-moved": { status: 409, title: "What the gate looked at has moved" },
  "confirmation-void": { status: 409, title: "What was to be confirmed has moved" },
  "secrets-missing": { status: 409, title: "Secrets that the app declares are not set" },
  "idempotency-in-flight": { status: 409, title: "The same request is under way" },
  "blobs-missing": { status: 409, title: "Files of the capsule have not been uploaded" },
  "length-required": { status: 411, title: "The length of the body must be told" },
  "evidence-missing": { status: 412, title: "The gate finds no evidence" },
  "evidence-stale": { status: 412, title: "The evidence is too old for the gate" },
  "evidence-failed": { status: 412, title: "The newest evidence speaks against it" },
  "evidence-untrusted": { status: 412, title: "The gate does not trust the evidence" },
  "too-large": { status: 413, title: "Too large" },
  "unsupported-media-type": { status: 415, title: "That media type is not taken here" },
  "wrong-host": { status: 421, title: "No app and no platform lives at this host" },
  unprocessable: { status: 422, title: "It cannot be processed" },
  "signatures-missing": { status: 422, title: "Not signed as it must be" },
  "idempotency-mismatch": { status: 422, title: "That Idempotency-Key came with another request" },
  "digest-mismatch": { status: 422, title: "The bytes do not have that digest" },
  "not-simulable": { status: 422, title: "The capsule cannot be simulated" },
  "confirmation-needed": { status: 428, title: "A person must confirm this" },
  "too-many-simulations": { status: 429, title: "Too many simulations at once" },
  "too-many-attempts": { status: 429, title: "Too many attempts" },
  "too-many-requests": { status: 429, title: "Too many requests" },
  internal: { status: 500, title: "Something went wrong here" },
  unavailable: { status: 503, title: "Not ready" },
  "upstream-timeout": { status: 504, title: "No answer in time" },
} as const satisfies Record<string, { status: number; title: string }>;

export type ProblemCode = keyof typeof PROBLEMS;

export const PROBLEM_CODES = Object.keys(PROBLEMS) as [ProblemCode, ...ProblemCode[]];

export const problemSchema = z.looseObject({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  detail: z.string(),
  instance: z.string(),
  code: z.enum(PROBLEM_CODES),
  requestId: z.string(),
  ok: z.literal(false),
  error: z.string(),
  errors: z.array(z.strictObject({ path: z.string(), message: z.string() })).optional(),
});

export type Problem = z.infer<typeof problemSchema>;

/** Where one input went wrong: `path` is dotted (`files.3.path`), empty for the whole. */
export type FieldError = { readonly path: string; readonly message: string };
