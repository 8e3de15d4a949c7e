// package-lock.json and npm-shrinkwrap.json of versions 2 and 3: a map from places in node_modules to packages.
// What a package gets when it asks for a name follows from the places, as Node resolves it: its own folder first, then up.
import * as z from "zod";
import { fail, ok, type Result } from "../../../schemas/result.ts";
import {
  type Edges,
  LOCKFILE_LIMITS,
  type LockedPackage,
  type Lockfile,
  type LockfileReason,
} from "./lockfile.ts";
import { gitSourceOf } from "./package-url.ts";

const names = z.record(z.string(), z.unknown()).optional();
const entrySchema = z.looseObject({
  name: z.string().optional(),
  version: z.string().optional(),
  resolved: z.union([z.string(), z.boolean()]).optional(),
  integrity: z.string().optional(),
  license: z.unknown().optional(),
  link: z.boolean().optional(),
  dependencies: names,
  devDependencies: names,
  optionalDependencies: names,
  peerDependencies: names,
});
const lockfileSchema = z.looseObject({
  lockfileVersion: z.union([z.literal(2), z.literal(3)]),
  packages: z.record(z.string(), entrySchema),
});

type Entry = z.infer<typeof entrySchema>;

const FOLDER = "node_modules/";

export function parseNpmLockfile(bytes: Uint8Array): Result<Lockfile, LockfileReason> {
  const parsed = parseJson(bytes);
  const version =
    typeof parsed === "object" && parsed !== null && "lockfileVersion" in parsed
      ? parsed.lockfileVersion
      : null;
  if (version === 1)
    return invalid("is of lockfileVersion 1; npm 7 or later writes a newer one with `npm install`");
  const shaped = lockfileSchema.safeParse(parsed);
  if (!shaped.success) return invalid("is not a package-lock.json of lockfileVersion 2 or 3");
  const places = new Map(Object.entries(shaped.data.packages));
  if (places.size > LOCKFILE_LIMITS.packageCount)
    return fail({ code: "too-large", message: `has more than ${LOCKFILE_LIMITS.packageCount} packages` });
  const packages: LockedPackage[] = [];
  const workspaces: string[] = [];
  for (const [place, entry] of places) {
    if (place === "" || entry.link === true) continue;
    if (!place.includes(FOLDER)) workspaces.push(place);
    packages.push(describe(place, entry, places));
  }
  const root = edgesOf("", places.get("") ?? { license: null }, places);
  // Workspaces are part of the app, whether or not its root names them.
  return ok({ packages, root: { ...root, required: [...root.required, ...workspaces] } });
}

function describe(place: string, entry: Entry, places: ReadonlyMap<string, Entry>): LockedPackage {
  const resolved = typeof entry.resolved === "string" ? entry.resolved : null;
  return {
    key: place,
    name: entry.name ?? place.slice(place.lastIndexOf(FOLDER) + (place.includes(FOLDER) ? FOLDER.length : 1)),
    version: entry.version ?? "0.0.0",
    license: typeof entry.license === "string" ? entry.license : null,
    integrity: entry.integrity ?? null,
    vcsUrl: gitSourceOf(resolved),
    isLocal: !place.includes(FOLDER),
    edges: edgesOf(place, entry, places),
  };
}

/** npm installs peers too; one that is not there was optional. */
function edgesOf(place: string, entry: Entry, places: ReadonlyMap<string, Entry>): Edges {
  const resolve = (wanted: Record<string, unknown> | undefined): string[] =>
    Object.keys(wanted ?? {}).flatMap((name) => resolvePlace(place, name, places) ?? []);
  const optional = new Set(Object.keys(entry.optionalDependencies ?? {}));
  // npm writes an optional dependency into both lists.
  const required = Object.fromEntries(
    Object.entries({ ...entry.peerDependencies, ...entry.dependencies }).filter(
      ([name]) => !optional.has(name),
    ),
  );
  return {
    required: resolve(required),
    optional: resolve(entry.optionalDependencies),
    // Those of a package that is installed are not installed with it.
    development: place.includes(FOLDER) ? [] : resolve(entry.devDependencies),
  };
}

function resolvePlace(from: string, name: string, places: ReadonlyMap<string, Entry>): string | null {
  for (let folder = from; ; ) {
    const place = folder === "" ? FOLDER + name : `${folder}/${FOLDER}${name}`;
    const entry = places.get(place);
    if (entry?.link === true && typeof entry.resolved === "string") return entry.resolved;
    if (entry !== undefined) return place;
    if (folder === "") return null;
    folder = parentOf(folder);
  }
}

/** The folder whose node_modules is asked next. */
function parentOf(folder: string): string {
  const up = folder.lastIndexOf("/node_modules/");
  if (up >= 0) return folder.slice(0, up);
  return "";
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    // Whatever the fault is, it is no lockfile; npm itself says more.
    return null;
  }
}

function invalid(message: string): Result<never, LockfileReason> {
  return fail({ code: "invalid-lockfile", message });
}
