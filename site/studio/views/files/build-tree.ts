// The files of a moment as folders.

export type FileFacts = {
  readonly path: string;
  readonly mode: "file" | "executable";
  readonly sizeBytes: number;
  readonly sha256: string;
};

export type TreeNode =
  | { readonly kind: "file"; readonly name: string; readonly file: FileFacts }
  | {
      readonly kind: "folder";
      readonly name: string;
      readonly path: string;
      readonly fileCount: number;
      readonly children: readonly TreeNode[];
    };

type OpenFolder = { readonly folders: Map<string, OpenFolder>; readonly files: FileFacts[] };

/** Folders first, both by name; only files whose path has the text in it. */
export function buildTree(files: readonly FileFacts[], search = ""): readonly TreeNode[] {
  const wanted = search.trim().toLowerCase();
  const root = newFolder();
  for (const file of files) {
    if (wanted !== "" && !file.path.toLowerCase().includes(wanted)) continue;
    const names = file.path.split("/").slice(0, -1);
    let folder = root;
    for (const name of names) {
      const known = folder.folders.get(name) ?? newFolder();
      folder.folders.set(name, known);
      folder = known;
    }
    folder.files.push(file);
  }
  return close(root, "");
}

function newFolder(): OpenFolder {
  return { folders: new Map(), files: [] };
}

function close({ folders, files }: OpenFolder, path: string): readonly TreeNode[] {
  const inner = [...folders].map(([name, folder]): TreeNode => {
    const folderPath = `${path}${name}/`;
    const children = close(folder, folderPath);
    return { kind: "folder", name, path: folderPath, fileCount: countFiles(children), children };
  });
  const own = files.map((file): TreeNode => ({ kind: "file", name: file.path.slice(path.length), file }));
  return [...inner.toSorted(byName), ...own.toSorted(byName)];
}

function countFiles(nodes: readonly TreeNode[]): number {
  return nodes.reduce((sum, node) => sum + (node.kind === "file" ? 1 : node.fileCount), 0);
}

function byName(a: TreeNode, b: TreeNode): number {
  return a.name < b.name ? -1 : a.name > b.name ? 1 : 0;
}
