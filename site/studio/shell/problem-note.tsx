// Something was refused or did not come: what to do about it, beside where it was asked for.
import { ButtonLink } from "../../halo/button.tsx";
import { ErrorNote, type ToldProblem } from "../../halo/error-note.tsx";
import { ApiProblem, sayError, Unreachable } from "../data/problem.ts";
import { confirmSignInUrl } from "../data/sign-in.ts";

type ProblemNoteProps = {
  readonly error: unknown;
  /** Left out where asking again cannot help. */
  readonly retry?: () => void;
  readonly isRetrying?: boolean;
};

/** Nothing while there is no error. */
export function ProblemNote({ error, retry, isRetrying = false }: ProblemNoteProps) {
  if (error === undefined || error === null) return null;
  const isStale = error instanceof ApiProblem && error.code === "sign-in-stale";
  return (
    <>
      <ErrorNote
        problem={tell(error)}
        isRetrying={isRetrying}
        {...(retry === undefined || isStale ? {} : { onRetry: retry })}
      />
      {isStale ? (
        <p>
          <ButtonLink kind="primary" href={confirmSignInUrl()}>
            Give your password once more
          </ButtonLink>
        </p>
      ) : null}
    </>
  );
}

function tell(error: unknown): ToldProblem {
  if (error instanceof ApiProblem) return error.problem;
  return {
    title: error instanceof Unreachable ? "No answer" : "Something went wrong",
    detail: sayError(error),
  };
}
