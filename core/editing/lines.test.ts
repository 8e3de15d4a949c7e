import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { diffLines } from "./diff-lines.ts";
import { formatRegions, hasConflict, type MergedRegion, mergeLines } from "./merge-lines.ts";
import { readText, splitLines } from "./text-lines.ts";
import { applyHunks, formatHunks } from "./unified-diff.ts";

/** Few different lines, so that texts share and repeat them; a text may end without a line feed. */
const text = fc
  .tuple(fc.array(fc.constantFrom("a", "b", "c", "d", "", "}", "\r", "é"), { maxLength: 14 }), fc.boolean())
  .map(([lines, isEnded]) => lines.join("\n") + (isEnded && lines.length > 0 ? "\n" : ""));
const lines = text.map(splitLines);

/** The lines that a diff keeps, as positions in the text before. */
function keptBy(before: readonly string[], after: readonly string[]): Set<number> {
  const kept = new Set(before.keys());
  for (const { beforeStart, beforeEnd } of diffLines(before, after)) {
    for (let index = beforeStart; index < beforeEnd; index++) kept.delete(index);
  }
  return kept;
}

function isSubsequence(wanted: readonly string[], all: readonly string[]): boolean {
  let found = 0;
  for (const line of all) if (line === wanted[found]) found++;
  return found === wanted.length;
}

function swapSides(regions: readonly MergedRegion[]): MergedRegion[] {
  return regions.map((region) =>
    region.kind === "merged" ? region : { ...region, ours: region.theirs, theirs: region.ours },
  );
}

describe("splitLines", () => {
  it("[F1] loses nothing", () => {
    fc.assert(fc.property(fc.string({ unit: "binary" }), (any) => splitLines(any).join("") === any));
  });

  it("[F1] takes only what is UTF-8 without NUL for text, and gives it back byte by byte", () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        const read = readText(bytes);
        if (read !== null) expect(new TextEncoder().encode(read)).toEqual(bytes);
      }),
    );
    expect(readText(Uint8Array.of(0x61, 0))).toBeNull();
    expect(readText(Uint8Array.of(0xff))).toBeNull();
    expect(readText(Uint8Array.of(0xef, 0xbb, 0xbf))).toBe("\ufeff");
  });
});

describe("diffLines", () => {
  it("[F3] has no hunk between equal texts", () => {
    fc.assert(fc.property(lines, (some) => diffLines(some, [...some]).length === 0));
  });

  it("[F1] keeps only equal lines, and a kept line stands between two hunks", () => {
    fc.assert(
      fc.property(lines, lines, (before, after) => {
        let beforeIndex = 0;
        let afterIndex = 0;
        for (const [index, hunk] of diffLines(before, after).entries()) {
          if (index > 0) expect(hunk.beforeStart).toBeGreaterThan(beforeIndex);
          expect(before.slice(beforeIndex, hunk.beforeStart)).toEqual(
            after.slice(afterIndex, hunk.afterStart),
          );
          beforeIndex = hunk.beforeEnd;
          afterIndex = hunk.afterEnd;
        }
        expect(before.slice(beforeIndex)).toEqual(after.slice(afterIndex));
      }),
    );
  });

  it("[F1] ends on texts that share many lines in no order, at the price of a larger hunk", () => {
    const count = 20_000;
    const line = (index: number) => `${(index * 7_919) % 97}\n`;
    const before = Array.from({ length: count }, (_, index) => line(index));
    const after = Array.from({ length: count }, (_, index) => line(index * index + 1));
    const applied = applyHunks(before, splitLines(formatHunks(before, after)));
    expect(applied).toEqual({ ok: true, value: after.join("") });
  });
});

describe("diffLines, on texts made to be slow", () => {
  it("[F1] ends where each division would take one line off", () => {
    // Line k is unique only once what lies behind line k + 1 is cut off.
    const count = 4_000;
    const rising = Array.from({ length: count }, (_, index) => `${index}\n`);
    const doubled = [...rising].flatMap((line, index) => [line, rising[index - 1] ?? "x\n"]);
    const before = ["a\n", ...doubled, "b\n"];
    const after = ["c\n", ...doubled.flatMap((line) => [line, "filler\n"]), "d\n"];
    const applied = applyHunks(before, splitLines(formatHunks(before, after)));
    expect(applied).toEqual({ ok: true, value: after.join("") });
  });
});

describe("hunks", () => {
  it("[F3] applied to the text before give the text after", () => {
    fc.assert(
      fc.property(lines, lines, (before, after) => {
        const patch = formatHunks(before, after);
        expect(patch === "").toBe(before.join("") === after.join(""));
        expect(applyHunks(before, splitLines(patch))).toEqual({ ok: true, value: after.join("") });
      }),
    );
  });

  it("[F1] do not apply to another text, or give what they say", () => {
    fc.assert(
      fc.property(lines, lines, lines, (before, after, other) => {
        const applied = applyHunks(other, splitLines(formatHunks(before, after)));
        if (!applied.ok) expect(["does-not-fit", "malformed"]).toContain(applied.reason.code);
      }),
    );
    const patch = formatHunks(["a\n", "b\n"], ["a\n", "c\n"]);
    expect(applyHunks(["x\n", "b\n"], splitLines(patch))).toMatchObject({ reason: { code: "does-not-fit" } });
    expect(applyHunks(["a\n"], splitLines(patch))).toMatchObject({ reason: { code: "does-not-fit" } });
    expect(applyHunks(["a\n", "b\n"], splitLines(patch).slice(0, -1))).toMatchObject({
      reason: { code: "malformed" },
    });
    expect(applyHunks(["a\n"], ["what is this\n"])).toMatchObject({ reason: { code: "malformed" } });
  });
});

describe("mergeLines", () => {
  it("[F3] merge(b, b, y) = y; merge(b, x, b) = x; merge(b, x, x) = x", () => {
    fc.assert(
      fc.property(lines, lines, (base, side) => {
        for (const regions of [
          mergeLines(base, base, side),
          mergeLines(base, side, base),
          mergeLines(base, side, side),
        ]) {
          expect(hasConflict(regions)).toBe(false);
          expect(formatRegions(regions)).toBe(side.join(""));
        }
      }),
    );
  });

  it("[F3] merge(b, x, y) and merge(b, y, x) agree up to the sides", () => {
    fc.assert(
      fc.property(lines, lines, lines, (base, ours, theirs) => {
        expect(mergeLines(base, theirs, ours)).toEqual(swapSides(mergeLines(base, ours, theirs)));
      }),
    );
  });

  it("[F3] a line that both sides kept is kept, in its place", () => {
    fc.assert(
      fc.property(lines, lines, lines, (base, ours, theirs) => {
        const keptByTheirs = keptBy(base, theirs);
        const kept = [...keptBy(base, ours)].filter((index) => keptByTheirs.has(index));
        const regions = mergeLines(base, ours, theirs);
        const merged = regions.flatMap((region) => (region.kind === "merged" ? region.lines : []));
        expect(
          isSubsequence(
            kept.map((index) => base[index] ?? ""),
            merged,
          ),
        ).toBe(true);
      }),
    );
  });

  it("[F3] merged text has no line that none of the three has, also where last lines do not end", () => {
    fc.assert(
      fc.property(lines, lines, lines, (base, ours, theirs) => {
        const regions = mergeLines(base, ours, theirs);
        if (hasConflict(regions)) return;
        const known = new Set([...base, ...ours, ...theirs]);
        for (const line of splitLines(formatRegions(regions))) expect(known).toContain(line);
      }),
    );
  });

  it("[F2] changes with one kept line between them merge, touching ones conflict", () => {
    const base = ["1\n", "2\n", "3\n"];
    expect(formatRegions(mergeLines(base, ["A\n", "2\n", "3\n"], ["1\n", "2\n", "C\n"]))).toBe("A\n2\nC\n");
    expect(hasConflict(mergeLines(base, ["A\n", "2\n", "3\n"], ["1\n", "B\n", "3\n"]))).toBe(true);
    expect(hasConflict(mergeLines(base, [...base, "x\n"], [...base, "y\n"]))).toBe(true);
  });
});
