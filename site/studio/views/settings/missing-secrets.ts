// Which of the secrets that an app declares nobody has set.

/** Nothing while it is not known what is set. */
export function missingSecrets(
  declared: readonly string[],
  secrets: readonly { readonly name: string }[] | undefined,
): readonly string[] {
  if (secrets === undefined) return [];
  const names = new Set(secrets.map(({ name }) => name));
  return [...new Set(declared)].filter((name) => !names.has(name));
}
