// A flat list of paths as the folders that a person looks through.

export type TreeFile<File> = { readonly kind: "file"; readonly name: string; readonly file: File };
export type TreeFolder<File> = {
  readonly kind: "folder";
  readonly name: string;
  /** From the root, without a slash at the end. */
  readonly path: string;
  readonly fileCount: number;
  readonly sizeBytes: number;
  readonly entries: readonly (TreeFile<File> | TreeFolder<File>)[];
};

type Line = { readonly path: string; readonly sizeBytes: number };

/** The root folder; in each folder first the folders, then the files, both by name. */
export function buildTree<File extends Line>(files: readonly File[]): TreeFolder<File> {
  return gather(
    files.map((file) => ({ file, segments: file.path.split("/") })),
    "",
    "",
  );
}

/** Every folder that a file lies in, from the root down: `a/b/c.txt` lies in `a` and `a/b`. */
export function foldersAbove(path: string): readonly string[] {
  const segments = path.split("/").slice(0, -1);
  return segments.map((_, index) => segments.slice(0, index + 1).join("/"));
}

function gather<File extends Line>(
  lines: readonly { readonly file: File; readonly segments: readonly string[] }[],
  name: string,
  path: string,
): TreeFolder<File> {
  const files: TreeFile<File>[] = [];
  const below = new Map<string, { file: File; segments: readonly string[] }[]>();
  for (const { file, segments } of lines) {
    const [first = "", ...rest] = segments;
    if (rest.length === 0) files.push({ kind: "file", name: first, file });
    else if (below.get(first)?.push({ file, segments: rest }) === undefined)
      below.set(first, [{ file, segments: rest }]);
  }
  const folders = [...below].map(([folder, inside]) =>
    gather(inside, folder, path === "" ? folder : `${path}/${folder}`),
  );
  return {
    kind: "folder",
    name,
    path,
    fileCount: lines.length,
    sizeBytes: lines.reduce((sum, { file }) => sum + file.sizeBytes, 0),
    entries: [...folders.sort(byName), ...files.sort(byName)],
  };
}

function byName(a: { readonly name: string }, b: { readonly name: string }): number {
  return a.name < b.name ? -1 : a.name > b.name ? 1 : 0;
}
