// Deep links of the Studio: every state that a person may want to send to somebody has an address, made here.

/** What the Time Machine's address holds; what is left out is not in the address. */
export type TimeQuery = {
  /** The moment that is looked at, by the event's seq. */
  readonly at?: number | undefined;
  /** The second handle: what `at` is compared with. */
  readonly to?: number | undefined;
  readonly q?: string | undefined;
  readonly source?: string | undefined;
  readonly type?: string | undefined;
  readonly branch?: string | undefined;
  /** `clock`: as wide as the time between the events. */
  readonly axis?: string | undefined;
};

export type FilesQuery = {
  readonly at?: number | undefined;
  /** Compared with this moment. */
  readonly to?: number | undefined;
  readonly path?: string | undefined;
  readonly branch?: string | undefined;
};

export type CapsuleQuery = {
  readonly capsule?: string | undefined;
  readonly env?: string | undefined;
};

export type CapsulesQuery = { readonly q?: string | undefined };

export type OpenCapsuleQuery = {
  readonly tab?: string | undefined;
  /** The file that the reader shows. */
  readonly path?: string | undefined;
};

export type CompareQuery = {
  readonly a?: string | undefined;
  readonly b?: string | undefined;
  readonly layout?: "side-by-side" | undefined;
};

export type DeploysQuery = CapsuleQuery & {
  /** The dialog that starts a deploy is open; it is, too, when a capsule is named. */
  readonly new?: 1 | undefined;
  /** What is live here is to be promoted. */
  readonly promote?: string | undefined;
  readonly to?: string | undefined;
  /** Here an earlier capsule is to come back. */
  readonly rollback?: string | undefined;
  /** Only the runs there. */
  readonly in?: string | undefined;
  /** The environment whose app's log is open. */
  readonly logs?: string | undefined;
  /** The prod action that waits for an answer. */
  readonly confirm?: string | undefined;
};

const ROOT = "/studio";
const PROJECT_PATH = /^\/studio\/p\/([^/]+)/;

/** `project` is a project's label or id; links that we make carry the label. */
export const routes = {
  projects: (): string => ROOT,
  status: (): string => `${ROOT}/status`,
  home: (project: string): string => inProject(project),
  time: (project: string, query: TimeQuery = {}): string => inProject(project, "/time", query),
  files: (project: string, query: FilesQuery = {}): string => inProject(project, "/files", query),
  capsules: (project: string, query: CapsulesQuery = {}): string => inProject(project, "/capsules", query),
  capsule: (project: string, digest: string, query: OpenCapsuleQuery = {}): string =>
    inProject(project, `/capsules/${encodeURIComponent(digest)}`, query),
  compareCapsules: (project: string, query: CompareQuery): string =>
    inProject(project, "/capsules/compare", query),
  /** With a query: to set up a simulation of that capsule, or its rehearsal for that environment. */
  mesh: (project: string, query: CapsuleQuery = {}): string => inProject(project, "/mesh", query),
  simulation: (project: string, simId: string): string =>
    inProject(project, `/mesh/${encodeURIComponent(simId)}`),
  /** With a query: to set up a deploy of that capsule to that environment, or another of the room's dialogs. */
  deploys: (project: string, query: DeploysQuery = {}): string => inProject(project, "/deploys", query),
  deploy: (project: string, deployId: string): string =>
    inProject(project, `/deploys/${encodeURIComponent(deployId)}`),
  trust: (project: string, query: Pick<CapsuleQuery, "capsule"> = {}): string =>
    inProject(project, "/trust", query),
  settings: (project: string, section?: string, query: { readonly env?: string | undefined } = {}): string =>
    inProject(
      project,
      section === undefined ? "/settings" : `/settings/${encodeURIComponent(section)}`,
      query,
    ),
} as const;

/** The project that an address is in, as the address names it; null outside of every project. */
export function projectOf(path: string): string | null {
  const found = PROJECT_PATH.exec(path)?.[1];
  return found === undefined ? null : decodeURIComponent(found);
}

function inProject(
  project: string,
  rest = "",
  query: Readonly<Record<string, string | number | undefined>> = {},
): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== "") search.set(name, String(value));
  }
  const text = search.toString();
  return `${ROOT}/p/${encodeURIComponent(project)}${rest}${text === "" ? "" : `?${text}`}`;
}
