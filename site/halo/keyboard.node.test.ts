import { describe, expect, test } from "vitest";
import { nextIndex } from "./roving-index.ts";
import { matchesShortcut } from "./use-shortcut.ts";

describe("the next index", () => {
  test.each([
    ["ArrowRight", 0, "horizontal", 1],
    ["ArrowRight", 2, "horizontal", 0],
    ["ArrowLeft", 0, "horizontal", 2],
    ["ArrowDown", 0, "horizontal", null],
    ["ArrowDown", -1, "vertical", 0],
    ["ArrowUp", -1, "vertical", 2],
    ["ArrowRight", 0, "vertical", null],
    ["ArrowUp", 1, "both", 0],
    ["Home", 2, "horizontal", 0],
    ["End", 0, "vertical", 2],
    ["a", 0, "both", null],
  ] as const)("of three after %s from %i (%s) is %s", (key, from, orientation, next) => {
    expect(nextIndex(key, from, 3, orientation)).toBe(next);
  });

  test("of nothing is nothing", () => {
    expect(nextIndex("Home", -1, 0, "both")).toBeNull();
  });
});

describe("a shortcut", () => {
  const none = { ctrlKey: false, metaKey: false, altKey: false, shiftKey: false };

  test.each([
    ["Mod K", { ...none, key: "k", ctrlKey: true }, true],
    ["Mod K", { ...none, key: "k", metaKey: true }, true],
    ["Mod K", { ...none, key: "k" }, false],
    ["Mod K", { ...none, key: "K", ctrlKey: true, shiftKey: true }, false],
    ["Mod K", { ...none, key: "k", ctrlKey: true, altKey: true }, false],
    ["Shift Z", { ...none, key: "Z", shiftKey: true }, true],
    ["Shift Z", { ...none, key: "z" }, false],
    ["?", { ...none, key: "?", shiftKey: true }, true],
    ["g", { ...none, key: "g" }, true],
    ["Escape", { ...none, key: "Escape" }, true],
  ])("%s is meant by %o: %s", (keys, event, isMeant) => {
    expect(matchesShortcut(event, keys)).toBe(isMeant);
  });
});
