// What the secret rules let in on purpose (CAPSULE.md C8, `--allow PATH`).

/** Each rule names a file, or a folder with all that lies in it; written with either slash, with or without `./`. */
export function allowRules(allow: readonly string[]): (path: string) => boolean {
  const plain = allow.map((path) =>
    path
      .replaceAll("\\", "/")
      .replace(/^(?:\.\/+)+/, "")
      .replace(/\/+$/, ""),
  );
  return (path) => plain.some((allowed) => path === allowed || path.startsWith(`${allowed}/`));
}
