// Which views there are. A view links to another only when that one has landed (site/studio/views.ts): no link leads
// nowhere.

export type ViewId =
  | "projects"
  | "status"
  | "home"
  | "time"
  | "files"
  | "capsules"
  | "mesh"
  | "deploys"
  | "trust"
  | "settings";

const landed = new Set<ViewId>();

/** Called once, by the list of views. */
export function landViews(ids: readonly ViewId[]): void {
  for (const id of ids) landed.add(id);
}

export function hasView(id: ViewId): boolean {
  return landed.has(id);
}
