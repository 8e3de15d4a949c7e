import { expect, it } from "vitest";
import { fingerprintOf } from "./fingerprint.ts";

it("[S3] a key's short form is the first 64 bits of its id, in groups", () => {
  expect(fingerprintOf(`sha256:0f1e2d3c4b5a6978${"9".repeat(48)}`)).toBe("0f1e-2d3c-4b5a-6978");
});
