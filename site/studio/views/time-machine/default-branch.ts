// Which branch is looked at when the address names none.

const MAIN = "main";

/** main where there is one, else the first; main too where there is none at all. */
export function defaultBranch(branches: readonly { readonly name: string }[]): string {
  return branches.some(({ name }) => name === MAIN) ? MAIN : (branches[0]?.name ?? MAIN);
}
