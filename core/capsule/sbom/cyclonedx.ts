// The software bill of materials of a capsule as CycloneDX 1.6 (CAPSULE.md B1): no serial number, no clock, everything
// sorted, so that the same app gives the same bytes.
import type { Manifest } from "../../../schemas/manifest.ts";
import { canonicalBytes } from "../canonical-json.ts";
import { isLicenseExpression } from "../license.ts";
import { type Hash, hashesOf } from "./integrity.ts";
import type { Edges, LockedPackage, Lockfile } from "./lockfile.ts";
import { packageUrl } from "./package-url.ts";
import { PROVIDED_DEPENDENCIES, PROVIDED_PACKAGES } from "./provided-packages.ts";

export type SbomInput = {
  readonly manifest: Pick<Manifest, "id" | "name" | "rights">;
  readonly lockfile: Lockfile | null;
  /** Names of the packages that the platform brings to this app. */
  readonly provided: readonly string[];
};

type Scope = "required" | "optional" | "excluded";
type License =
  | { readonly acknowledgement: "declared"; readonly expression: string }
  | { readonly license: { readonly acknowledgement: "declared"; readonly name: string } };

export type Component = {
  readonly type: "library";
  readonly "bom-ref": string;
  readonly group?: string;
  readonly name: string;
  readonly version: string;
  readonly scope: Scope;
  readonly hashes?: readonly Hash[];
  readonly licenses?: readonly License[];
  readonly purl?: string;
  readonly properties?: readonly { readonly name: string; readonly value: string }[];
};

export type Sbom = {
  readonly bomFormat: "CycloneDX";
  readonly specVersion: "1.6";
  readonly version: 1;
  readonly metadata: { readonly component: object };
  readonly components: readonly Component[];
  readonly dependencies: readonly { readonly ref: string; readonly dependsOn: readonly string[] }[];
};

/** A component and what it needs while both are gathered. */
type Part = { readonly component: Component; readonly needs: readonly string[] };

const SCOPES: readonly Scope[] = ["excluded", "optional", "required"];
const PROVIDED_PROPERTY = { name: "oursynth:provided", value: "true" } as const;

/** The document; its bytes are its canonical form. */
export function createSbom({ manifest, lockfile, provided }: SbomInput): Sbom {
  // Without the version (docs/decisions/0012): the next one then carries the same document while nothing in it changes.
  const [app = manifest.id] = manifest.id.split("@");
  const locked = lockfile === null ? { parts: [], root: [] } : describeLocked(app, lockfile);
  const brought = describeProvided(provided);
  const parts = mergeParts([...locked.parts, ...brought]);
  const rootNeeds = [...locked.root, ...brought.map(({ component }) => component["bom-ref"])];
  const dependencies = [
    { ref: app, dependsOn: sorted(rootNeeds) },
    ...parts.map(({ component, needs }) => ({ ref: component["bom-ref"], dependsOn: sorted(needs) })),
  ];
  return {
    bomFormat: "CycloneDX",
    specVersion: "1.6",
    version: 1,
    metadata: {
      component: {
        type: "application",
        "bom-ref": app,
        name: manifest.name,
        licenses: describeLicense(manifest.rights.license),
      },
    },
    components: parts.map(({ component }) => component),
    dependencies: dependencies.sort((a, b) => compare(a.ref, b.ref)),
  };
}

export function sbomBytes(sbom: Sbom): Uint8Array {
  return canonicalBytes(sbom);
}

function describeLocked(
  app: string,
  lockfile: Lockfile,
): { parts: readonly Part[]; root: readonly string[] } {
  const scopes = scopePackages(lockfile);
  const referenceOf = new Map(lockfile.packages.map((item) => [item.key, referTo(app, item)]));
  const refer = ({ required, optional, development }: Edges): string[] =>
    [...required, ...optional, ...development].flatMap((key) => referenceOf.get(key) ?? []);
  const parts = lockfile.packages.map((item) => ({
    component: describePackage(app, item, scopes.get(item.key) ?? "excluded"),
    needs: refer(item.edges),
  }));
  return { parts, root: refer(lockfile.root) };
}

/** What runs is reached without an optional step; what only development reaches, or nothing, is excluded. */
function scopePackages({ packages, root }: Lockfile): ReadonlyMap<string, Scope> {
  const byKey = new Map(packages.map((item) => [item.key, item]));
  const reach = (start: readonly string[], isOptionalToo: boolean): ReadonlySet<string> => {
    const reached = new Set(start);
    for (const key of reached) {
      const edges = byKey.get(key)?.edges;
      for (const next of edges?.required ?? []) reached.add(next);
      if (isOptionalToo) for (const next of edges?.optional ?? []) reached.add(next);
    }
    return reached;
  };
  const required = reach(root.required, false);
  const installed = reach([...root.required, ...root.optional], true);
  return new Map(
    packages.map(({ key }) => [
      key,
      required.has(key) ? "required" : installed.has(key) ? "optional" : "excluded",
    ]),
  );
}

/** A package by its URL; a folder of the app belongs to no registry and goes by its place in the app. */
function referTo(app: string, item: LockedPackage): string {
  return item.isLocal ? `${app}#${item.key}` : packageUrl(item.name, item.version, item.vcsUrl);
}

function describePackage(app: string, item: LockedPackage, scope: Scope): Component {
  const reference = referTo(app, item);
  const hashes = hashesOf(item.integrity);
  return {
    type: "library",
    "bom-ref": reference,
    ...splitName(item.name),
    version: item.version,
    scope,
    ...(hashes.length === 0 ? {} : { hashes }),
    ...(item.license === null ? {} : { licenses: describeLicense(item.license) }),
    ...(item.isLocal ? {} : { purl: reference }),
  };
}

function describeProvided(names: readonly string[]): readonly Part[] {
  const wanted = new Set(names);
  for (const name of wanted) for (const needed of PROVIDED_DEPENDENCIES[name] ?? []) wanted.add(needed);
  const brought = PROVIDED_PACKAGES.filter(({ name }) => wanted.has(name));
  const urls = new Map(brought.map(({ name, version }) => [name, packageUrl(name, version, null)]));
  return brought.map(({ name, version, license }) => {
    const url = packageUrl(name, version, null);
    return {
      component: {
        type: "library",
        "bom-ref": url,
        ...splitName(name),
        version,
        scope: "required",
        licenses: describeLicense(license),
        purl: url,
        properties: [PROVIDED_PROPERTY],
      },
      needs: (PROVIDED_DEPENDENCIES[name] ?? []).flatMap((needed) => urls.get(needed) ?? []),
    };
  });
}

/** One component for each reference: npm can install the same package at several places, and the platform bring it too. */
function mergeParts(parts: readonly Part[]): readonly Part[] {
  const merged = new Map<string, Part>();
  for (const part of parts) {
    const reference = part.component["bom-ref"];
    const other = merged.get(reference);
    merged.set(reference, other === undefined ? part : mergePart(other, part));
  }
  return [...merged.values()].sort((a, b) => compare(a.component["bom-ref"], b.component["bom-ref"]));
}

function mergePart(a: Part, b: Part): Part {
  const scope = SCOPES[Math.max(SCOPES.indexOf(a.component.scope), SCOPES.indexOf(b.component.scope))];
  return {
    component: { ...b.component, ...a.component, ...(scope === undefined ? {} : { scope }) },
    needs: [...a.needs, ...b.needs],
  };
}

/** CycloneDX keeps a scope apart from the name. */
function splitName(name: string): { readonly group?: string; readonly name: string } {
  const slash = name.startsWith("@") ? name.indexOf("/") : -1;
  return slash < 0 ? { name } : { group: name.slice(0, slash), name: name.slice(slash + 1) };
}

/** As its author declared it. What is no SPDX expression is a name, and nothing is guessed from it. */
function describeLicense(text: string): readonly License[] {
  const acknowledgement = "declared";
  return isLicenseExpression(text)
    ? [{ acknowledgement, expression: text }]
    : [{ license: { acknowledgement, name: text } }];
}

function sorted(references: readonly string[]): readonly string[] {
  return [...new Set(references)].sort(compare);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
