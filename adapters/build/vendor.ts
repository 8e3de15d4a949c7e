// The packages that the platform provides to apps, bundled beforehand by scripts/build-vendor.ts.
// Half a megabyte: loaded by the first compilation, so that a visit never pays for it.

export type Vendor = Awaited<ReturnType<typeof loadVendor>>;

/** The table of provided packages: specifier to module name, and the modules' code. */
export async function loadVendor() {
  const { vendor } = await import("../../.generated/vendor.js");
  return vendor;
}

/** Every module that the given ones need, themselves included, sorted. */
export function reachVendorModules(vendor: Vendor, names: Iterable<string>): readonly string[] {
  const reached = new Set<string>(names);
  for (const name of reached) {
    for (const imported of vendor.modules[name]?.imports ?? []) reached.add(imported);
  }
  return [...reached].sort();
}

/** The packages' names without their subpaths, for people. */
export function listProvidedPackages(vendor: Vendor): readonly string[] {
  return [...new Set(Object.keys(vendor.entries).map((specifier) => specifier.split("/")[0] ?? specifier))];
}
