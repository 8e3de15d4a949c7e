// The query of the address as state: what a person may want to send to somebody, or come back to.
import { useCallback } from "preact/hooks";
import { useLocation } from "preact-iso/router";

export type AddressQuery = {
  readonly query: Readonly<Record<string, string>>;
  /** Sets these, and drops those that are null; `push` makes a step that Back undoes. */
  readonly change: (patch: Readonly<Record<string, string | null>>, how?: "push" | "replace") => void;
};

export function useAddressQuery(): AddressQuery {
  const { path, query, route } = useLocation();
  const change = useCallback<AddressQuery["change"]>(
    (patch, how = "push") => route(changeQuery(path, query, patch), how === "replace"),
    [path, query, route],
  );
  return { query, change };
}

/** The path with its query as it is after the change. */
export function changeQuery(
  path: string,
  query: Readonly<Record<string, string>>,
  patch: Readonly<Record<string, string | null>>,
): string {
  const search = new URLSearchParams(query);
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) search.delete(name);
    else search.set(name, value);
  }
  const text = search.toString();
  return text === "" ? path : `${path}?${text}`;
}
