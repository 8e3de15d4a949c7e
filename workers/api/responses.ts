// The parts of a route's declaration that all routes share.
import * as z from "zod";
import { PROBLEMS, type ProblemCode, problemSchema } from "../../schemas/problem.ts";

const PROBLEM_CONTENT = { "application/problem+json": { schema: problemSchema.meta({ id: "Problem" }) } };

/** `200: {description, content}` for a JSON answer. */
export function json<Schema extends z.ZodType>(schema: Schema, description: string) {
  return { description, content: { "application/json": { schema } } };
}

export function jsonBody<Schema extends z.ZodType>(schema: Schema) {
  return { required: true, content: { "application/json": { schema } } } as const;
}

/** Answers in problem+json that this route can give besides those every route with a token gives. */
export function problems(...codes: ProblemCode[]) {
  return openProblems(
    "validation",
    "unauthenticated",
    "forbidden",
    "not-found",
    "too-many-requests",
    ...codes,
  );
}

/** Answers in problem+json of a route that needs no token. */
export function openProblems(...codes: ProblemCode[]) {
  const byStatus = new Map<number, string[]>();
  for (const code of codes) {
    const { status, title } = PROBLEMS[code];
    byStatus.set(status, [...(byStatus.get(status) ?? []), `${title} (\`${code}\`)`]);
  }
  return Object.fromEntries(
    [...byStatus].map(([status, titles]) => [
      status,
      { description: titles.join("; "), content: PROBLEM_CONTENT },
    ]),
  );
}

/** The header of every route that creates; workers/api/idempotency.ts acts on it. */
export const idempotencyHeaders = z.object({
  "idempotency-key": z.string().optional().meta({
    description:
      "Makes a retry safe: the first answer to a key is kept for 24 hours and given again with `Idempotency-Replayed: true`, without one-time secrets. The same key with another body is 422, while the first is under way 409.",
    example: "8e03978e-40d5-43dd-bc93-6894a57f9324",
  }),
});

/** What a route that creates can also answer, because of the key. */
export const CREATING = ["idempotency-in-flight", "idempotency-mismatch"] as const;

/** Every route but health, the documents and the beginning of a login needs a token, or a browser's session. */
export const NEEDS_TOKEN = [{ bearer: [] }, { session: [] }];
