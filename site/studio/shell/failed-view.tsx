// A whole view that cannot be shown: what went wrong, and where to go on.
import { ButtonLink } from "../../halo/button.tsx";
import { ApiProblem } from "../data/problem.ts";
import { routes } from "../routes.ts";
import { ProblemNote } from "./problem-note.tsx";
import { ViewHeading } from "./view-heading.tsx";

type FailedViewProps = {
  readonly title: string;
  readonly error: unknown;
  readonly retry: () => void;
};

export function FailedView({ title, error, retry }: FailedViewProps) {
  const isGone = error instanceof ApiProblem && error.status === 404;
  return (
    <section class="view">
      <ViewHeading title={title} />
      {isGone ? (
        <p>It is not there, or not yours to see. Whoever sent you here may belong to another organization.</p>
      ) : (
        <ProblemNote error={error} retry={retry} />
      )}
      <p>
        <ButtonLink href={routes.projects()}>All projects</ButtonLink>
      </p>
    </section>
  );
}
