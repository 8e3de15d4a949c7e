import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { checkPath, comparePaths, findCollision } from "./path.ts";

function codeOf(path: string): string {
  const result = checkPath(path);
  return result.ok ? "ok" : result.reason.code;
}

describe("checkPath", () => {
  it("[C5] accepts ordinary paths", () => {
    const paths = [
      "a",
      "src/index.ts",
      ".gitignore",
      "a b/c",
      "é/ü.txt",
      "日本/語.md",
      "...a",
      "a..b",
      "console.log",
      "common/nulls.js",
    ];
    for (const path of [...paths, "auxiliary", "com10", "[id]/(group)/@slot/$x.tsx", "a'b#c&d%20"])
      expect(codeOf(path), path).toBe("ok");
  });

  it("[C5] rejects empty, absolute and climbing paths", () => {
    expect(codeOf("")).toBe("empty");
    for (const path of ["/a", "a/", "a//b", "/"]) expect(codeOf(path), path).toBe("empty-segment");
    for (const path of [".", "..", "a/../b", "./a", "a/."]) expect(codeOf(path), path).toBe("dot-segment");
  });

  it("[C5] rejects characters that some file system cannot hold", () => {
    for (const character of '\\:*?"<>|\0\n\x1f\x7f\x85')
      expect(codeOf(`a${character}b`), JSON.stringify(character)).toBe("character");
  });

  it("[C5] rejects segments that end in a dot or a space", () => {
    for (const path of ["a.", "a /b", "a./b", "b/c "]) expect(codeOf(path), path).toBe("segment-end");
  });

  it("[C5] rejects device names with any extension and in any case", () => {
    const paths = [
      "CON",
      "con",
      "aux.txt",
      "a/NUL.tar.gz",
      "com1",
      "Lpt9.x",
      "COM¹",
      "prn .txt",
      "conin$",
      "com0/a",
    ];
    for (const path of paths) expect(codeOf(path), path).toBe("device-name");
  });

  it("[C5] rejects what is not NFC, and lone surrogates", () => {
    expect(codeOf("e\u0301")).toBe("not-nfc");
    expect(codeOf("\u00e9")).toBe("ok");
    expect(codeOf("\ud800")).toBe("lone-surrogate");
  });

  it("[C5] allows 1,024 bytes and 32 segments and no more", () => {
    const segment = "a".repeat(31);
    expect(codeOf(`${`${segment}/`.repeat(31)}${"a".repeat(32)}`)).toBe("ok");
    expect(codeOf(`${`${segment}/`.repeat(31)}${"a".repeat(33)}`)).toBe("too-long");
    expect(codeOf("é".repeat(512))).toBe("ok");
    expect(codeOf(`${"é".repeat(512)}a`)).toBe("too-long");
    expect(codeOf(Array(32).fill("a").join("/"))).toBe("ok");
    expect(codeOf(Array(33).fill("a").join("/"))).toBe("too-many-segments");
  });
});

describe("findCollision", () => {
  it("[C5] finds names that differ only in case or form", () => {
    for (const pair of [
      ["Foo/a", "foo/b"],
      ["ß", "ss"],
      ["a/ﬁ", "a/fi"],
      ["K", "k"],
      ["ΑΣ", "ας"],
      ["x/A", "x/a"],
    ]) {
      expect(findCollision(pair)?.code, pair.join(" ")).toBe("case");
    }
  });

  it("[C5] finds a file that lies in the way, and a repeated one", () => {
    expect(findCollision(["a", "a/b"])?.code).toBe("through-file");
    expect(findCollision(["a/b/c", "a/b"])?.code).toBe("through-file");
    expect(findCollision(["a", "a"])?.code).toBe("duplicate");
  });

  it("[C5] lets different names be", () => {
    expect(findCollision(["a/b", "a/c", "ab", "b/a", "℀", "a-c/d"])).toBeNull();
    // ℀ folds to a/c: one segment still is not two.
    expect(findCollision(["℀", "a/c"])).toBeNull();
  });

  it("[C5] does not depend on the order", () => {
    const path = fc
      .array(fc.constantFrom("a", "A", "b", "ß", "ss"), { minLength: 1, maxLength: 3 })
      .map((parts) => parts.join("/"));
    fc.assert(
      fc.property(fc.uniqueArray(path, { maxLength: 6 }), (paths) => {
        expect(findCollision(paths) === null).toBe(findCollision([...paths].reverse()) === null);
      }),
    );
  });
});

describe("comparePaths", () => {
  it("[C4] orders by UTF-8 bytes, not by UTF-16 units", () => {
    expect(["\u{1f600}", "\uffee", "b", "a/b", "a"].sort(comparePaths)).toEqual([
      "a",
      "a/b",
      "b",
      "\uffee",
      "\u{1f600}",
    ]);
    const encoder = new TextEncoder();
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), fc.string({ unit: "grapheme" }), (a, b) => {
        const [bytesA, bytesB] = [encoder.encode(a), encoder.encode(b)];
        const at = bytesA.findIndex((byte, index) => byte !== bytesB[index]);
        const expected = at < 0 ? bytesA.length - bytesB.length : (bytesA[at] ?? 0) - (bytesB[at] ?? -1);
        expect(Math.sign(comparePaths(a, b))).toBe(Math.sign(expected));
      }),
    );
  });
});
