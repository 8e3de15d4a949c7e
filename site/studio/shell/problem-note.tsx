// Something was refused or did not come: what to do about it, beside where it was asked for.
import { Button } from "../../halo/button.tsx";
import { Icon } from "../../halo/icon.tsx";
import { ApiProblem, sayError } from "../data/problem.ts";
import { confirmSignInUrl } from "../data/sign-in.ts";
import "./problem-note.css";

type ProblemNoteProps = { readonly error: unknown; readonly retry?: () => void };

/** Nothing while there is no error. */
export function ProblemNote({ error, retry }: ProblemNoteProps) {
  if (error === undefined || error === null) return null;
  const isStale = error instanceof ApiProblem && error.code === "sign-in-stale";
  return (
    <div class="problem" role="alert">
      <Icon name="alert" />
      <div class="problem__text">
        <p>{sayError(error)}</p>
        {error instanceof ApiProblem ? <p class="problem__request">Request {error.requestId}</p> : null}
      </div>
      {isStale ? <a href={confirmSignInUrl()}>Give your password once more</a> : null}
      {retry === undefined || isStale ? null : (
        <Button size="small" icon="retry" onClick={retry}>
          Try again
        </Button>
      )}
    </div>
  );
}
