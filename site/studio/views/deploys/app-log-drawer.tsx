// The log of the app that is live in an environment, over the page.
import { ENVIRONMENTS } from "../../../../schemas/environment.ts";
import { Dialog } from "../../../halo/dialog.tsx";
import { useAddressQuery } from "../../data/address-query.ts";
import { useProject } from "../../data/project-room.ts";
import { useAppLog } from "./app-log.ts";
import { LogPane } from "./log-pane.tsx";

export function AppLogDrawer() {
  const { projectId, label } = useProject();
  const { query, change } = useAddressQuery();
  const env = ENVIRONMENTS.find((name) => name === query.logs) ?? null;
  const log = useAppLog(projectId, env);
  if (env === null) return null;
  return (
    <Dialog
      isOpen
      isWide
      onClose={() => change({ logs: null }, "replace")}
      title={`What the app in ${env} writes`}
    >
      <LogPane
        title={`Log of ${env}`}
        isTitleHidden
        fileName={`${label}-${env}.log`}
        lines={log.lines}
        isLive
        problem={log.problem}
        emptyText={
          log.isLoaded
            ? "It has written nothing yet. What it logs, and where it fails, comes here as it happens."
            : "Reading …"
        }
      />
    </Dialog>
  );
}
