// What every refusal must be: problem+json by the one table, helpful in one sentence, and without any trace left.
import { expect } from "vitest";
import { PROBLEMS, type Problem, type ProblemCode, problemSchema } from "../../../schemas/problem.ts";
import type { Answer } from "./api-client.ts";
import type { TestProject } from "./test-project.ts";

/** Checks the answer and gives its problem document. */
export function expectProblem(answer: Answer, code: ProblemCode, detail: RegExp): Problem {
  const context = `${answer.status} ${answer.text.slice(0, 600)}`;
  expect(answer.headers.get("content-type"), context).toBe("application/problem+json");
  const problem = problemSchema.parse(answer.json());
  expect(problem.code, context).toBe(code);
  expect(answer.status, context).toBe(PROBLEMS[code].status);
  expect(problem.status).toBe(answer.status);
  expect(problem.type).toBe(`urn:oursynth:problem:${code}`);
  expect(problem.title).toBe(PROBLEMS[code].title);
  expect(problem.error).toBe(problem.detail);
  expect(problem.ok).toBe(false);
  // A sentence for people: it begins and ends like one, and shows no machinery.
  expect(problem.detail).toMatch(/^[^\n]{15,600}\.$/);
  expect(problem.detail).not.toMatch(/undefined|\[object|null\b.*null|ZodError|\bat .*\.ts:/);
  expect(problem.detail).toMatch(detail);
  return problem;
}

/** The same, and nothing of the project is other than before. */
export async function expectRefusal(
  project: TestProject,
  ask: () => Promise<Answer>,
  code: ProblemCode,
  detail: RegExp,
): Promise<Problem> {
  const before = await project.footprint();
  const problem = expectProblem(await ask(), code, detail);
  expect(await project.footprint()).toEqual(before);
  return problem;
}
