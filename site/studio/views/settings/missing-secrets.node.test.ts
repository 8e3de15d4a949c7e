import { expect, test } from "vitest";
import { missingSecrets } from "./missing-secrets.ts";

test("what is declared and not set is missing, each name once; before one knows, nothing is", () => {
  expect(missingSecrets(["A", "B", "A", "C"], [{ name: "B" }])).toEqual(["A", "C"]);
  expect(missingSecrets(["A"], [{ name: "A" }, { name: "Z" }])).toEqual([]);
  expect(missingSecrets(["A"], undefined)).toEqual([]);
});
