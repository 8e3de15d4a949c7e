// Something was refused or did not come: what to do about it, beside where it was asked for.
import { ApiProblem, sayError } from "../data/problem.ts";
import { confirmSignInUrl } from "../data/sign-in.ts";

type ProblemNoteProps = { readonly error: unknown; readonly retry?: () => void };

/** Nothing while there is no error. */
export function ProblemNote({ error, retry }: ProblemNoteProps) {
  if (error === undefined || error === null) return null;
  const isStale = error instanceof ApiProblem && error.code === "sign-in-stale";
  return (
    <div class="problem" role="alert">
      <p>{sayError(error)}</p>
      {error instanceof ApiProblem ? <p class="muted">Request {error.requestId}</p> : null}
      {isStale ? <a href={confirmSignInUrl()}>Give your password once more</a> : null}
      {retry === undefined || isStale ? null : (
        <button type="button" onClick={retry}>
          Try again
        </button>
      )}
    </div>
  );
}
