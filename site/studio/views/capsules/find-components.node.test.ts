import { expect, test } from "vitest";
import { findComponents } from "./find-components.ts";

const component = (name: string, version: string, license: string | null = null) => ({
  name,
  version,
  license,
  scope: "required",
  purl: `pkg:npm/${name}@${version}`,
});

test("packages are found when every word stands somewhere, and stand by name and version", () => {
  const all = [
    component("zod", "4.0.0", "MIT"),
    component("hono", "4.1.0", "MIT"),
    component("a", "1.0.0", "0BSD"),
  ];
  const names = (search: string) => findComponents(all, search).map(({ name }) => name);
  expect(names("")).toEqual(["a", "hono", "zod"]);
  expect(names(" mit  HONO ")).toEqual(["hono"]);
  expect(names("pkg:npm/zod@4")).toEqual(["zod"]);
  expect(names("null")).toEqual([]);
});
