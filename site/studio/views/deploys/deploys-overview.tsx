// The room's first page: environments, what waits for an answer, runs; its dialogs stand in the address.
import type { Deploy } from "../../../../schemas/api/deploys.ts";
import { Button } from "../../../halo/button.tsx";
import { useAddressQuery } from "../../data/address-query.ts";
import { apiPath } from "../../data/api-client.ts";
import { askPage } from "../../data/pages.ts";
import { useCapsules } from "../../data/project-capsules.ts";
import { useActionBlock, useProject, useReloadOn } from "../../data/project-room.ts";
import { useResource } from "../../data/resource.ts";
import { useActorNames } from "../../people/actor-names.ts";
import { ConfirmationHost } from "../../prod/confirmation-host.tsx";
import { WaitingBanner } from "../../prod/waiting-banner.tsx";
import { useCommands } from "../../shell/commands.ts";
import { ViewHeading } from "../../shell/view-heading.tsx";
import { AppLogDrawer } from "./app-log-drawer.tsx";
import { EnvironmentCards } from "./environment-cards.tsx";
import { usePastActivations } from "./past-activations.ts";
import { RunsList } from "./runs-list.tsx";
import { StartDeployDialog } from "./start-deploy-dialog.tsx";
import { SwitchDialog } from "./switch-dialog.tsx";

const SHOWN_RUNS = 100;
const RUN_EVENTS = [
  "capsule.deploy.started",
  "run.updated",
  "capsule.deploy.accepted",
  "capsule.deploy.completed",
  "capsule.deploy.failed",
] as const;

export function DeploysOverview() {
  const { projectId, reloadDetail } = useProject();
  const { query, change } = useAddressQuery();
  const block = useActionBlock("deploys:write");
  const capsules = useCapsules();
  const nameActor = useActorNames();
  const past = usePastActivations();
  const runs = useResource(`deploys ${projectId}`, async (signal) => {
    const path = apiPath`/api/projects/${projectId}/deploys`;
    return (await askPage<Deploy>(path, { limit: SHOWN_RUNS, signal })).items;
  });
  useReloadOn(RUN_EVENTS, runs.reload);
  const startDeploy = (): void => change({ new: "1" });
  useCommands([
    { id: "deploys.new", group: "Deploys", title: "Deploy a capsule", icon: "rocket", run: startDeploy },
  ]);
  const known = capsules.value ?? [];
  const isSwitching = query.promote !== undefined || query.rollback !== undefined;
  const isStarting = !isSwitching && (query.new !== undefined || query.capsule !== undefined);
  return (
    <section class="view deploys">
      <ViewHeading title="Deploys">
        <Button kind="primary" icon="rocket" disabledReason={block} onClick={startDeploy}>
          Deploy a capsule
        </Button>
      </ViewHeading>
      <WaitingBanner />
      <EnvironmentCards capsules={known} past={past.value ?? []} nameActor={nameActor} />
      <RunsList runs={runs} capsules={known} nameActor={nameActor} />
      {isStarting ? <StartDeployDialog capsules={capsules} /> : null}
      <SwitchDialog capsules={known} past={past} nameActor={nameActor} />
      <AppLogDrawer />
      <ConfirmationHost
        onDecided={() => {
          reloadDetail();
          runs.reload();
        }}
      />
    </section>
  );
}
