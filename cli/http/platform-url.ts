// Where the platform is.
import { usageError } from "../output/cli-error.ts";

export const DEFAULT_URL = "http://localhost:8787";

/** Parses what was given as --url or OURSYNTH_URL: http or https, nothing behind the host. */
export function parsePlatformUrl(text: string): URL {
  const url = URL.parse(text.includes("://") ? text : `http://${text}`);
  if (url === null || (url.protocol !== "http:" && url.protocol !== "https:")) {
    throw usageError(`${text} is not the URL of a platform.`, `Give one such as ${DEFAULT_URL}.`);
  }
  return new URL(url.origin);
}

/** `localhost` and names under it. */
export function isLocalhostName(hostname: string): boolean {
  return /^(?:.+\.)?localhost\.?$/i.test(hostname);
}

/** Whether the URL is this very machine: only there is the token of `npm start` ever sent. */
export function isLoopback(url: URL): boolean {
  return isLocalhostName(url.hostname) || /^127(?:\.\d+){3}$/.test(url.hostname) || url.hostname === "[::1]";
}
