// What the Time Machine's address says, and how it is changed.
import { useCallback, useMemo } from "preact/hooks";
import { useLocation } from "preact-iso/router";
import { useAddressChange } from "../../data/address-change.ts";
import { useProject } from "../../data/project-room.ts";
import { routes, type TimeQuery } from "../../routes.ts";
import { readSeq } from "./read-seq.ts";

export type ReadTimeQuery = {
  /** Undefined: now, whatever comes. */
  readonly at: number | undefined;
  readonly to: number | undefined;
  readonly q: string | undefined;
  readonly source: string | undefined;
  readonly type: string | undefined;
  readonly branch: string | undefined;
  readonly axis: string | undefined;
};

/** A change is a new address: `replace` while something is dragged or typed, so that Back leads out of it in one step. */
export function useTimeQuery(): readonly [
  query: ReadTimeQuery,
  change: (patch: TimeQuery, replace?: boolean) => void,
] {
  const { query: raw } = useLocation();
  const { label } = useProject();
  const { at, to, q, source, type, branch, axis } = raw;
  const query = useMemo(
    () => ({ at: readSeq(at), to: readSeq(to), q, source, type, branch, axis }),
    [at, to, q, source, type, branch, axis],
  );
  const go = useAddressChange<TimeQuery>(query, (wanted) => routes.time(label, wanted));
  const change = useCallback((patch: TimeQuery, replace = true) => go(patch, replace), [go]);
  return [query, change];
}
