// pnpm-lock.yaml of versions 6 to 9. From 9 on, `packages` says what a package is and `snapshots` what it got; before,
// both stand in `packages`. A snapshot's key is `name@version(peers)`, before 9 with a slash in front.
import { parse } from "yaml";
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

const wantedSchema = z
  .record(z.string(), z.union([z.string(), z.looseObject({ version: z.string() })]))
  .nullish();
const importerSchema = z.looseObject({
  dependencies: wantedSchema,
  devDependencies: wantedSchema,
  optionalDependencies: wantedSchema,
});
const packageSchema = z.looseObject({
  name: z.string().optional(),
  version: z.string().optional(),
  resolution: z
    .looseObject({
      integrity: z.string().optional(),
      repo: z.string().optional(),
      commit: z.string().optional(),
    })
    .optional(),
  dependencies: wantedSchema,
  optionalDependencies: wantedSchema,
});
const lockfileSchema = z.looseObject({
  lockfileVersion: z.union([z.string(), z.number()]),
  importers: z.record(z.string(), importerSchema).optional(),
  packages: z.record(z.string(), packageSchema).nullish(),
  snapshots: z.record(z.string(), packageSchema.nullable()).nullish(),
  dependencies: wantedSchema,
  devDependencies: wantedSchema,
  optionalDependencies: wantedSchema,
});

type Package = z.infer<typeof packageSchema>;
type Wanted = z.infer<typeof wantedSchema>;
type Importer = z.infer<typeof importerSchema>;

const OLDEST = 6;
const NEWEST = 9;

export function parsePnpmLockfile(bytes: Uint8Array): Result<Lockfile, LockfileReason> {
  const shaped = lockfileSchema.safeParse(parseYaml(bytes));
  if (!shaped.success) return invalid("is not a pnpm-lock.yaml");
  const major = Math.floor(Number(shaped.data.lockfileVersion));
  if (!(major >= OLDEST && major <= NEWEST))
    return invalid(`is of a lockfileVersion that is not read here; ${OLDEST} to ${NEWEST} are`);
  const described = new Map(Object.entries(shaped.data.packages ?? {}));
  const snapshots = new Map(
    Object.entries(shaped.data.snapshots ?? shaped.data.packages ?? {}).map(([key, value]) => [
      key,
      value ?? {},
    ]),
  );
  const importers = Object.entries(shaped.data.importers ?? { ".": shaped.data });
  if (snapshots.size + importers.length > LOCKFILE_LIMITS.packageCount)
    return fail({ code: "too-large", message: `has more than ${LOCKFILE_LIMITS.packageCount} packages` });
  const packages = [...snapshots].map(([key, snapshot]) => describe(key, snapshot, described, snapshots));
  const workspaces = importers.filter(([place]) => place !== ".");
  for (const [place, importer] of workspaces) packages.push(describeWorkspace(place, importer, snapshots));
  const own = importers.find(([place]) => place === ".")?.[1] ?? {};
  const root = edgesOf(".", own, snapshots);
  return ok({
    packages,
    root: { ...root, required: [...root.required, ...workspaces.map(([place]) => place)] },
  });
}

/** Nothing in a lockfile repeats by reference, so no alias is followed. */
function parseYaml(bytes: Uint8Array): unknown {
  try {
    return parse(new TextDecoder().decode(bytes), { maxAliasCount: 0, schema: "core", logLevel: "silent" });
  } catch {
    // Whatever the fault is, it is no lockfile; pnpm itself says more.
    return null;
  }
}

function describe(
  key: string,
  snapshot: Package,
  described: ReadonlyMap<string, Package>,
  snapshots: ReadonlyMap<string, Package>,
): LockedPackage {
  const plainKey = withoutPeers(key);
  const about = described.get(key) ?? described.get(plainKey) ?? snapshot;
  const named = splitKey(plainKey);
  const { repo, commit, integrity } = about.resolution ?? {};
  const git =
    repo === undefined
      ? null
      : `git+${repo.replace(/^git\+/, "")}${commit === undefined ? "" : `#${commit}`}`;
  return {
    key,
    name: about.name ?? named.name,
    version: about.version ?? named.version,
    license: null,
    integrity: integrity ?? null,
    vcsUrl: gitSourceOf(git),
    isLocal: /^(?:file|link):/.test(named.version),
    edges: edgesOf(null, snapshot, snapshots),
  };
}

function describeWorkspace(
  place: string,
  importer: Importer,
  snapshots: ReadonlyMap<string, Package>,
): LockedPackage {
  return {
    key: place,
    name: place,
    version: "0.0.0",
    license: null,
    integrity: null,
    vcsUrl: null,
    isLocal: true,
    edges: edgesOf(place, importer, snapshots),
  };
}

/** @param place the workspace that asks, for links; null for a package of a registry */
function edgesOf(place: string | null, wanted: Importer, snapshots: ReadonlyMap<string, Package>): Edges {
  const resolve = (list: Wanted): string[] =>
    Object.entries(list ?? {}).flatMap(([name, value]) => {
      const reference = typeof value === "string" ? value : value.version;
      return resolveReference(place, name, reference, snapshots) ?? [];
    });
  return {
    required: resolve(wanted.dependencies),
    optional: resolve(wanted.optionalDependencies),
    development: resolve(wanted.devDependencies),
  };
}

/** A reference is a version with its peers, or the whole key of a package that goes by another name. */
function resolveReference(
  place: string | null,
  name: string,
  reference: string,
  snapshots: ReadonlyMap<string, Package>,
): string | null {
  if (reference.startsWith("link:")) return joinPlace(place ?? ".", reference.slice("link:".length));
  const keys = [`${name}@${reference}`, `/${name}@${reference}`, reference];
  return keys.find((key) => snapshots.has(key)) ?? null;
}

/** The importer that a link leads to. */
function joinPlace(from: string, to: string): string {
  const segments = from === "." ? [] : from.split("/");
  for (const segment of to.split("/")) {
    if (segment === "..") segments.pop();
    else if (segment !== "." && segment !== "") segments.push(segment);
  }
  return segments.join("/") || ".";
}

function withoutPeers(key: string): string {
  const open = key.indexOf("(");
  return open < 0 ? key : key.slice(0, open);
}

/** `@scope/name@1.0.0` at the first `@` that does not begin a scope. */
function splitKey(key: string): { readonly name: string; readonly version: string } {
  const plain = key.startsWith("/") ? key.slice(1) : key;
  const at = plain.indexOf("@", 1);
  return at < 0
    ? { name: plain, version: "0.0.0" }
    : { name: plain.slice(0, at), version: plain.slice(at + 1) };
}

function invalid(message: string): Result<never, LockfileReason> {
  return fail({ code: "invalid-lockfile", message });
}
