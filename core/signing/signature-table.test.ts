// "What a signature is worth" in docs/keys.md, row by row.
import { beforeAll, describe, expect, it } from "vitest";
import keysDocument from "../../docs/keys.md?raw";
import type { RetiredState, TrustKey } from "../../schemas/trust.ts";
import type { VerificationReport } from "../../schemas/verification.ts";
import { toBase64, toHex } from "../capsule/bytes.ts";
import { canonicalBytes } from "../capsule/canonical-json.ts";
import {
  type CapsuleFixture,
  fixtureKey,
  makeCapsule,
  provenanceEnvelope,
} from "../capsule/capsule-fixture.ts";
import { findDecidingStep } from "../capsule/deciding-step.ts";
import { verifyCapsule } from "../capsule/verify-capsule.ts";
import { webHashing } from "../capsule/web-hashing.ts";
import { envelopeBytes, signEnvelope } from "./dsse.ts";
import type { PrivateKey } from "./ed25519.ts";
import { keyIdOf } from "./key-format.ts";
import { createReceipt, type FindReceipts } from "./receipt.ts";
import { meaningOf, readTable } from "./table-fixture.ts";

const T = 1_760_000_000_000;
const C = T - 86_400_000;
const DAY_MS = 86_400_000;

const SIGNER_STATES: Readonly<Record<string, RetiredState | "in use" | "absent">> = {
  "in use": "in use",
  "not in the record": "absent",
  "rotated at T": { kind: "rotated", at: T },
  "revoked at T": { kind: "revoked", at: T },
  "revoked at T, leaked since C": { kind: "revoked", at: T, compromisedSince: C },
};
const LOGGED: Readonly<Record<string, number>> = {
  "–": 0,
  "before T": T - 1,
  "at T": T,
  "after T": T + 1,
  "before C": C - 1,
  "at C": C,
  "between C and T": C + 1,
};
type Log = {
  readonly by: readonly ("log" | "second log" | "stranger" | "builder" | "signer")[];
  readonly state?: (loggedAt: number) => RetiredState;
  readonly threshold?: number;
};
const LOGS: Readonly<Record<string, Log>> = {
  "–": { by: [] },
  "in use": { by: ["log"] },
  "not in the record": { by: ["stranger"] },
  "a builder": { by: ["builder"] },
  "the key itself": { by: ["signer"] },
  "rotated, after it logged this": {
    by: ["log"],
    state: (loggedAt) => ({ kind: "rotated", at: loggedAt + DAY_MS }),
  },
  "rotated, before it logged this": { by: ["log"], state: (loggedAt) => ({ kind: "rotated", at: loggedAt }) },
  "revoked, after it logged this": {
    by: ["log"],
    state: (loggedAt) => ({ kind: "revoked", at: loggedAt + DAY_MS }),
  },
  "one in use, where two must log": { by: ["log"], threshold: 2 },
  "two in use, where two must log": { by: ["log", "second log"], threshold: 2 },
};
const SUBJECTS = {
  nothing: null,
  it: "it",
  "another one": "another one",
  "another app": "another app",
} as const;

type Row = Readonly<Record<string, string>>;
type KeyName = "signer" | "log" | "second log" | "stranger" | "builder";

let capsule: CapsuleFixture;
let envelope: Uint8Array;
let keys: Readonly<Record<KeyName, PrivateKey>>;

beforeAll(async () => {
  capsule = await makeCapsule();
  const [signer, log, second, stranger, builder] = await Promise.all([21, 22, 23, 24, 25].map(fixtureKey));
  if (!signer || !log || !second || !stranger || !builder) throw new Error("five keys");
  keys = { signer, log, "second log": second, stranger, builder };
  envelope = await provenanceEnvelope(capsule.manifest, [signer]);
});

const rows = readTable(keysDocument, "The key that signed");

describe("[S9] what a signature is worth, as docs/keys.md says", () => {
  it("has its rows", () => expect(rows.length).toBeGreaterThan(20));

  const titled = rows.map((row) => [Object.values(row).join(" | "), row] as const);
  it.each(titled)("beside the capsule: %s", async (_title, row) => {
    const receipts = await makeReceipts(row);
    expect(await verify(row, [envelope], async () => receipts)).toEqual(expectedOf(row));
  });
  it.each(titled)("inside the capsule: %s", async (_title, row) => {
    const receipts = await makeReceipts(row);
    expect(await verify(row, [envelope, ...receipts])).toEqual(expectedOf(row));
  });
});

describe("[S9] receipts from beside a capsule", () => {
  it("are asked for only when the verdict hangs on them, naming the envelope", async () => {
    const asked: unknown[] = [];
    const findReceipts: FindReceipts = (wanted) => {
      asked.push(wanted);
      return Promise.resolve([]);
    };
    const [inUse, , , rotated] = rows;
    if (inUse === undefined || rotated === undefined) throw new Error("the first rows");
    await verify(inUse, [envelope], findReceipts);
    expect(asked).toEqual([]);
    await verify(rotated, [envelope], findReceipts);
    const envelopeSha256s = [toHex(await webHashing.sha256(envelope))];
    expect(asked).toEqual([{ capsuleDigest: capsule.capsuleDigest, envelopeSha256s }]);
  });

  it("that were tampered with fail the capsule", async () => {
    const rotated = rows.find(
      (row) => row["The key that signed"] === "rotated at T" && row.Logged === "before T",
    );
    if (rotated === undefined) throw new Error("the row");
    const [receipt] = await makeReceipts(rotated);
    const parsed = JSON.parse(new TextDecoder().decode(receipt));
    const [signature] = parsed.signatures;
    const moved = { ...parsed, payload: btoa(atob(parsed.payload).replace(String(T - 1), String(T - 2))) };
    const tampered = canonicalBytes({ ...moved, signatures: [signature] });
    const found = await verify(rotated, [envelope], () => Promise.resolve([tampered]));
    expect(found).toEqual({ verdict: "fail", because: "bad-signature" });
  });
});

async function verify(row: Row, envelopes: readonly Uint8Array[], findReceipts?: FindReceipts) {
  const report = await verifyCapsule(
    {
      manifestBytes: canonicalBytes(capsule.manifest),
      envelopes,
      attestations: [...capsule.attestations].map(([path, bytes]) => ({ path, bytes })),
      files: [...capsule.files].map(([path, content]) => ({ path, content })),
    },
    {
      trust: await makeTrust(row),
      hashing: webHashing,
      ...(findReceipts === undefined ? {} : { findReceipts }),
    },
  );
  return { verdict: report.verdict, because: becauseOf(report) };
}

function becauseOf(report: VerificationReport): string {
  return findDecidingStep(report)?.code ?? "–";
}

function expectedOf(row: Row) {
  return { verdict: row.Verdict, because: row.Because };
}

async function makeTrust(row: Row) {
  const state = meaningOf(SIGNER_STATES, row["The key that signed"]);
  const log = meaningOf(LOGS, row["By a log key that is"]);
  const logState = log.state?.(meaningOf(LOGGED, row.Logged));
  const retired = state === "in use" || state === "absent" ? {} : { state };
  const lines: (TrustKey | null)[] = await Promise.all([
    state === "absent"
      ? null
      : lineOf("signer", log.by.includes("signer") ? ["builder", "log"] : ["builder"], retired),
    lineOf("log", ["log"], logState === undefined ? {} : { state: logState }),
    lineOf("second log", ["log"], {}),
    lineOf("builder", ["builder"], {}),
  ]);
  const thresholds = log.threshold === undefined ? {} : { log: log.threshold };
  return { revision: 1, keys: lines.filter((line) => line !== null), thresholds };
}

async function lineOf(
  name: KeyName,
  roles: TrustKey["roles"],
  more: Pick<TrustKey, "state">,
): Promise<TrustKey> {
  const { publicKey } = keys[name];
  const keyId = await keyIdOf(publicKey, webHashing);
  return { keyId, publicKey: toBase64(publicKey), name, roles, ...more };
}

/** One receipt for each log key: about this capsule's envelope, or about what it is not. */
async function makeReceipts(row: Row): Promise<Uint8Array[]> {
  const subject = meaningOf(SUBJECTS, row["Receipt for"]);
  if (subject === null) return [];
  const loggedAt = meaningOf(LOGGED, row.Logged);
  const { by } = meaningOf(LOGS, row["By a log key that is"]);
  const other =
    subject === "another one" ? await provenanceEnvelope(capsule.manifest, [keys.stranger]) : envelope;
  const envelopeSha256 = toHex(await webHashing.sha256(other));
  const digest = subject === "another app" ? `sha256:${"1".repeat(64)}` : capsule.capsuleDigest;
  const statement = createReceipt(capsule.manifest.id, digest, { envelopeSha256, loggedAt });
  return await Promise.all(
    by.map(async (name) => envelopeBytes(await signEnvelope(statement, [keys[name]], webHashing))),
  );
}
