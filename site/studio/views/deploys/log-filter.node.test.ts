import { describe, expect, test } from "vitest";
import { addLines, filterLines, type LogLine, linesAsText, MAX_KEPT_LINES } from "./log-filter.ts";

function line(seq: number, level: string, message: string, more: Partial<LogLine> = {}): LogLine {
  return { seq, ts: 0, level, message, ...more };
}

describe("a log", () => {
  const lines = [
    line(1, "info", "Verified sha256:abc."),
    line(2, "warn", "app.outbound asks for example.com"),
    line(3, "error", "It threw", { detail: "at handler.ts:3", aside: "req_1 /checkout" }),
  ];

  test("is searched by every word, in message, stack and small print", () => {
    const find = (search: string) => filterLines(lines, { search, level: "all" }).map(({ seq }) => seq);
    expect(find("")).toEqual([1, 2, 3]);
    expect(find("VERIFIED")).toEqual([1]);
    expect(find("threw handler")).toEqual([3]);
    expect(find("checkout")).toEqual([3]);
    expect(find("threw verified")).toEqual([]);
  });

  test("shows warnings with errors, or errors alone", () => {
    expect(filterLines(lines, { search: "", level: "warn" }).map(({ seq }) => seq)).toEqual([2, 3]);
    expect(filterLines(lines, { search: "", level: "error" }).map(({ seq }) => seq)).toEqual([3]);
  });

  test("takes each line once, in order, and forgets the oldest", () => {
    expect(
      addLines(lines, [line(3, "error", "again"), line(4, "info", "new")]).map(({ seq }) => seq),
    ).toEqual([1, 2, 3, 4]);
    expect(addLines(lines, [line(2, "info", "old")])).toBe(lines);
    const many = Array.from({ length: MAX_KEPT_LINES + 3 }, (_, seq) => line(seq, "info", "x"));
    expect(addLines([], many)[0]?.seq).toBe(3);
  });

  test("is text with times in UTC, and the stack below its line", () => {
    expect(linesAsText(lines.slice(2))).toBe(
      "1970-01-01T00:00:00.000Z ERROR It threw (req_1 /checkout)\nat handler.ts:3\n",
    );
  });
});
