// Every view of the Studio. A view joins by a line here: its address, its place in the navigation, its chunk.
import type { IconName } from "../halo/icon.tsx";
import { type LazyView, lazyView } from "./lazy-view.tsx";
import { routes } from "./routes.ts";
import { landViews, type ViewId } from "./view-ids.ts";

type View = {
  readonly id: ViewId;
  readonly name: string;
  readonly icon: IconName;
  /** After `g` it goes there. */
  readonly goKey: string;
  readonly component: LazyView;
};

/** Below a project's address; `paths` are relative to it, the first is where the navigation leads. */
export type ProjectView = View & {
  readonly paths: readonly [string, ...string[]];
  readonly href: (project: string) => string;
};

/** Of the whole platform. */
export type PlatformView = View & { readonly path: string };

/** In the order of the navigation. */
export const PROJECT_VIEWS: readonly ProjectView[] = [
  {
    id: "home",
    name: "Home",
    icon: "home",
    goKey: "h",
    paths: ["/"],
    href: routes.home,
    component: lazyView(
      async () => (await import("./views/project-home/project-home-view.tsx")).ProjectHomeView,
    ),
  },
  {
    id: "time",
    name: "Time Machine",
    icon: "clock",
    goKey: "t",
    paths: ["/time"],
    href: routes.time,
    component: lazyView(
      async () => (await import("./views/time-machine/time-machine-view.tsx")).TimeMachineView,
    ),
  },
  {
    id: "files",
    name: "Files",
    icon: "file",
    goKey: "f",
    paths: ["/files"],
    href: routes.files,
    component: lazyView(async () => (await import("./views/files/files-view.tsx")).FilesView),
  },
  {
    id: "capsules",
    name: "Capsules",
    icon: "capsule",
    goKey: "c",
    paths: ["/capsules", "/capsules/compare", "/capsules/:digest"],
    href: routes.capsules,
    component: lazyView(async () => (await import("./views/capsules/capsules-room.tsx")).CapsulesRoom),
  },
  {
    id: "mesh",
    name: "Mesh",
    icon: "mesh",
    goKey: "m",
    paths: ["/mesh", "/mesh/:simId"],
    href: (project) => routes.mesh(project),
    component: lazyView(async () => (await import("./views/mesh/mesh-view.tsx")).MeshView),
  },
  {
    id: "deploys",
    name: "Deploys",
    icon: "rocket",
    goKey: "d",
    paths: ["/deploys", "/deploys/:deployId"],
    href: (project) => routes.deploys(project),
    component: lazyView(async () => (await import("./views/deploys/deploys-view.tsx")).DeploysView),
  },
  {
    id: "trust",
    name: "Chain of trust",
    icon: "shield",
    goKey: "e",
    paths: ["/trust"],
    href: (project) => routes.trust(project),
    component: lazyView(async () => (await import("./views/trust/trust-view.tsx")).TrustView),
  },
  {
    id: "settings",
    name: "Settings",
    icon: "settings",
    goKey: ",",
    paths: ["/settings", "/settings/:section"],
    href: (project) => routes.settings(project),
    component: lazyView(async () => (await import("./views/settings/settings-view.tsx")).SettingsView),
  },
];

export const PLATFORM_VIEWS: readonly PlatformView[] = [
  {
    id: "projects",
    name: "Projects",
    icon: "grid",
    goKey: "p",
    path: routes.projects(),
    component: lazyView(async () => (await import("./views/projects/projects-view.tsx")).ProjectsView),
  },
  {
    id: "status",
    name: "Status",
    icon: "pulse",
    goKey: "s",
    path: routes.status(),
    component: lazyView(async () => (await import("./views/status/status-view.tsx")).StatusView),
  },
];

landViews([...PROJECT_VIEWS, ...PLATFORM_VIEWS].map(({ id }) => id));
