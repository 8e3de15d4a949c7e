// Which file answers a path: the rules of Workers static assets (html_handling, not_found_handling), as a lookup in the
// artifact's own list, so that no path can name anything else.
import type { Artifact, ArtifactAsset, Configuration } from "../../schemas/artifact.ts";

export type AssetsByPath = ReadonlyMap<string, ArtifactAsset>;

export type AssetAnswer =
  | { readonly kind: "file"; readonly asset: ArtifactAsset; readonly status: 200 | 404 }
  /** `path` is decoded. */
  | { readonly kind: "redirect"; readonly path: string }
  | { readonly kind: "none" };

export type AssetRules = Pick<Configuration, "htmlHandling" | "notFoundHandling">;

type Step =
  | { readonly serve: string }
  /** To `to`, if nothing else is there and what it then answers is the file `when`. */
  | { readonly to: string; readonly when: string };

const NONE: AssetAnswer = { kind: "none" };

/** The artifact's assets by the path that a browser asks for: `/` and the stored path. */
export function indexAssets(artifact: Artifact): AssetsByPath {
  return new Map(artifact.assets.map((asset) => [`/${asset.path}`, asset]));
}

/** The path as its author wrote it, with single slashes; null when an escape in it is broken. */
export function decodeAssetPath(pathname: string): string | null {
  if (!pathname.includes("%")) return pathname.replace(/\/{2,}/g, "/");
  try {
    return pathname
      .split("/")
      .map(decodeURIComponent)
      .join("/")
      .replace(/\/{2,}/g, "/");
  } catch {
    // decodeURIComponent throws on bytes that are not UTF-8 and on a bare percent sign: both are the visitor's mistake.
    return null;
  }
}

/** What answers a decoded path by html_handling alone. */
export function resolveAsset(assets: AssetsByPath, path: string, rules: AssetRules): AssetAnswer {
  return resolveSteps(assets, path, rules, true);
}

/** What answers a path that no file answers, by not_found_handling. */
export function resolveNotFound(assets: AssetsByPath, path: string, rules: AssetRules): AssetAnswer {
  switch (rules.notFoundHandling) {
    case "none":
      return NONE;
    case "single-page-application":
      return answerWith(assets.get("/index.html"), 200);
    case "404-page":
      return answerWith(findNearest(assets, path, "404.html"), 404);
  }
}

function resolveSteps(
  assets: AssetsByPath,
  path: string,
  rules: AssetRules,
  mayRedirect: boolean,
): AssetAnswer {
  for (const step of listSteps(path, rules.htmlHandling)) {
    if ("serve" in step) {
      const asset = assets.get(step.serve);
      if (asset !== undefined) return { kind: "file", asset, status: 200 };
    } else if (mayRedirect && isSafeRedirect(assets, step, rules)) {
      return { kind: "redirect", path: step.to };
    }
  }
  return NONE;
}

/** Not over another file, and only to what gives the same file. */
function isSafeRedirect(
  assets: AssetsByPath,
  step: { readonly to: string; readonly when: string },
  rules: AssetRules,
): boolean {
  const wanted = assets.get(step.when);
  if (wanted === undefined || assets.has(step.to)) return false;
  const answer = resolveSteps(assets, step.to, rules, false);
  return answer.kind === "file" && answer.asset.sha256 === wanted.sha256;
}

function listSteps(path: string, handling: Configuration["htmlHandling"]): readonly Step[] {
  switch (handling) {
    case "none":
      return [{ serve: path }];
    case "auto-trailing-slash":
      return listAutoSteps(path);
    case "force-trailing-slash":
      return listForceSteps(path);
    case "drop-trailing-slash":
      return listDropSteps(path);
  }
}

function listAutoSteps(path: string): readonly Step[] {
  const last: Step[] = [
    { serve: path },
    { serve: `${path}.html` },
    { to: `${path}/`, when: `${path}/index.html` },
  ];
  if (path.endsWith("/index")) {
    const folder = path.slice(0, -"index".length);
    const bare = path.slice(0, -"/index".length);
    return [
      { serve: path },
      { to: folder, when: `${path}.html` },
      { to: bare, when: `${bare}.html` },
      ...last,
    ];
  }
  if (path.endsWith("/index.html")) {
    const folder = path.slice(0, -"index.html".length);
    const bare = path.slice(0, -"/index.html".length);
    return [{ to: folder, when: path }, { to: bare, when: `${bare}.html` }, ...last];
  }
  if (path.endsWith("/")) {
    const bare = path.slice(0, -1);
    return [{ serve: `${path}index.html` }, { to: bare, when: `${bare}.html` }, ...last];
  }
  if (path.endsWith(".html")) {
    const bare = path.slice(0, -".html".length);
    return [{ to: bare, when: path }, { to: `${bare}/`, when: `${bare}/index.html` }, ...last];
  }
  return last;
}

function listForceSteps(path: string): readonly Step[] {
  const last: Step[] = [
    { serve: path },
    { to: `${path}/`, when: `${path}.html` },
    { to: `${path}/`, when: `${path}/index.html` },
  ];
  if (path.endsWith("/index")) {
    const folder = path.slice(0, -"index".length);
    const bare = path.slice(0, -"/index".length);
    return [
      { serve: path },
      { to: folder, when: `${path}.html` },
      { to: folder, when: `${bare}.html` },
      ...last,
    ];
  }
  if (path.endsWith("/index.html")) {
    const folder = path.slice(0, -"index.html".length);
    const bare = path.slice(0, -"/index.html".length);
    return [{ to: folder, when: path }, { to: folder, when: `${bare}.html` }, ...last];
  }
  if (path.endsWith("/")) {
    return [{ serve: `${path}index.html` }, { serve: `${path.slice(0, -1)}.html` }, ...last];
  }
  if (path.endsWith(".html")) {
    const folder = `${path.slice(0, -".html".length)}/`;
    return [
      { to: folder, when: path },
      { serve: path },
      { to: folder, when: `${folder}index.html` },
      ...last,
    ];
  }
  return last;
}

function listDropSteps(path: string): readonly Step[] {
  const last: Step[] = [{ serve: path }, { serve: `${path}.html` }, { serve: `${path}/index.html` }];
  if (path === "/") return [{ serve: "/index.html" }, ...last];
  if (path === "/index") return [{ serve: path }, { to: "/", when: "/index.html" }, ...last];
  if (path === "/index.html") return [{ to: "/", when: path }, ...last];
  if (path.endsWith("/index")) {
    const bare = path.slice(0, -"/index".length);
    return [{ serve: path }, { to: bare, when: `${bare}.html` }, { to: bare, when: `${path}.html` }, ...last];
  }
  if (path.endsWith("/index.html")) {
    const bare = path.slice(0, -"/index.html".length);
    return [{ to: bare, when: path }, { serve: path }, { to: bare, when: `${bare}.html` }, ...last];
  }
  if (path.endsWith("/")) {
    const bare = path.slice(0, -1);
    return [{ to: bare, when: `${bare}.html` }, { to: bare, when: `${bare}/index.html` }, ...last];
  }
  if (path.endsWith(".html")) {
    const bare = path.slice(0, -".html".length);
    return [{ to: bare, when: path }, { to: bare, when: `${bare}/index.html` }, ...last];
  }
  return last;
}

function answerWith(asset: ArtifactAsset | undefined, status: 200 | 404): AssetAnswer {
  return asset === undefined ? NONE : { kind: "file", asset, status };
}

function findNearest(assets: AssetsByPath, path: string, name: string): ArtifactAsset | undefined {
  let folder = path;
  while (folder !== "") {
    folder = folder.slice(0, folder.lastIndexOf("/"));
    const asset = assets.get(`${folder}/${name}`);
    if (asset !== undefined) return asset;
  }
  return undefined;
}
