import { expect, test } from "vitest";
import { changeQuery } from "./address-query.ts";

test("a change of the query sets, replaces and drops, and leaves the rest as it was", () => {
  expect(changeQuery("/a", {}, { env: "dev" })).toBe("/a?env=dev");
  expect(changeQuery("/a", { env: "dev", q: "x y" }, { env: "prod" })).toBe("/a?env=prod&q=x+y");
  expect(changeQuery("/a", { env: "dev" }, { env: null })).toBe("/a");
});
