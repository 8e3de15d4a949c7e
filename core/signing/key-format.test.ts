import { beforeAll, describe, expect, it } from "vitest";
import { joinBytes, toBase64 } from "../capsule/bytes.ts";
import { fixtureKey } from "../capsule/capsule-fixture.ts";
import { webHashing } from "../capsule/web-hashing.ts";
import type { PrivateKey } from "./ed25519.ts";
import { formatPrivateKey, formatPublicKey, keyIdOf, parsePrivateKey, parsePublicKey } from "./key-format.ts";

// RFC 8410 §10.3, the same key in PKCS#8 version 1.
const RFC_8410_KEY = `-----BEGIN PRIVATE KEY-----
MC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC
-----END PRIVATE KEY-----`;
const RFC_8410_PUBLIC = `-----BEGIN PUBLIC KEY-----
MCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=
-----END PUBLIC KEY-----
`;
let key: PrivateKey;
beforeAll(async () => {
  key = await fixtureKey(7);
});

async function codeOf(text: string): Promise<string> {
  const result = await parsePrivateKey(text);
  return result.ok ? "ok" : result.reason.code;
}

describe("keys as text", () => {
  it("[S7] reads back what it writes", async () => {
    expect(await parsePrivateKey(formatPrivateKey(key))).toEqual({ ok: true, value: key });
    expect(parsePublicKey(formatPublicKey(key.publicKey))).toEqual({ ok: true, value: key.publicKey });
  });

  it("[S7] reads the example of RFC 8410, with either line ending", async () => {
    const parsed = await parsePrivateKey(RFC_8410_KEY.replaceAll("\n", "\r\n"));
    expect(parsed.ok && formatPublicKey(parsed.value.publicKey)).toBe(RFC_8410_PUBLIC);
  });

  it("[S7] reads base64 of the seed, of seed and public key, and of the public key", async () => {
    expect(await parsePrivateKey(toBase64(key.seed))).toEqual({ ok: true, value: key });
    expect(await parsePrivateKey(`${toBase64(joinBytes([key.seed, key.publicKey]))}\n`)).toEqual({
      ok: true,
      value: key,
    });
    expect(parsePublicKey(toBase64(key.publicKey))).toEqual({ ok: true, value: key.publicKey });
  });

  it("[S7] rejects a public half that belongs to another seed", async () => {
    const other = await fixtureKey(8);
    expect(await codeOf(toBase64(joinBytes([key.seed, other.publicKey])))).toBe("public-key-mismatch");
  });

  it("[S7] names what is wrong", async () => {
    expect(await codeOf("")).toBe("not-pem-or-base64");
    expect(await codeOf("hello!")).toBe("not-pem-or-base64");
    expect(await codeOf("a".repeat(5_000))).toBe("not-pem-or-base64");
    expect(await codeOf(RFC_8410_PUBLIC)).toBe("not-pem-or-base64");
    expect(await codeOf(toBase64(new Uint8Array(31)))).toBe("wrong-length");
    expect(await codeOf(formatPrivateKey({ ...key, seed: key.seed.subarray(1) }))).toBe("wrong-length");
    expect(await codeOf(RFC_8410_KEY.replace("MC4CAQ", "MC4CAg"))).toBe("not-ed25519");
    expect(parsePublicKey(toBase64(new Uint8Array(33))).ok).toBe(false);
    expect(parsePublicKey(RFC_8410_KEY).ok).toBe(false);
  });

  it("[S3] the key id is the prefixed hash of the raw public key", async () => {
    expect(await keyIdOf(new Uint8Array(0), webHashing)).toBe(
      "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    );
  });
});
