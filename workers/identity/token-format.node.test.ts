import { webcrypto } from "node:crypto";
import { crc32 } from "node:zlib";
import { defaultKeyHasher } from "@better-auth/api-key";
import { describe, expect, test } from "vitest";
import { hashToken, isWellFormedToken, mintToken, TOKEN_PREFIX } from "./token-format.ts";

const ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

function mint(): string {
  return mintToken((bytes) => webcrypto.getRandomValues(bytes), crc32);
}

describe("a token", () => {
  test("is well formed, and no two are alike", () => {
    const tokens = Array.from({ length: 500 }, mint);
    for (const token of tokens) {
      expect(token).toMatch(/^osk_[0-9A-Za-z]{38}$/);
      expect(isWellFormedToken(token, crc32)).toBe(true);
    }
    expect(new Set(tokens).size).toBe(tokens.length);
  });

  test("uses every character, the first and the last of the alphabet too", () => {
    const used = new Set(Array.from({ length: 500 }, mint).flatMap((token) => [...token.slice(4, 36)]));
    expect([...used].toSorted().join("")).toBe(ALPHABET);
  });

  test("is made of the random bytes alone, leaving out those that would favour some characters", () => {
    let next = 0;
    const bytes = [255, 248, 0, 61, 62, 247];
    const token = mintToken((into) => {
      for (let index = 0; index < into.length; index += 1) into[index] = bytes[next++ % bytes.length] ?? 0;
    }, crc32);
    expect(token.slice(4, 36)).toBe("0z0z".repeat(8));
  });

  test("with any one character changed is not well formed", () => {
    const token = mint();
    for (let place = 0; place < token.length; place += 1) {
      for (const character of ALPHABET) {
        if (character === token[place]) continue;
        const changed = token.slice(0, place) + character + token.slice(place + 1);
        expect(isWellFormedToken(changed, crc32), changed).toBe(false);
      }
    }
  });

  test("with two neighbours exchanged, cut, lengthened or dressed up is not well formed", () => {
    const token = mint();
    for (let place = TOKEN_PREFIX.length; place < token.length - 1; place += 1) {
      const [one, two] = [token[place], token[place + 1]];
      if (one === two) continue;
      const swapped = `${token.slice(0, place)}${two}${one}${token.slice(place + 2)}`;
      expect(isWellFormedToken(swapped, crc32), swapped).toBe(false);
    }
    const wrong = [
      token.slice(1),
      token.slice(0, -1),
      `${token}0`,
      ` ${token}`,
      `${token}\n`,
      token.toUpperCase(),
      "",
    ];
    for (const text of wrong) expect(isWellFormedToken(text, crc32), text).toBe(false);
  });

  test("is kept as better-auth keeps its keys", async () => {
    for (const token of Array.from({ length: 50 }, mint)) {
      expect(await hashToken(token)).toBe(await defaultKeyHasher(token));
    }
  });
});
