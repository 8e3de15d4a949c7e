// `localhost` and every name under it are this machine (RFC 6761 §6.3), but not every system resolves them so.
import dns from "node:dns";
import { isLocalhostName } from "./platform-url.ts";

const LOOPBACK = { address: "127.0.0.1", family: 4 } as const;

/**
 * From now on this process connects to 127.0.0.1 for those names. `fetch` and `WebSocket` take no lookup of their own
 * and drop a Host header, so the resolver is the only place where a name can be kept and its address chosen.
 */
export function resolveLocalhostHere(): void {
  const original = dns.lookup;
  const lookup = (
    hostname: string,
    options: dns.LookupAllOptions,
    callback: (
      error: NodeJS.ErrnoException | null,
      found: string | dns.LookupAddress[],
      family?: number,
    ) => void,
  ): void => {
    if (!isLocalhostName(hostname)) original(hostname, options, callback);
    else if (options.all) process.nextTick(callback, null, [LOOPBACK]);
    else process.nextTick(callback, null, LOOPBACK.address, LOOPBACK.family);
  };
  Object.assign(dns, { lookup: Object.assign(lookup, original) });
}
