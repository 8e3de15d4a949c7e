// Deploys: what is live where, the runs, and one run in full.
import { useRoute } from "preact-iso/router";
import { DeployRunView } from "./deploy-run-view.tsx";
import { DeploysOverview } from "./deploys-overview.tsx";
import "./deploys.css";

export function DeploysView() {
  const { deployId } = useRoute().params;
  return deployId === undefined ? <DeploysOverview /> : <DeployRunView key={deployId} deployId={deployId} />;
}
