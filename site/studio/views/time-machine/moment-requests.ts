// What the Time Machine asks of the API about moments.
import type * as z from "zod";
import type { momentDiffSchema, treeSchema } from "../../../../schemas/api/history.ts";
import type { TimelineEvent } from "../../../../schemas/event.ts";
import { apiPath, askApi } from "../../data/api-client.ts";

export type Tree = z.infer<typeof treeSchema>;
export type MomentDiff = z.infer<typeof momentDiffSchema>;
type Committed = { readonly event: TimelineEvent };
type Packed = { readonly capsuleDigest: string; readonly urn: string; readonly version: string };

/** A moment of a branch; without `at` the branch as it is now. */
export type MomentRef = {
  readonly projectId: string;
  readonly branch: string;
  readonly at?: number | undefined;
};

export function askTree({ projectId, branch, at }: MomentRef, signal?: AbortSignal): Promise<Tree> {
  const path = apiPath`/api/projects/${projectId}/tree`;
  return askApi<Tree>(path, { query: { branch, at }, ...(signal === undefined ? {} : { signal }) });
}

/** From `from` to `to`, or to now. */
export function askMomentDiff(
  projectId: string,
  query: { readonly branch: string; readonly from: number; readonly to: number | undefined },
  signal: AbortSignal,
): Promise<MomentDiff> {
  return askApi<MomentDiff>(apiPath`/api/projects/${projectId}/diff`, { query, signal });
}

export async function createBranch(
  projectId: string,
  name: string,
  from: string,
  at: number,
): Promise<TimelineEvent> {
  const json = { name, from, at };
  const path = apiPath`/api/projects/${projectId}/branches`;
  return (await askApi<Committed>(path, { method: "POST", json })).event;
}

/** Brings the moment back as a new event, if the branch still stands at `expectedHead`. */
export async function restoreMoment(
  projectId: string,
  json: { readonly branch: string; readonly at: number; readonly expectedHead: number },
): Promise<TimelineEvent> {
  const path = apiPath`/api/projects/${projectId}/restore`;
  return (await askApi<Committed>(path, { method: "POST", json })).event;
}

export function packMoment(
  projectId: string,
  json: { readonly branch: string; readonly at: number },
): Promise<Packed> {
  return askApi<Packed>(apiPath`/api/projects/${projectId}/capsules`, { method: "POST", json });
}
