import { describe, expect, test } from "vitest";
import { dumpBytes, extensionOf, readContent } from "./file-content.ts";

const bytes = (text: string) => new TextEncoder().encode(text);

describe("a file's content", () => {
  test("is text when it is UTF-8 without a NUL, whatever its name", () => {
    expect(readContent("LICENSE", bytes("grüße ✓"))).toEqual({ kind: "text", text: "grüße ✓" });
    expect(readContent("x.svg", bytes("<svg/>"))).toEqual({ kind: "text", text: "<svg/>" });
  });

  test("is binary with a NUL or with bytes that are no UTF-8, and empty without bytes", () => {
    expect(readContent("a.txt", new Uint8Array([65, 0, 66])).kind).toBe("binary");
    expect(readContent("a.txt", new Uint8Array([0xff, 0xfe, 0x41])).kind).toBe("binary");
    expect(readContent("a.txt", new Uint8Array()).kind).toBe("empty");
  });

  test("is a picture by its name", () => {
    expect(readContent("icons/Logo.PNG", new Uint8Array([137, 80]))).toEqual({
      kind: "picture",
      mediaType: "image/png",
    });
  });
});

test("a dump gives offsets, bytes and what can be printed, and stops after 256 bytes", () => {
  const [first] = dumpBytes(bytes("Hello, world\n\u0000abcdef")).split("\n");
  expect(first).toBe("00000000  48 65 6c 6c 6f 2c 20 77 6f 72 6c 64 0a 00 61 62  Hello, world..ab");
  expect(dumpBytes(new Uint8Array(1_000)).split("\n")).toHaveLength(16);
});

test("an extension is lower case; a name that begins with its only dot has none", () => {
  expect(["a/b.TS", ".gitignore", "x", "a.b/c", "y.tar.gz"].map(extensionOf)).toEqual([
    "ts",
    "",
    "",
    "",
    "gz",
  ]);
});
