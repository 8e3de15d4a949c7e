// An address of the Studio where nothing is.
import { routes } from "../routes.ts";
import { ViewHeading } from "./view-heading.tsx";

export function NoSuchView() {
  return (
    <section class="view">
      <ViewHeading title="Nothing is here" />
      <p>
        No view of the Studio has this address. <a href={routes.projects()}>All projects</a>
      </p>
    </section>
  );
}
