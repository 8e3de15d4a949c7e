import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { makePermissionsPage, PERMISSIONS_PAGE } from "./make-permissions-page.ts";

test("docs/permissions.md is what `node scripts/make-permissions-page.ts` writes", () => {
  expect(readFileSync(PERMISSIONS_PAGE, "utf8")).toBe(makePermissionsPage());
});
