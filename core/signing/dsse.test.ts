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

  it("[S1] our profile is narrower: key ids, standard base64 and the in-toto type", () => {
    for (const vector of vectors.vectors)
      expect(parseEnvelope(canonicalBytes(vector.envelope)).ok, vector.id).toBe(false);
  });
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
