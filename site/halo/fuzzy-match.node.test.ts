import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { filterCommands, type PaletteCommand } from "./filter-commands.ts";
import { fuzzyMatch } from "./fuzzy-match.ts";

function meant(query: string, text: string): string | null {
  const match = fuzzyMatch(query, text);
  return match === null ? null : match.positions.map((at) => text[at]).join("");
}

describe("fuzzy match", () => {
  test.each([
    ["rest", "Restore this moment", "Rest"],
    ["rtm", "Restore this moment", "Rtm"],
    ["o f", "Open the files", "Of"],
  ])("%s in %s means %s", (query, text, letters) => {
    expect(meant(query, text)).toBe(letters);
  });

  test.each(["x", "tser", "restoree"])("%s is not in it", (query) => {
    expect(fuzzyMatch(query, "Restore")).toBeNull();
  });

  test("prefers starts of words, and the shorter text", () => {
    expect(fuzzyMatch("f", "Open the files")?.positions).toEqual([9]);
    const [short, long] = ["Files", "Files of the app"].map((text) => fuzzyMatch("fi", text)?.score ?? 0);
    expect(short).toBeGreaterThan(long ?? 0);
  });

  test("finds exactly what is there in order, and says where", () => {
    const letters = fc.string({ unit: fc.constantFrom("a", "b", "c", " ", "-"), maxLength: 12 });
    fc.assert(
      fc.property(letters, letters, (query, text) => {
        const wanted = query.replaceAll(" ", "");
        const isThere = new RegExp([...wanted].join(".*"), "s").test(text);
        const match = fuzzyMatch(query, text);
        expect(match !== null).toBe(isThere);
        if (match === null) return;
        expect(match.positions.map((at) => text[at]).join("")).toBe(wanted);
        expect(match.positions).toEqual([...match.positions].sort((a, b) => a - b));
      }),
    );
  });
});

function command(title: string, group = "Do", keywords = ""): PaletteCommand {
  return { id: title, title, group, keywords, run: () => undefined };
}

describe("the palette's commands", () => {
  const commands = [
    command("Open the history", "Go"),
    command("Deploy"),
    command("Open the mesh", "Go", "evidence"),
  ];
  const titles = (query: string) =>
    filterCommands(commands, query).flatMap(({ found }) => found.map((each) => each.command.title));

  test("stand in their order and groups while nothing is typed", () => {
    expect(filterCommands(commands, " ").map(({ name, found }) => [name, found.length])).toEqual([
      ["Go", 2],
      ["Do", 1],
    ]);
  });

  test("are found by title, and by words that are not in it, which count less", () => {
    expect(titles("deploy")).toEqual(["Deploy"]);
    expect(titles("evidence")).toEqual(["Open the mesh"]);
    expect(titles("zzz")).toEqual([]);
  });

  test("are at most as many as somebody reads", () => {
    const many = Array.from({ length: 500 }, (_, index) => command(`Open ${index}`));
    expect(filterCommands(many, "open").flatMap(({ found }) => found)).toHaveLength(60);
  });
});
