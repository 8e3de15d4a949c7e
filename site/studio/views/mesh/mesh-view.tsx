// /studio/p/:id/mesh and /mesh/:simId: rehearsing capsules on a mesh, and what came of it.
import { useRoute } from "preact-iso/router";
import { ViewHeading } from "../../shell/view-heading.tsx";
import { SimulationList } from "./simulation-list.tsx";
import { SimulationView } from "./simulation-view.tsx";
import { StartForm } from "./start-form.tsx";
import "./mesh.tokens.css";
import "./mesh-view.css";

export function MeshView() {
  const { simId } = useRoute().params;
  if (simId !== undefined) return <SimulationView key={simId} simId={simId} />;
  return (
    <section class="view">
      <ViewHeading title="Mesh" eyebrow="Rehearse a capsule on bad networks before people meet it" />
      <StartForm />
      <SimulationList />
    </section>
  );
}
