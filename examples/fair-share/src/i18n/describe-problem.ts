/** The words for a problem in the reader's language. */
import type { Problem } from "../domain/problem";
import type { Messages } from "./messages";

export function describeProblem(problem: Problem, messages: Messages): string {
  // The mapped type of the table ties each kind to its own text; TypeScript cannot follow that through a
  // union key, hence the one cast.
  const describe = messages.problems[problem.kind] as (problem: Problem) => string;
  return describe(problem);
}
