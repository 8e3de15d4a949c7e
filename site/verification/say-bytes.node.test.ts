import { expect, test } from "vitest";
import { sayBytes, sayCount } from "./say-bytes.ts";

test("sizes carry the unit that suits them, and a decimal only where it says something", () => {
  expect([0, 1, 1_023, 1_024, 1_536, 20_480, 1_048_576, 1_073_741_824].map(sayBytes)).toEqual([
    "0 bytes",
    "1 byte",
    "1023 bytes",
    "1 KiB",
    "1.5 KiB",
    "20 KiB",
    "1 MiB",
    "1 GiB",
  ]);
  expect([sayCount(1, "file"), sayCount(9_000, "file"), sayCount(0, "entry", "entries")]).toEqual([
    "1 file",
    "9,000 files",
    "0 entries",
  ]);
});
