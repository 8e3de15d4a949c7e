// Variables, parsed once for each isolate.
import { getDomain } from "tldts";

export type Hosts = {
  /** Host names (without port) that are the platform itself. */
  readonly platform: ReadonlySet<string>;
  /** Apps live below this name. */
  readonly appsDomain: string;
};

let parsed: { readonly source: string; readonly hosts: Hosts } | null = null;

/**
 * The platform's hosts and the apps' domain. Throws when they share a registrable domain: an app could then set cookies
 * for the platform (ARCHITECTURE.md "At the door").
 */
export function parsePlatformHosts(
  env: Pick<Cloudflare.Env, "OURSYNTH_HOSTS" | "OURSYNTH_APPS_DOMAIN">,
): Hosts {
  const source = `${env.OURSYNTH_HOSTS} ${env.OURSYNTH_APPS_DOMAIN}`;
  if (parsed?.source === source) return parsed.hosts;
  const platform = new Set(
    env.OURSYNTH_HOSTS.split(",")
      .map((host) => host.trim().toLowerCase())
      .filter((host) => host !== ""),
  );
  const appsDomain = env.OURSYNTH_APPS_DOMAIN.trim().toLowerCase();
  for (const host of platform) {
    if (siteOf(host) !== siteOf(appsDomain)) continue;
    throw new Error(
      `OURSYNTH_APPS_DOMAIN (${appsDomain}) shares the registrable domain ${siteOf(host)} with the platform host ${host}: give apps a domain of their own`,
    );
  }
  parsed = { source, hosts: { platform, appsDomain } };
  return parsed.hosts;
}

/** The registrable domain; a name that has none (localhost, an address) stands for itself. */
function siteOf(host: string): string {
  return getDomain(host, { allowPrivateDomains: true }) ?? host;
}
