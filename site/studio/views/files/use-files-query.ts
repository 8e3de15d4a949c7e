// What the Files view's address says, and how it is changed.
import { useMemo } from "preact/hooks";
import { useLocation } from "preact-iso/router";
import { useAddressChange } from "../../data/address-change.ts";
import { useProject } from "../../data/project-room.ts";
import { type FilesQuery, routes } from "../../routes.ts";
import { defaultBranch } from "../time-machine/default-branch.ts";
import { readSeq } from "../time-machine/read-seq.ts";

export type ReadFilesQuery = {
  /** Undefined: now. */
  readonly at: number | undefined;
  /** Compared with this moment; undefined: not comparing. */
  readonly to: number | undefined;
  readonly path: string | undefined;
  readonly branch: string;
};

export function useFilesQuery(): readonly [query: ReadFilesQuery, change: (patch: FilesQuery) => void] {
  const { query: raw } = useLocation();
  const { label, detail } = useProject();
  const { at, to, path } = raw;
  const branch = raw.branch ?? defaultBranch(detail.branches);
  const query = useMemo(() => ({ at: readSeq(at), to: readSeq(to), path, branch }), [at, to, path, branch]);
  const change = useAddressChange<FilesQuery>(query, (wanted) => routes.files(label, wanted));
  return [query, change];
}
