// A part of the address as state: what is seen can be sent to somebody, and survives a reload.
import { useCallback } from "preact/hooks";
import { useLocation } from "preact-iso/router";

/** The value of that name in the address, and how to change it; undefined takes it out. No step back is made of it. */
export function useQueryState(
  name: string,
): readonly [string | undefined, (value: string | undefined) => void] {
  const { query, route } = useLocation();
  const change = useCallback(
    (value: string | undefined) => {
      const search = new URLSearchParams(location.search);
      if (value === undefined || value === "") search.delete(name);
      else search.set(name, value);
      const text = search.toString();
      route(`${location.pathname}${text === "" ? "" : `?${text}`}`, true);
    },
    [name, route],
  );
  return [query[name], change];
}
