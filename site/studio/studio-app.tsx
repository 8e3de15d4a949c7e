// The Studio: who is here, the shell around everything, and the view that the address names.
import { LocationProvider, Route, Router } from "preact-iso/router";
import type { Whoami } from "../../schemas/api/access.ts";
import { beginAt } from "./begin.ts";
import { askApi } from "./data/api-client.ts";
import { PersonContext } from "./data/person.ts";
import { useResource } from "./data/resource.ts";
import { OpenProject } from "./open-project.tsx";
import { FailedView } from "./shell/failed-view.tsx";
import { NoSuchView } from "./shell/no-such-view.tsx";
import { StudioShell } from "./shell/studio-shell.tsx";
import { ViewBoundary } from "./shell/view-boundary.tsx";
import { ViewOpening } from "./shell/view-opening.tsx";
import { PLATFORM_VIEWS } from "./views.ts";

beginAt(location.pathname);

/** The island of site/pages/studio. */
export function StudioApp() {
  const person = useResource("whoami", (signal) => askApi<Whoami>("/api/whoami", { signal }));
  if (person.value === undefined) {
    return person.error === undefined ? (
      <ViewOpening what="the Studio" />
    ) : (
      <main class="studio__main">
        <FailedView title="The Studio cannot open" error={person.error} retry={person.reload} />
      </main>
    );
  }
  return (
    <PersonContext.Provider value={person.value}>
      <LocationProvider scope="/studio">
        <StudioShell>
          <ViewBoundary>
            <Router>
              {PLATFORM_VIEWS.map((view) => (
                <Route key={view.path} path={view.path} component={view.component} />
              ))}
              <Route path="/studio/p/:projectId" component={OpenProject} />
              <Route path="/studio/p/:projectId/*" component={OpenProject} />
              <Route default component={NoSuchView} />
            </Router>
          </ViewBoundary>
        </StudioShell>
      </LocationProvider>
    </PersonContext.Provider>
  );
}
