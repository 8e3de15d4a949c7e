/** All problems at the top of a form, each a link to its field. */
import type { FieldProblem } from "../domain/problem";
import type { PageFrame } from "../http/page-frame";
import { describeProblem } from "../i18n/describe-problem";

type ErrorSummaryProps = { readonly frame: PageFrame; readonly problems: readonly FieldProblem[] };

export function ErrorSummary({ frame, problems }: ErrorSummaryProps) {
  if (problems.length === 0) return null;
  return (
    <div class="error-summary" role="alert">
      <h2>{frame.messages.errorSummary(problems.length)}</h2>
      <ul>
        {problems.map(({ field, problem }) => (
          <li>
            <a href={`#${field}`}>{describeProblem(problem, frame.messages)}</a>
          </li>
        ))}
      </ul>
    </div>
  );
}
