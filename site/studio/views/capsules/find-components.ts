// Looks for packages in a bill of materials.
import type { ListedComponent } from "../../../../core/capsule/sbom/read-sbom.ts";

/** Those that hold every word of the search somewhere, by name and then version. */
export function findComponents(
  components: readonly ListedComponent[],
  search: string,
): readonly ListedComponent[] {
  const words = search
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== "");
  return components
    .filter(({ name, version, license, purl }) => {
      const text = [name, version, license, purl]
        .filter((part) => part !== null)
        .join(" ")
        .toLowerCase();
      return words.every((word) => text.includes(word));
    })
    .toSorted((a, b) => compare(a.name, b.name) || compare(a.version, b.version));
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
