import { beforeAll, describe, expect, it } from "vitest";
import type { Statement } from "../../schemas/statement.ts";
import vectors from "../../test/vectors/dsse/vectors.json" with { type: "json" };
import { fromBase64, fromHex, toBase64, toHex } from "../capsule/bytes.ts";
import { canonicalBytes } from "../capsule/canonical-json.ts";
import { fixtureKey } from "../capsule/capsule-fixture.ts";
import { webHashing } from "../capsule/web-hashing.ts";
import {
  addSignature,
  envelopeBytes,
  type ParsedEnvelope,
  parseEnvelope,
  preAuthEncoding,
  readStatement,
  signEnvelope,
  type VerifyingKey,
  verifyEnvelope,
} from "./dsse.ts";
import { type PrivateKey, verifyEd25519 } from "./ed25519.ts";
import { keyIdOf } from "./key-format.ts";
import { createStatement } from "./statement.ts";

type Vector = (typeof vectors.vectors)[number];

/** The vectors name keys by letter and use either base64; our profile wants key ids and the standard alphabet. */
function standardBase64(encoded: string): Uint8Array {
  return fromBase64(encoded.replaceAll("-", "+").replaceAll("_", "/")) ?? new Uint8Array(0);
}

async function isAcceptedByProtocol(vector: Vector): Promise<boolean> {
  const { payload, payloadType, signatures } = vector.envelope;
  if (!vector.supportedPayloadTypes.includes(payloadType)) return false;
  const preAuth = preAuthEncoding(payloadType, standardBase64(payload));
  const signers = new Set<string>();
  for (const { sig } of signatures) {
    for (const key of Object.values(vectors.keys)) {
      const publicKey = fromHex(key.public) ?? new Uint8Array(0);
      if (await verifyEd25519(standardBase64(sig), preAuth, publicKey)) signers.add(key.public);
    }
  }
  return signers.size >= vector.threshold;
}

describe("DSSE vectors", () => {
  it.each(vectors.vectors.map((vector) => [vector.id, vector] as const))(
    "[S1] %s: as listed",
    async (id, vector) => {
      expect(await isAcceptedByProtocol(vector)).toBe(vector.expect === "accept");
      if (id === "payload-type-swapped") return;
      expect(
        toHex(preAuthEncoding(vector.envelope.payloadType, standardBase64(vector.envelope.payload))),
      ).toBe(vector.pae);
    },
  );

  /** What our stricter profile says of the vector as it stands (S1), and with our key ids and base64 (S3, S5). */
  const STRICTER: Readonly<Record<string, readonly [asItStands: string, inOurTerms: string]>> = {
    "single-signature": ["not-an-envelope", "not-a-statement"],
    "url-safe-base64": ["not-an-envelope", "not-a-statement"],
    "payload-type-swapped": ["not-an-envelope", "not-an-envelope"],
    "non-ascii-payload-type": ["not-an-envelope", "not-an-envelope"],
    "empty-payload": ["not-an-envelope", "not-a-statement"],
    "empty-payload-type": ["not-an-envelope", "not-an-envelope"],
    "threshold-two-distinct-keys": ["not-an-envelope", "not-a-statement"],
    "threshold-two-one-key-twice": ["not-an-envelope", "unsorted-signatures"],
    "threshold-two-without-keyids": ["not-an-envelope", "not-an-envelope"],
  };

  it.each(vectors.vectors.map((vector) => [vector.id, vector] as const))(
    "[S1, S3] %s: our stricter verdict",
    async (id, vector) => {
      const [asItStands, inOurTerms] = STRICTER[id] ?? [];
      expect(await strictCode(vector.envelope)).toBe(asItStands);
      expect(await strictCode(await translate(vector))).toBe(inOurTerms);
    },
  );

  it("[S1, S3] all nine are there, each with its stricter verdict", () =>
    expect(Object.keys(STRICTER)).toEqual(vectors.vectors.map(({ id }) => id)));

  /** The vector with our key ids for its letters, standard base64 and sorted signatures. */
  async function translate({ envelope }: Vector): Promise<unknown> {
    const signatures = await Promise.all(
      envelope.signatures.map(async (signature) => {
        const sig = toBase64(standardBase64(signature.sig));
        const letter = "keyid" in signature ? signature.keyid : undefined;
        if (letter !== "A" && letter !== "B") return { sig };
        const publicKey = fromHex(vectors.keys[letter].public) ?? new Uint8Array(0);
        return { sig, keyid: await keyIdOf(publicKey, webHashing) };
      }),
    );
    signatures.sort((a, b) => ((a.keyid ?? "") < (b.keyid ?? "") ? -1 : 1));
    return { ...envelope, payload: toBase64(standardBase64(envelope.payload)), signatures };
  }

  async function strictCode(envelope: unknown): Promise<string> {
    const parsed = parseEnvelope(canonicalBytes(envelope));
    if (!parsed.ok) return parsed.reason.code;
    const keys = Object.values(vectors.keys).map(async ({ public: hex }) => {
      const publicKey = fromHex(hex) ?? new Uint8Array(0);
      return { publicKey, keyId: await keyIdOf(publicKey, webHashing) };
    });
    const verified = await verifyEnvelope(parsed.value, await Promise.all(keys));
    return verified.ok ? "ok" : verified.reason.code;
  }
});

describe("envelopes", () => {
  let keys: readonly PrivateKey[];
  let known: readonly VerifyingKey[];
  let statement: Statement;
  let parsed: ParsedEnvelope;

  beforeAll(async () => {
    keys = await Promise.all([1, 2, 3].map(fixtureKey));
    known = await Promise.all(
      keys.map(async ({ publicKey }) => ({ publicKey, keyId: await keyIdOf(publicKey, webHashing) })),
    );
    statement = createStatement(
      "urn:oursynth:app:a@1.0.0",
      `sha256:${"a".repeat(64)}`,
      "https://example.com/x/v1",
      { n: 1 },
    );
    parsed = parsedOf(envelopeBytes(await signEnvelope(statement, keys.slice(0, 2), webHashing)));
  });

  function parsedOf(bytes: Uint8Array): ParsedEnvelope {
    const result = parseEnvelope(bytes);
    if (!result.ok) throw new Error(result.reason.message);
    return result.value;
  }

  function codeOf(envelope: unknown): string {
    const result = parseEnvelope(canonicalBytes(envelope));
    return result.ok ? "ok" : result.reason.code;
  }

  it("[S4] what was signed comes back from the verified bytes", async () => {
    const result = await verifyEnvelope(parsed, known);
    expect(result).toMatchObject({ ok: true, value: { statement, unknownKeyIds: [] } });
    expect(result.ok && result.value.signers.length).toBe(2);
  });

  it("[S3] trusts only the keys that the verifier was given", async () => {
    expect(await verifyEnvelope(parsed, known.slice(0, 1))).toMatchObject({
      ok: true,
      value: { unknownKeyIds: [expect.any(String)] },
    });
    expect(await verifyEnvelope(parsed, known.slice(2))).toMatchObject({
      ok: false,
      reason: { code: "no-known-key" },
    });
    expect(await verifyEnvelope(parsed, [])).toMatchObject({ ok: false, reason: { code: "no-known-key" } });
  });

  it("[S3] a signature under another key's id fails", async () => {
    const [a, b] = parsed.envelope.signatures;
    if (a === undefined || b === undefined) throw new Error("two signatures");
    const swapped = {
      ...parsed.envelope,
      signatures: [
        { ...a, sig: b.sig },
        { ...b, sig: a.sig },
      ],
    };
    expect(await verifyEnvelope(parsedOf(canonicalBytes(swapped)), known)).toMatchObject({
      ok: false,
      reason: { code: "bad-signature" },
    });
  });

  it("[S1] another payload fails", async () => {
    const other = {
      ...parsed.envelope,
      payload: toBase64(canonicalBytes({ ...statement, predicate: { n: 2 } })),
    };
    expect(await verifyEnvelope(parsedOf(canonicalBytes(other)), known)).toMatchObject({
      ok: false,
      reason: { code: "bad-signature" },
    });
  });

  it("[S3] one key under two ids counts once: the second id is unknown", async () => {
    const [first] = parsed.envelope.signatures;
    if (first === undefined) throw new Error("two signatures");
    const other = { ...first, keyid: `sha256:${"f".repeat(64)}` };
    const doubled = parsedOf(canonicalBytes({ ...parsed.envelope, signatures: [first, other] }));
    expect(await verifyEnvelope(doubled, known)).toMatchObject({
      ok: true,
      value: { signers: [{ keyId: first.keyid }], unknownKeyIds: [other.keyid] },
    });
    const alone = parsedOf(canonicalBytes({ ...parsed.envelope, signatures: [other] }));
    expect(await verifyEnvelope(alone, known)).toMatchObject({ reason: { code: "no-known-key" } });
  });

  it("[S1] base64 that decodes to the same bytes but is not the canonical text is refused", () => {
    const { envelope } = parsed;
    const [a, b] = envelope.signatures;
    if (a === undefined || b === undefined) throw new Error("two signatures");
    // 64 bytes leave four bits over in the last group: the canonical text has them zero.
    const looseBits = a.sig.replace(/.==$/, (end) => `${String.fromCharCode(end.charCodeAt(0) + 1)}==`);
    expect(fromBase64(a.sig)).toHaveLength(64);
    for (const sig of [
      looseBits,
      a.sig.replace(/=+$/, ""),
      `${a.sig}\n`,
      ` ${a.sig.slice(1)}`,
      `${a.sig.slice(0, 40)}\n${a.sig.slice(40)}`,
      a.sig.replaceAll("+", "-").replaceAll("/", "_").replace(/^./, "-"),
      `${a.sig}====`,
      `${a.sig.slice(0, -4)}====`,
      "=",
    ])
      expect(codeOf({ ...envelope, signatures: [{ ...a, sig }, b] }), JSON.stringify(sig)).toBe("not-base64");
    for (const payload of ["Zg", "Zg=", "Zh==", "Zg==Zg==", "Zg\t=="])
      expect(codeOf({ ...envelope, payload }), JSON.stringify(payload)).toBe("not-base64");
    expect(codeOf({ ...envelope, payload: "Zg==" })).toBe("ok");
  });

  it("[S4] a tampered payload fails, whatever was tampered with", async () => {
    for (let index = 0; index < parsed.payload.length; index += 7) {
      const payload = parsed.payload.slice();
      payload[index] = (payload[index] ?? 0) ^ 1;
      const tampered = parsedOf(canonicalBytes({ ...parsed.envelope, payload: toBase64(payload) }));
      expect(await verifyEnvelope(tampered, known)).toMatchObject({ reason: { code: "bad-signature" } });
    }
    const cut = parsed.payload.subarray(1);
    const shorter = parsedOf(canonicalBytes({ ...parsed.envelope, payload: toBase64(cut) }));
    expect(await verifyEnvelope(shorter, known)).toMatchObject({ reason: { code: "bad-signature" } });
  });

  it("[S1] one more signature stands beside the others, sorted", async () => {
    const [, , third] = keys;
    if (third === undefined) throw new Error("three keys");
    const more = await addSignature(parsed, third, webHashing);
    const result = await verifyEnvelope(parsedOf(envelopeBytes(more)), known);
    expect(result.ok && result.value.signers.length).toBe(3);
    expect(more.payload).toBe(parsed.envelope.payload);
    const again = await addSignature(parsedOf(envelopeBytes(more)), third, webHashing);
    expect(again.signatures).toHaveLength(3);
    await expect(signEnvelope(statement, [], webHashing)).rejects.toThrow(RangeError);
  });

  it("[S1] the form is exact", () => {
    const { envelope } = parsed;
    const [a, b] = envelope.signatures;
    expect(codeOf(envelope)).toBe("ok");
    expect(codeOf({ ...envelope, signatures: [b, a] })).toBe("unsorted-signatures");
    expect(codeOf({ ...envelope, signatures: [a, a] })).toBe("unsorted-signatures");
    expect(codeOf({ ...envelope, signatures: [] })).toBe("not-an-envelope");
    expect(codeOf({ ...envelope, payloadType: "text/plain" })).toBe("not-an-envelope");
    expect(codeOf({ ...envelope, extra: 1 })).toBe("not-an-envelope");
    expect(codeOf({ ...envelope, payload: "-_-_" })).toBe("not-base64");
    expect(codeOf({ ...envelope, payload: "AB==" })).toBe("not-base64");
    const spaced = new TextEncoder().encode(JSON.stringify(envelope, null, 1));
    expect(parseEnvelope(spaced)).toMatchObject({ ok: false, reason: { code: "not-canonical" } });
  });

  it("[S4] a payload that is no statement is not one, signed or not", async () => {
    for (const payload of ["{}", "not json", '{"a":1,"a":1}']) {
      const bytes = canonicalBytes({
        ...parsed.envelope,
        payload: toBase64(new TextEncoder().encode(payload)),
      });
      expect(readStatement(parsedOf(bytes))).toMatchObject({
        ok: false,
        reason: { code: "not-a-statement" },
      });
    }
  });
});
