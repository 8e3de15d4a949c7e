// The parts of a route's declaration that all routes share.
import type * as z from "zod";
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
  return openProblems("validation", "unauthenticated", "forbidden", "not-found", ...codes);
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

/** Every route but health, the documents and the beginning of a login needs a token, or a browser's session. */
export const NEEDS_TOKEN = [{ bearer: [] }, { session: [] }];
