import { beforeEach, expect, test } from "vitest";
import { closeToast, shownToasts, showToast, stayOf } from "./toasts.ts";

beforeEach(() => {
  shownToasts.value = [];
});
const messages = () => shownToasts.value.map(({ message }) => message);

test("a notice is shown until it is closed", () => {
  const close = showToast({ message: "a" });
  showToast({ message: "b" });
  close();
  expect(messages()).toEqual(["b"]);
  closeToast(shownToasts.value[0]?.id ?? 0);
  expect(messages()).toEqual([]);
});

test("the oldest gives way when there are many", () => {
  for (const message of "abcdef") showToast({ message });
  expect(messages()).toEqual(["c", "d", "e", "f"]);
});

test("what failed and what can be undone stays longer", () => {
  const action = { label: "Undo", run: () => undefined };
  expect(stayOf({ message: "a" })).toBe(5_000);
  expect(stayOf({ message: "a", tone: "bad" })).toBe(10_000);
  expect(stayOf({ message: "a", action })).toBe(10_000);
  expect(stayOf({ message: "a", action, stayMs: null })).toBeNull();
});
