// How a view changes what its address says.
import { useCallback, useRef } from "preact/hooks";
import { useLocation } from "preact-iso/router";

/**
 * Merges a patch into the view's query and goes to that address. Two changes may come before the page is rendered anew:
 * the second builds on the first and does not take it back.
 * @param query what the address says now
 */
export function useAddressChange<Query extends object>(
  query: Query,
  toAddress: (query: Query) => string,
): (patch: Query, replace?: boolean) => void {
  const { route } = useLocation();
  const latest = useRef(query);
  latest.current = query;
  const address = useRef(toAddress);
  address.current = toAddress;
  return useCallback(
    (patch, replace = false) => {
      latest.current = { ...latest.current, ...patch };
      route(address.current(latest.current), replace);
    },
    [route],
  );
}
