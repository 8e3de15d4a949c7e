// Class names of one element from parts, some of which may not hold.

/** Joins what is a name with spaces: `classNames("halo-card", isOpen && "halo-card--open", given)`. */
export function classNames(...parts: readonly (string | false | null | undefined)[]): string {
  return parts.filter((part) => typeof part === "string" && part !== "").join(" ");
}
