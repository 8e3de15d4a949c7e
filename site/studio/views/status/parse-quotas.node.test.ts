import { expect, test } from "vitest";
import { parseQuotas } from "./parse-quotas.ts";

test("reads each quota of a RateLimit-Policy field, and nothing out of anything else", () => {
  expect(parseQuotas('"caller";q=30000;w=60, "deploys";q=60;w=3600')).toEqual([
    { name: "caller", limit: 30_000, windowSeconds: 60 },
    { name: "deploys", limit: 60, windowSeconds: 3_600 },
  ]);
  expect(parseQuotas("")).toEqual([]);
  expect(parseQuotas("caller")).toEqual([]);
});
