// "Simulate" beside a capsule: the mesh room with that capsule chosen.
import { ButtonLink } from "../../halo/button.tsx";
import { useProject } from "../data/project-room.ts";
import { routes } from "../routes.ts";
import { hasView } from "../view-ids.ts";

type SimulateLinkProps = {
  readonly capsuleDigest: string;
  /** For its gate: what is asked for there is set up. */
  readonly env?: string;
  /** What is simulated, read aloud: several of these stand on a page. */
  readonly of?: string;
};

/** Nothing where there is no mesh room. */
export function SimulateLink({ capsuleDigest, env, of }: SimulateLinkProps) {
  const { label } = useProject();
  if (!hasView("mesh")) return null;
  return (
    <ButtonLink
      size="small"
      kind="quiet"
      icon="mesh"
      href={routes.mesh(label, { capsule: capsuleDigest, env })}
      {...(of === undefined ? {} : { "aria-label": `Simulate ${of}` })}
    >
      Simulate
    </ButtonLink>
  );
}
