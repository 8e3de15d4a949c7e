// Envelopes that prove nothing, or too little (CAPSULE.md K1, S1–S6, C6).
import { fromBase64, joinBytes, toBase64 } from "../../../core/capsule/bytes.ts";
import { canonicalBytes } from "../../../core/capsule/canonical-json.ts";
import { PREDICATE_DEPLOY, PREDICATE_PROVENANCE } from "../../../schemas/statement.ts";
import {
  changeEntry,
  craftCapsule,
  ENTRY,
  entryAt,
  envelopeEntry,
  SIGNER,
  type Signer,
  spliceEntries,
} from "./capsule-crafter.ts";
import { type CaseDraft, type Refusal, refused, refusedAt } from "./conformance-case.ts";
import { type CraftedZip, type CraftZip, craftZip } from "./zip-writer.ts";

type LooseEnvelope = { payload: string; payloadType: string; signatures: { keyid: string; sig: string }[] };
type Row = readonly [
  name: string,
  rule: string,
  why: string,
  refusal: () => Refusal,
  envelopes: (sign: Signer) => Promise<readonly Uint8Array[]>,
];

const encoder = new TextEncoder();
const decoder = new TextDecoder();
const STRANGER = 9;
const SECOND = 2;
const GROUP_ORDER = 2n ** 252n + 27742317777372353535851937790883648493n;
const OTHER_DIGEST = `sha256:${"1".repeat(64)}`;

const envelopes = (code: string, says: string) => refused("envelopes", code, says);
const thresholds = (code: string) => refused("thresholds", code, "too few keys that may act as builder");

const ROWS: readonly Row[] = [
  ["none", "S5", "Nobody has signed.", thresholds("threshold-not-met"), async () => []],
  [
    "stranger",
    "S3",
    "A key signed that the verifier was not given.",
    thresholds("unknown-signer"),
    async (sign) => [await sign.envelope([STRANGER])],
  ],
  [
    "other-role",
    "S5",
    "A trusted key signed, but no statement that a builder makes.",
    thresholds("threshold-not-met"),
    async (sign) => [await sign.envelope([SIGNER], sign.statement("https://example.com/review/v1", {}))],
  ],
  [
    "bad-signature",
    "S2",
    "One bit of the signature is flipped.",
    envelopes("bad-signature", "is not valid"),
    changed((envelope) => withSignature(envelope, (bytes) => bytes.with(10, (bytes[10] ?? 0) ^ 1))),
  ],
  [
    "zero-signature",
    "S2",
    "The signature is all zeros.",
    envelopes("bad-signature", "is not valid"),
    changed((envelope) => withSignature(envelope, () => new Uint8Array(64))),
  ],
  [
    "short-signature",
    "S2",
    "The signature has 63 bytes.",
    envelopes("bad-signature", "is not valid"),
    changed((envelope) => withSignature(envelope, (bytes) => bytes.slice(0, 63))),
  ],
  [
    "malleable-signature",
    "S2",
    "S is the group's order larger: the same point, another signature.",
    envelopes("bad-signature", "is not valid"),
    changed((envelope) => withSignature(envelope, addGroupOrder)),
  ],
  [
    "small-order-r",
    "S2",
    "R is the neutral element.",
    envelopes("bad-signature", "is not valid"),
    changed((envelope) =>
      withSignature(envelope, (bytes) =>
        joinBytes([Uint8Array.of(1, ...new Uint8Array(31)), bytes.slice(32)]),
      ),
    ),
  ],
  [
    "payload-changed",
    "S4",
    "The payload is another than the one that was signed.",
    envelopes("bad-signature", "is not valid"),
    changed((envelope) => ({
      ...envelope,
      payload: toBase64(
        encoder.encode(decoder.decode(payloadOf(envelope)).replace("builder:test", "builder:evil")),
      ),
    })),
  ],
  [
    "payload-spaced",
    "S4",
    "The payload means the same, but has one more space.",
    envelopes("bad-signature", "is not valid"),
    changed((envelope) => ({ ...envelope, payload: toBase64(Uint8Array.of(32, ...payloadOf(envelope))) })),
  ],
  [
    "key-swapped",
    "S3",
    "The signature stands under another trusted key's id.",
    envelopes("bad-signature", "is not valid"),
    async (sign) => {
      const second = parse(await sign.envelope([SECOND]));
      return changed((envelope) => ({
        ...envelope,
        signatures: envelope.signatures.map((line) => ({
          ...line,
          keyid: second.signatures[0]?.keyid ?? "",
        })),
      }))(sign);
    },
  ],
  [
    "payload-type",
    "S1",
    "The payload's type is another.",
    envelopes("not-an-envelope", "payloadType"),
    changed((envelope) => ({ ...envelope, payloadType: "application/json" })),
  ],
  [
    "no-key-id",
    "S1",
    "A signature has no key id.",
    envelopes("not-an-envelope", "keyid"),
    changed((envelope) => ({ ...envelope, signatures: envelope.signatures.map(({ sig }) => ({ sig })) })),
  ],
  [
    "key-id-form",
    "S3",
    "A key id is no digest.",
    envelopes("not-an-envelope", "keyid"),
    changed((envelope) => ({
      ...envelope,
      signatures: envelope.signatures.map((line) => ({ ...line, keyid: "ana" })),
    })),
  ],
  [
    "unknown-field",
    "S1",
    "An envelope has a field that DSSE does not know.",
    envelopes("not-an-envelope", "extra"),
    changed((envelope) => ({ ...envelope, extra: 1 })),
  ],
  [
    "no-signatures",
    "S1",
    "An envelope has no signature.",
    envelopes("not-an-envelope", "signatures"),
    changed((envelope) => ({ ...envelope, signatures: [] })),
  ],
  [
    "signature-twice",
    "S5",
    "One signature stands twice, to be counted twice.",
    envelopes("unsorted-signatures", "repeat one"),
    changed((envelope) => ({ ...envelope, signatures: [...envelope.signatures, ...envelope.signatures] })),
  ],
  [
    "signatures-unsorted",
    "S1",
    "Two signatures are not sorted by key id.",
    envelopes("unsorted-signatures", "not sorted"),
    async (sign) => {
      const envelope = parse(await sign.envelope([SIGNER, SECOND]));
      return [canonicalBytes({ ...envelope, signatures: envelope.signatures.toReversed() })];
    },
  ],
  [
    "base64-padding",
    "S1",
    "The signature's base64 is not padded.",
    envelopes("not-base64", "a signature"),
    changed((envelope) => ({
      ...envelope,
      signatures: envelope.signatures.map((line) => ({ ...line, sig: line.sig.replaceAll("=", "") })),
    })),
  ],
  [
    "base64-bits",
    "S1",
    "The signature's base64 has bits behind its end: it encodes again to another text.",
    envelopes("not-base64", "a signature"),
    changed((envelope) => ({
      ...envelope,
      signatures: envelope.signatures.map((line) => ({
        ...line,
        sig: line.sig.replace(/.==$/, nextCharacter),
      })),
    })),
  ],
  [
    "base64-space",
    "S1",
    "The payload's base64 is broken into lines.",
    envelopes("not-base64", "the payload"),
    changed((envelope) => ({
      ...envelope,
      payload: `${envelope.payload.slice(0, 76)}\n${envelope.payload.slice(76)}`,
    })),
  ],
  [
    "base64-url",
    "S1",
    "The payload is base64 for addresses.",
    envelopes("not-base64", "the payload"),
    changed((envelope) => ({
      ...envelope,
      payload: toBase64(Uint8Array.of(0xfb, 0xff, 0xbf))
        .replaceAll("+", "-")
        .replaceAll("/", "_"),
    })),
  ],
  [
    "not-a-statement",
    "S1",
    "What was signed is JSON, but no statement.",
    envelopes("not-a-statement", "_type"),
    async (sign) => [await sign.envelope([SIGNER], Object({ hello: "world" }))],
  ],
  [
    "two-subjects",
    "S1",
    "The statement has two subjects.",
    envelopes("not-a-statement", "subject"),
    async (sign) => {
      const statement = sign.statement();
      return [
        await sign.envelope(
          [SIGNER],
          Object({ ...statement, subject: [...statement.subject, ...statement.subject] }),
        ),
      ];
    },
  ],
  [
    "subject-prefixed",
    "S1",
    "The subject's hash carries a prefix.",
    envelopes("not-a-statement", "sha256"),
    async (sign) => [
      await sign.envelope(
        [SIGNER],
        Object({
          ...sign.statement(),
          subject: [{ name: sign.manifestId, digest: { sha256: sign.capsuleDigest } }],
        }),
      ),
    ],
  ],
  [
    "subject-digest",
    "S1",
    "A good statement about another capsule.",
    envelopes("subject-mismatch", "another capsule"),
    async (sign) => [
      await sign.envelope(
        [SIGNER],
        Object({
          ...sign.statement(),
          subject: [{ name: sign.manifestId, digest: { sha256: OTHER_DIGEST.slice(7) } }],
        }),
      ),
    ],
  ],
  [
    "subject-name",
    "S1",
    "A good statement with this digest and another name.",
    envelopes("subject-mismatch", "another capsule"),
    async (sign) => [
      await sign.envelope(
        [SIGNER],
        Object({
          ...sign.statement(),
          subject: [
            { name: "urn:oursynth:app:other@1.0.0", digest: { sha256: sign.capsuleDigest.slice(7) } },
          ],
        }),
      ),
    ],
  ],
  [
    "statement-type",
    "S1",
    "The statement is of an older in-toto version.",
    envelopes("not-a-statement", "_type"),
    async (sign) => [
      await sign.envelope(
        [SIGNER],
        Object({ ...sign.statement(), _type: "https://in-toto.io/Statement/v0.1" }),
      ),
    ],
  ],
  [
    "predicate-shape",
    "S6",
    "Provenance that says nothing about its builder.",
    refused("predicates", "invalid-predicate", "runDetails"),
    async (sign) => [
      await sign.envelope(
        [SIGNER],
        sign.statement(PREDICATE_PROVENANCE, { buildDefinition: { buildType: "t", externalParameters: {} } }),
      ),
    ],
  ],
  [
    "predicate-deploy",
    "S6",
    "A deploy statement with a field too many, beside good provenance.",
    refused("predicates", "invalid-predicate", "deploy:v1"),
    async (sign) => [
      await sign.envelope([SIGNER]),
      await sign.envelope([SIGNER], sign.statement(PREDICATE_DEPLOY, { any: 1 })),
    ],
  ],
  [
    "one-bad-of-two",
    "S2",
    "One good envelope, and one whose signature by a trusted key is wrong.",
    envelopes("bad-signature", "is not valid"),
    async (sign) => [
      await sign.envelope([SIGNER]),
      ...(await changed((envelope) => withSignature(envelope, (bytes) => bytes.with(1, (bytes[1] ?? 0) ^ 1)))(
        sign,
      )),
    ],
  ],
];

const IN_CONTAINER: readonly (readonly [
  name: string,
  rule: string,
  why: string,
  refusal: (zip: CraftedZip) => Refusal,
  change: (zip: CraftZip & { readonly capsuleDigest: string }) => Promise<CraftZip> | CraftZip,
])[] = [
  [
    "renamed",
    "K1",
    "An envelope's name is not the hash of its bytes.",
    refusedAt("envelope-mismatch", at(2), "an envelope's name is not the hash of its bytes "),
    (zip) => changeEntry(zip, ENTRY.envelope, { name: `envelopes/${"a".repeat(64)}.json` }),
  ],
  [
    "name-upper",
    "K1",
    "An envelope's name is its hash in capitals.",
    refusedAt("envelope-mismatch", at(2), "not sorted "),
    (zip) =>
      changeEntry(zip, ENTRY.envelope, {
        name: entryAt(zip, ENTRY.envelope).name.replace(/[0-9a-f]{64}/, (hash) => hash.toUpperCase()),
      }),
  ],
  [
    "name-short",
    "K1",
    "An envelope has a name of its own.",
    refusedAt("envelope-mismatch", at(2), "not sorted "),
    (zip) => changeEntry(zip, ENTRY.envelope, { name: `envelopes/provenance-${"x".repeat(60)}.json` }),
  ],
  [
    "unsorted",
    "K1",
    "Two envelopes are not sorted by name.",
    refusedAt("envelope-mismatch", at(3), "not sorted "),
    async (zip) => {
      const [a, b] = await twoEnvelopes();
      return spliceEntries(zip, ENTRY.envelope, 1, ...[a, b].sort((x, y) => (x.name < y.name ? 1 : -1)));
    },
  ],
  [
    "duplicate",
    "K1",
    "An envelope is there twice.",
    refusedAt("envelope-mismatch", at(3), "not sorted "),
    (zip) => spliceEntries(zip, ENTRY.envelope, 0, entryAt(zip, ENTRY.envelope)),
  ],
  [
    "not-canonical",
    "K1",
    "An envelope is spaced out; its name is the hash of what is there.",
    refusedAt("envelope-mismatch", at(2), "is not canonical JSON (RFC 8785) "),
    async (zip) => {
      const text = JSON.stringify(parse(entryAt(zip, ENTRY.envelope).content), null, 1);
      return spliceEntries(zip, ENTRY.envelope, 1, await envelopeEntry(encoder.encode(text)));
    },
  ],
  [
    "not-json",
    "K1",
    "An envelope is no JSON.",
    refusedAt("envelope-mismatch", at(2), "is not canonical JSON (RFC 8785) "),
    async (zip) => spliceEntries(zip, ENTRY.envelope, 1, await envelopeEntry(encoder.encode("hello"))),
  ],
  [
    "count",
    "C6",
    "There are 65 envelopes; 64 are allowed.",
    refusedAt("limit", at(66), "more than 64 envelopes ", "limits"),
    async (zip) => {
      const many = await Promise.all(
        Array.from({ length: 65 }, (_, index) => envelopeEntry(canonicalBytes({ index }))),
      );
      return spliceEntries(zip, ENTRY.envelope, 1, ...many.sort((a, b) => (a.name < b.name ? -1 : 1)));
    },
  ],
];

export const STATEMENT_CASES: readonly CaseDraft[] = [
  ...ROWS.map(
    ([name, rule, why, refusal, make]): CaseDraft => ({
      name: `statement-${name}`,
      rule,
      why,
      refusal,
      craft: async () => craftZip(await craftCapsule({ envelopes: make })),
    }),
  ),
  ...IN_CONTAINER.map(
    ([name, rule, why, refusal, change]): CaseDraft => ({
      name: `envelope-${name}`,
      rule,
      why,
      refusal,
      craft: async () => craftZip(await change(await craftCapsule())),
    }),
  ),
];

function changed(
  change: (envelope: LooseEnvelope) => unknown,
): (sign: Signer) => Promise<readonly Uint8Array[]> {
  return async (sign) => [canonicalBytes(change(parse(await sign.envelope([SIGNER]))))];
}

function parse(bytes: Uint8Array): LooseEnvelope {
  return JSON.parse(decoder.decode(bytes));
}

function payloadOf(envelope: LooseEnvelope): Uint8Array {
  return decode(envelope.payload);
}

function decode(encoded: string): Uint8Array {
  const bytes = fromBase64(encoded);
  if (bytes === null) throw new Error("our own base64 is not base64");
  return bytes;
}

function withSignature(envelope: LooseEnvelope, change: (bytes: Uint8Array) => Uint8Array): LooseEnvelope {
  return {
    ...envelope,
    signatures: envelope.signatures.map((line) => ({ ...line, sig: toBase64(change(decode(line.sig))) })),
  };
}

function addGroupOrder(signature: Uint8Array): Uint8Array {
  const scalar =
    signature.subarray(32).reduceRight((value, byte) => (value << 8n) | BigInt(byte), 0n) + GROUP_ORDER;
  const bytes = Uint8Array.from({ length: 32 }, (_, index) => Number((scalar >> BigInt(8 * index)) & 255n));
  return joinBytes([signature.subarray(0, 32), bytes]);
}

/** The last character before `==` carries four bits that must be zero: the next one sets the lowest. */
function nextCharacter(end: string): string {
  return `${String.fromCharCode(end.charCodeAt(0) + 1)}==`;
}

function at(index: number): (zip: CraftedZip) => number | undefined {
  return ({ entries }) => entries[index];
}

async function twoEnvelopes() {
  return Promise.all([envelopeEntry(canonicalBytes({ n: 1 })), envelopeEntry(canonicalBytes({ n: 2 }))]);
}
