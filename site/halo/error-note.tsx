// What failed, in the words of the platform's answer, and what to do now.
import type { Problem } from "../../schemas/problem.ts";
import { Button } from "./button.tsx";
import { CopyButton } from "./copy-button.tsx";
import { Icon } from "./icon.tsx";
import "./error-note.css";

/** As much of a problem+json (RFC 9457) as there is: a request that never arrived has no id. */
export type ToldProblem = Pick<Problem, "title" | "detail"> &
  Partial<Pick<Problem, "status" | "requestId" | "errors">>;

type ErrorNoteProps = {
  readonly problem: ToldProblem;
  /** Asks again. Left out where asking again cannot help. */
  readonly onRetry?: () => void;
  readonly isRetrying?: boolean;
};

const MAX_FIELDS = 8;

/** A note that is read aloud at once. Problems of single fields are listed. */
export function ErrorNote({ problem, onRetry, isRetrying = false }: ErrorNoteProps) {
  const { title, detail, status, requestId, errors = [] } = problem;
  return (
    <div class="halo-error" role="alert">
      <Icon name="alert" />
      <div class="halo-error__body">
        <p class="halo-error__title">{title}</p>
        {detail !== title && <p>{detail}</p>}
        {errors.length > 0 && (
          <ul class="halo-error__fields">
            {errors.slice(0, MAX_FIELDS).map(({ path, message }) => (
              <li key={path}>
                {path !== "" && <code>{path}</code>} {message}
              </li>
            ))}
            {errors.length > MAX_FIELDS && <li>and {errors.length - MAX_FIELDS} more</li>}
          </ul>
        )}
        {requestId !== undefined && (
          <p class="halo-error__request">
            {status !== undefined && `${status}, `}request <code>{requestId}</code>
            <CopyButton text={requestId} label="Copy the request's id" />
          </p>
        )}
        {onRetry !== undefined && (
          <div class="halo-error__actions">
            <Button icon="retry" size="small" isBusy={isRetrying} onClick={onRetry}>
              Try again
            </Button>
          </div>
        )}
      </div>
    </div>
  );
}
