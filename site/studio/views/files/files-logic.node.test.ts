// Files: the tree, what a file is shown as, drafts, and edits that meet.
import { describe, expect, test } from "vitest";
import { buildTree, type TreeNode } from "./build-tree.ts";
import { dropDraft, keepDraft, readDraft } from "./draft-store.ts";
import { readContent } from "./file-content.ts";
import { mergeEdit } from "./merge-edit.ts";

function file(path: string) {
  return { path, mode: "file", sizeBytes: 1, sha256: "0".repeat(64) } as const;
}

function names(nodes: readonly TreeNode[]): unknown[] {
  return nodes.map((node) => (node.kind === "file" ? node.name : { [node.name]: names(node.children) }));
}

describe("the tree", () => {
  const files = ["b.txt", "src/z.ts", "src/deep/a.ts", "a.txt"].map(file);

  test("has folders first, and every file at its place", () => {
    expect(names(buildTree(files))).toEqual([{ src: [{ deep: ["a.ts"] }, "z.ts"] }, "a.txt", "b.txt"]);
  });

  test("a search leaves the folders in which something is found", () => {
    expect(names(buildTree(files, "A.T"))).toEqual([{ src: [{ deep: ["a.ts"] }] }, "a.txt"]);
    expect(buildTree(files, "nowhere")).toEqual([]);
  });

  test("a name that objects have is a name", () => {
    expect(names(buildTree([file("__proto__/constructor")]))).toEqual([{ ["__proto__"]: ["constructor"] }]);
  });
});

describe("a file", () => {
  test("is text, an image or neither by its bytes and its name", () => {
    const bytes = new TextEncoder().encode("<svg>ü</svg>");
    expect(readContent("a.svg", bytes)).toEqual({ kind: "text", text: "<svg>ü</svg>" });
    expect(readContent("a.bin", new Uint8Array([0, 1]))).toEqual({ kind: "binary" });
    const png = new Uint8Array(20_000).fill(7);
    expect(readContent("A.PNG", png)).toEqual({ kind: "image", type: "image/png", bytes: png });
  });
});

describe("a draft", () => {
  const place = { projectId: "prj_1", branch: "main", path: "a b/c.ts" };
  const draft = { text: "new", message: "why", baseText: "old", baseHead: 7 };

  test("comes back as it was, and goes when it is dropped", () => {
    const kept = new Map<string, string>();
    const store = {
      getItem: (key: string) => kept.get(key) ?? null,
      setItem: (key: string, value: string) => void kept.set(key, value),
      removeItem: (key: string) => void kept.delete(key),
    };
    expect(keepDraft(place, draft, store)).toBe(true);
    expect(readDraft(place, store)).toEqual(draft);
    expect(readDraft({ ...place, branch: "idea" }, store)).toBeNull();
    dropDraft(place, store);
    expect(readDraft(place, store)).toBeNull();
    kept.set("oursynth draft prj_1 main a b/c.ts", "{");
    expect(readDraft(place, store)).toBeNull();
  });

  test("a browser without a store keeps nothing and breaks nothing", () => {
    const refuse = () => {
      throw new Error("denied");
    };
    const store = { getItem: refuse, setItem: refuse, removeItem: refuse };
    expect(keepDraft(place, draft, store)).toBe(false);
    expect(readDraft(place, store)).toBeNull();
    dropDraft(place, store);
  });
});

describe("two edits of one file", () => {
  test("that do not meet are both taken; those that meet are the person's to decide", () => {
    const base = "a\nb\nc\nd\n";
    expect(mergeEdit({ base, mine: "A\nb\nc\nd\n", theirs: "a\nb\nc\nD\n" })).toBe("A\nb\nc\nD\n");
    expect(mergeEdit({ base, mine: "A\nb\nc\nd\n", theirs: "X\nb\nc\nd\n" })).toBeNull();
  });
});
