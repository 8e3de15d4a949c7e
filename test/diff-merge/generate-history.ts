// A seeded git history with branches, as a stream for `git fast-import`.

export type HistoryOptions = {
  readonly seed: number;
  readonly commitCount: number;
  /** Whether files move, sometimes with a change in the same commit. */
  readonly hasRenames: boolean;
};

export type GeneratedHistory = {
  /** For `git fast-import`. */
  readonly stream: Buffer;
  /** Marks of the commits, by branch, oldest first. */
  readonly marksByBranch: readonly (readonly number[])[];
};

type Entry = { readonly mode: "100644" | "100755"; readonly content: Buffer };
type Tree = Map<string, Entry>;
type Branch = { tree: Tree; readonly marks: number[]; head: number };

const BRANCH_COUNT = 4;
const FIRST_FILES = 80;
const MAX_EDITS = 3;
/** One commit in so many begins a branch anew from another. */
const REBRANCH_EVERY = 5;
const COMMON_LINES = ["", "}", "  }", "  return;", "  },"];

export function generateHistory({ seed, commitCount, hasRenames }: HistoryOptions): GeneratedHistory {
  const random = mulberry32(seed);
  const below = (count: number): number => Math.floor(random() * count);
  const pick = <Item>(items: readonly Item[]): Item => items[below(items.length)] as Item;
  let nextLine = 0;
  const newLine = (): string => (below(4) === 0 ? pick(COMMON_LINES) : `  statement ${nextLine++};`);
  const newText = (): Buffer =>
    Buffer.from(`${Array.from({ length: 1 + below(90) }, newLine).join("\n")}${below(8) === 0 ? "" : "\n"}`);
  const newBinary = (): Buffer => Buffer.from([0, ...Array.from({ length: 20 }, () => below(256))]);
  const newPath = (): string => `${pick(["src", "src/deep", "docs", "assets"])}/file-${below(120)}.txt`;

  const editText = (content: Buffer): Buffer => {
    const lines = content.toString("utf8").split("\n");
    for (let count = 1 + below(MAX_EDITS); count > 0; count--) {
      const removedCount = below(3);
      const added = Array.from({ length: below(4) }, newLine);
      lines.splice(below(lines.length + 1), removedCount, ...added);
    }
    return Buffer.from(lines.join("\n"));
  };
  const change = (tree: Tree): void => {
    const paths = [...tree.keys()];
    const path = paths.length === 0 ? newPath() : pick(paths);
    const entry = tree.get(path) ?? { mode: "100644", content: newText() };
    const isBinary = entry.content.includes(0);
    const choice = below(20);
    if (choice < 12) tree.set(path, { ...entry, content: isBinary ? newBinary() : editText(entry.content) });
    else if (choice < 15)
      tree.set(newPath(), { mode: "100644", content: below(5) === 0 ? newBinary() : newText() });
    else if (choice < 16) tree.delete(path);
    else if (choice < 17) tree.set(path, { ...entry, mode: entry.mode === "100644" ? "100755" : "100644" });
    else if (hasRenames) {
      tree.delete(path);
      tree.set(
        `moved/${path}`,
        choice === 18 && !isBinary ? { ...entry, content: editText(entry.content) } : entry,
      );
    }
  };

  const first: Tree = new Map();
  while (first.size < FIRST_FILES) {
    first.set(newPath(), { mode: "100644", content: below(8) === 0 ? newBinary() : newText() });
  }
  const parts: Buffer[] = [];
  const writeCommit = (mark: number, branch: number, tree: Tree, parent: number): void => {
    const head = `commit refs/heads/b${branch}\nmark :${mark}\ncommitter T <t@example.com> ${1_700_000_000 + mark} +0000\ndata 1\nx\n`;
    parts.push(Buffer.from(`${head}${parent === 0 ? "" : `from :${parent}\n`}deleteall\n`));
    for (const [path, { mode, content }] of tree) {
      parts.push(
        Buffer.from(`M ${mode} inline ${path}\ndata ${content.length}\n`),
        content,
        Buffer.from("\n"),
      );
    }
  };
  const branches: Branch[] = Array.from({ length: BRANCH_COUNT }, () => ({
    tree: new Map(first),
    marks: [],
    head: 1,
  }));
  writeCommit(1, 0, first, 0);
  for (let mark = 2; mark <= commitCount; mark++) {
    const index = below(BRANCH_COUNT);
    const branch = branches[index] as Branch;
    if (below(REBRANCH_EVERY) === 0) {
      const other = pick(branches);
      branch.tree = new Map(other.tree);
      branch.head = other.head;
    }
    for (let count = 1 + below(3); count > 0; count--) change(branch.tree);
    writeCommit(mark, index, branch.tree, branch.head);
    branch.head = mark;
    branch.marks.push(mark);
  }
  return { stream: Buffer.concat(parts), marksByBranch: branches.map(({ marks }) => marks) };
}

/** A small generator of numbers in [0, 1) that gives the same ones for the same seed. */
export function mulberry32(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
