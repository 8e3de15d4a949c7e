import { expect, test } from "vitest";
import { gatePolicySchema } from "../../../../schemas/gate.ts";
import { sayPolicy } from "./say-policy.ts";

test("a policy is said in one sentence", () => {
  expect(sayPolicy(gatePolicySchema.parse({ isGuarded: true }))).toBe(
    "It asks for 20 passing runs on 5 nodes, 20–120 ms apart, with 5 % loss, with chaos, not older than 7 days.",
  );
  expect(sayPolicy(gatePolicySchema.parse({ isGuarded: true, chaosMode: false, maxAgeDays: 1 }))).toContain(
    "without chaos, not older than a day.",
  );
});
