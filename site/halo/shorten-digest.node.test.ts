import { expect, test } from "vitest";
import { shortenDigest } from "./shorten-digest.ts";

test.each([
  ["sha256:4f1c0a7be2d95836c0fd1e27ab94c35d8806e7f1b23a94cd5fe6078192ab3cde", "4f1c0a7b…3cde"],
  ["4f1c0a7be2d95836c0fd1e27ab94c35d8806e7f1b23a94cd5fe6078192ab3cde", "4f1c0a7b…3cde"],
  ["0123456789ab", "0123456789ab"],
  ["", ""],
])("%s is told as %s", (digest, short) => {
  expect(shortenDigest(digest)).toBe(short);
});
