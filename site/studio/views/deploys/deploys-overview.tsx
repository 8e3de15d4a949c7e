// The room's first page: environments, what waits for an answer, runs; its dialogs stand in the address.
import { Button } from "../../../halo/button.tsx";
import { useAddressQuery } from "../../data/address-query.ts";
import { useActorName } from "../../data/people.ts";
import { useCapsules } from "../../data/project-capsules.ts";
import { useActionBlock, useProject } from "../../data/project-room.ts";
import { ConfirmationHost } from "../../prod/confirmation-host.tsx";
import { WaitingBanner } from "../../prod/waiting-banner.tsx";
import { useCommands } from "../../shell/commands.ts";
import { ViewHeading } from "../../shell/view-heading.tsx";
import { AppLogDrawer } from "./app-log-drawer.tsx";
import { EnvironmentCards } from "./environment-cards.tsx";
import { usePastActivations } from "./past-activations.ts";
import { useRuns } from "./runs.ts";
import { RunsList } from "./runs-list.tsx";
import { StartDeployDialog } from "./start-deploy-dialog.tsx";
import { SwitchDialog } from "./switch-dialog.tsx";

export function DeploysOverview() {
  const { detail, reloadDetail } = useProject();
  const { query, change } = useAddressQuery();
  const block = useActionBlock("deploys:write");
  const capsules = useCapsules();
  const nameActor = useActorName();
  const past = usePastActivations();
  const { runs, older } = useRuns();
  const startDeploy = (): void => change({ new: "1" });
  useCommands([
    { id: "deploys.new", group: "Deploys", title: "Deploy a capsule", icon: "rocket", run: startDeploy },
    ...detail.environments.flatMap(({ name, live }) =>
      live === null
        ? []
        : [
            {
              id: `deploys.rollback.${name}`,
              group: "Deploys",
              title: `Roll back ${name}`,
              icon: "restore" as const,
              run: () => change({ rollback: name }),
            },
            {
              id: `deploys.logs.${name}`,
              group: "Deploys",
              title: `Log of the app in ${name}`,
              icon: "eye" as const,
              run: () => change({ logs: name }),
            },
          ],
    ),
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
      <RunsList runs={runs} older={older} capsules={known} nameActor={nameActor} />
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
