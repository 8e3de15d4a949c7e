// The mark and a name, which lead to the projects.
import { routes } from "../routes.ts";
import { Mark } from "./mark.tsx";
import "./brand.css";

/** Without a name it is the Studio's own. */
export function Brand({ name }: { readonly name?: string | undefined }) {
  return (
    <a class="brand" href={routes.projects()}>
      <Mark />
      {name === undefined ? (
        <span>
          OurSynth <span class="muted">Studio</span>
        </span>
      ) : (
        <span>{name}</span>
      )}
    </a>
  );
}
