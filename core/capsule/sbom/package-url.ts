// Package URLs of npm packages (purl specification, type npm): `pkg:npm/%40scope/name@1.2.3`.

/** @param vcsUrl where it comes from when that is no registry, without user or password */
export function packageUrl(name: string, version: string, vcsUrl: string | null): string {
  const slash = name.startsWith("@") ? name.indexOf("/") : -1;
  const plain = slash < 0 ? encode(name) : `${encode(name.slice(0, slash))}/${encode(name.slice(slash + 1))}`;
  const qualifiers = vcsUrl === null ? "" : `?vcs_url=${encode(vcsUrl)}`;
  return `pkg:npm/${plain}@${encode(version)}${qualifiers}`;
}

/** A git source as lockfiles write it, with nothing in it that opens a door; null for every other source. */
export function gitSourceOf(resolved: string | null): string | null {
  if (resolved === null || !/^git(?:\+|:)/.test(resolved)) return null;
  const url = URL.parse(resolved);
  if (url === null) return null;
  const host = url.protocol.startsWith("git+ssh") && url.username === "git" ? `git@${url.host}` : url.host;
  return `${url.protocol}//${host}${url.pathname}${url.hash}`;
}

/** Everything but what the specification leaves unencoded. */
function encode(text: string): string {
  return encodeURIComponent(text.toWellFormed())
    .replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll("%3A", ":");
}
