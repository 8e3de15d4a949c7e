// What can begin before anything is shown: the view's chunk, and the questions that it will ask first.
import { apiPath, withQuery } from "./data/api-client.ts";
import { askEarly } from "./data/early-answers.ts";
import { NEWEST_QUERY } from "./data/live-timeline.ts";
import { projectOf } from "./routes.ts";
import { PLATFORM_VIEWS, PROJECT_VIEWS } from "./views.ts";

/** Once, when the Studio's script has come. */
export function beginAt(path: string): void {
  askEarly("/api/whoami");
  const project = projectOf(path);
  if (project === null) {
    void PLATFORM_VIEWS.find((view) => view.path === path)?.component.preload();
    return;
  }
  askEarly(apiPath`/api/projects/${project}`);
  askEarly(withQuery(apiPath`/api/projects/${project}/timeline`, NEWEST_QUERY));
  // The longest address that this one begins with: a view's own addresses are below its first.
  const view = PROJECT_VIEWS.filter(({ href }) => path.startsWith(href(project))).at(-1);
  void view?.component.preload();
}
