import { sha256 } from "@noble/hashes/sha2.js";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fromBase64, fromHex, toBase64, toHex } from "./bytes.ts";
import { describeFile, isNeverPacked } from "./capsule-files.ts";
import { inChunks } from "./capsule-fixture.ts";
import { crc32 } from "./crc32.ts";
import { webHashing } from "./web-hashing.ts";

const encoder = new TextEncoder();

describe("describeFile", () => {
  it("[C4] says the same of bytes and of a stream of them", async () => {
    const bytes = encoder.encode("hello".repeat(100));
    const whole = await describeFile("a.txt", "executable", bytes, webHashing);
    expect(whole.file).toEqual({
      path: "a.txt",
      mode: "executable",
      sizeBytes: 500,
      sha256: toHex(sha256(bytes)),
    });
    expect(await describeFile("a.txt", "executable", inChunks(bytes, 7), webHashing)).toEqual(whole);
    expect((await describeFile("e", "file", inChunks(new Uint8Array(0)), webHashing)).crc32).toBe(0);
  });
});

describe("isNeverPacked", () => {
  it("[C9] leaves out the fixed list and nothing else", () => {
    const never = [
      "capsule.json",
      "a.caps",
      "x/y.capsule.json",
      "r.capsim",
      ".git/HEAD",
      "a/node_modules/b",
      ".wrangler/state",
      "a/.DS_Store",
      ".git",
    ];
    for (const path of never) expect(isNeverPacked(path), path).toBe(true);
    for (const path of [
      "src/capsule.json",
      ".gitignore",
      "caps",
      "a.caps.txt",
      "my.git/x",
      "DS_Store",
      ".capsuleignore",
    ]) {
      expect(isNeverPacked(path), path).toBe(false);
    }
  });
});

describe("crc32", () => {
  it("[K2] gives the known check value, in one piece or in two", () => {
    expect(crc32(encoder.encode("123456789"), 0)).toBe(0xcbf43926);
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), fc.nat(100), (bytes, cut) => {
        expect(crc32(bytes.subarray(cut), crc32(bytes.subarray(0, cut), 0))).toBe(crc32(bytes, 0));
        let bitwise = 0xffffffff;
        for (const byte of bytes) {
          bitwise ^= byte;
          for (let bit = 0; bit < 8; bit++)
            bitwise = bitwise & 1 ? (bitwise >>> 1) ^ 0xedb88320 : bitwise >>> 1;
        }
        expect(crc32(bytes, 0)).toBe(~bitwise >>> 0);
      }),
    );
  });
});

describe("webHashing", () => {
  it("[C2] hashes the same at once and as a stream", async () => {
    const bytes = encoder.encode("abc");
    const hash = webHashing.createSha256();
    await hash.update(bytes.subarray(0, 1));
    await hash.update(bytes.subarray(1));
    const expected = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    expect(toHex(await hash.finish())).toBe(expected);
    expect(toHex(await webHashing.sha256(bytes))).toBe(expected);
  });
});

describe("base64 and hex", () => {
  it("[S1] takes padded standard base64 that encodes again to the same text", () => {
    for (const good of ["", "AA==", "AAA=", "AAAA", "+/+/"])
      expect(toBase64(fromBase64(good) ?? new Uint8Array(9))).toBe(good);
    for (const bad of [
      "A",
      "AA",
      "AA=",
      "AB==",
      "AAB=",
      "-_-_",
      "AA==\n",
      " AA==",
      "AA==AA==",
      "====",
      "A===",
      " AA==   ",
      "AAAA\n\n\n\n",
    ])
      expect(fromBase64(bad), bad).toBeNull();
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        expect(fromBase64(toBase64(bytes))).toEqual(new Uint8Array(bytes));
      }),
    );
    expect(fromHex("00ff")).toEqual(Uint8Array.of(0, 255));
    for (const bad of ["0", "0g", "FF"]) expect(fromHex(bad)).toBeNull();
  });
});
