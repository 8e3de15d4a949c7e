// A whole view that cannot be shown: what went wrong, and where to go on.
import { routes } from "../routes.ts";
import { ProblemNote } from "./problem-note.tsx";
import { ViewHeading } from "./view-heading.tsx";

type FailedViewProps = {
  readonly title: string;
  readonly error: unknown;
  readonly retry: () => void;
};

export function FailedView({ title, error, retry }: FailedViewProps) {
  return (
    <section class="view">
      <ViewHeading title={title} />
      <ProblemNote error={error} retry={retry} />
      <p>
        <a href={routes.projects()}>All projects</a>
      </p>
    </section>
  );
}
