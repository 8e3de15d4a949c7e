// Who counts for which role, as a table: wrong role, too few, one key twice, rotated and revoked keys.
import { beforeAll, describe, expect, it } from "vitest";
import {
  PREDICATE_DEPLOY,
  PREDICATE_MESH_SIM,
  PREDICATE_PROVENANCE,
  PREDICATE_VSA,
} from "../../schemas/statement.ts";
import {
  type Role,
  roleSchema,
  type TrustKey,
  type TrustRecord,
  trustRecordSchema,
} from "../../schemas/trust.ts";
import type { VerificationReport } from "../../schemas/verification.ts";
import { FIXTURE_FRAME, makeRun } from "../mesh/mesh-fixture.ts";
import { simulateSeeds } from "../mesh/simulate-seeds.ts";
import { envelopeBytes, signEnvelope } from "../signing/dsse.ts";
import type { PrivateKey } from "../signing/ed25519.ts";
import { keyIdOf } from "../signing/key-format.ts";
import { createStatement } from "../signing/statement.ts";
import { toBase64 } from "./bytes.ts";
import { canonicalBytes } from "./canonical-json.ts";
import { type CapsuleFixture, fixtureKey, makeCapsule } from "./capsule-fixture.ts";
import { verifyCapsule } from "./verify-capsule.ts";
import { webHashing } from "./web-hashing.ts";

type KeyName = "ana" | "bo" | "cy";
type Signed = {
  readonly by: readonly KeyName[];
  readonly as: Role;
  /** Laid over the predicate. */
  readonly saying?: Readonly<Record<string, unknown>>;
};
type Row = {
  readonly title: string;
  /** The roles of each key that the verifier was given. */
  readonly roles: Partial<Record<KeyName, readonly Role[]>>;
  readonly states?: Partial<Record<KeyName, NonNullable<TrustKey["state"]>>>;
  readonly thresholds?: TrustRecord["thresholds"];
  readonly requires?: readonly Role[];
  readonly envelopes: readonly Signed[];
  readonly verdict: VerificationReport["verdict"];
  readonly code?: string;
};

const KEY_NUMBERS: Readonly<Record<KeyName, number>> = { ana: 11, bo: 12, cy: 13 };
const TIME = "2026-11-01T00:00:00Z";
const { seed: _, ...RUN } = makeRun({ nodes: 2 });
const SIMULATED = await simulateSeeds({ ...RUN, frame: FIXTURE_FRAME }, { hashing: webHashing });
const PREDICATES: Readonly<Record<Role, readonly [string, Record<string, unknown>]>> = {
  builder: [
    PREDICATE_PROVENANCE,
    { buildDefinition: { buildType: "t", externalParameters: {} }, runDetails: { builder: { id: "b" } } },
  ],
  simulator: [PREDICATE_MESH_SIM, SIMULATED],
  deployer: [
    PREDICATE_DEPLOY,
    {
      projectId: "prj_1",
      env: "prod",
      deployId: "dep_1",
      artifactDigest: `sha256:${"1".repeat(64)}`,
      revision: 1,
      previous: null,
    },
  ],
  gate: [
    PREDICATE_VSA,
    {
      verifier: { id: "v" },
      timeVerified: TIME,
      resourceUri: "urn:x",
      policy: {},
      verificationResult: "PASSED",
      verifiedLevels: [],
    },
  ],
  log: ["urn:oursynth:predicate:receipt:v1", { envelopeSha256: "0".repeat(64), loggedAt: 1 }],
};
const ROTATED = { kind: "rotated", at: 1_760_000_000_000 } as const;
const REVOKED = { kind: "revoked", at: 1_760_000_000_000, compromisedSince: 1_759_000_000_000 } as const;

let capsule: CapsuleFixture;
let keys: Readonly<Record<KeyName, PrivateKey>>;
beforeAll(async () => {
  capsule = await makeCapsule();
  const [ana, bo, cy] = await Promise.all([
    fixtureKey(KEY_NUMBERS.ana),
    fixtureKey(KEY_NUMBERS.bo),
    fixtureKey(KEY_NUMBERS.cy),
  ]);
  keys = { ana, bo, cy };
});

async function verifyRow(row: Row): Promise<VerificationReport> {
  const envelopes = await Promise.all(row.envelopes.map(makeEnvelope));
  const source = {
    manifestBytes: canonicalBytes(capsule.manifest),
    envelopes,
    attestations: [...capsule.attestations].map(([path, bytes]) => ({ path, bytes })),
    files: [...capsule.files].map(([path, content]) => ({ path, content })),
  };
  const policy = row.requires === undefined ? {} : { policy: { requires: row.requires } };
  return verifyCapsule(source, { trust: await makeTrust(row), hashing: webHashing, ...policy });
}

async function makeEnvelope({ by, as, saying }: Signed): Promise<Uint8Array> {
  const [type, predicate] = PREDICATES[as];
  const statement = createStatement(capsule.manifest.id, capsule.capsuleDigest, type, {
    ...predicate,
    ...saying,
  });
  return envelopeBytes(
    await signEnvelope(
      statement,
      by.map((name) => keys[name]),
      webHashing,
    ),
  );
}

async function makeTrust({
  roles,
  states,
  thresholds,
}: Pick<Row, "roles" | "states" | "thresholds">): Promise<TrustRecord> {
  const names = (["ana", "bo", "cy"] as const).filter((name) => roles[name] !== undefined);
  const trusted = names.map(async (name): Promise<TrustKey> => {
    const { publicKey } = keys[name];
    const state = states?.[name];
    return {
      keyId: await keyIdOf(publicKey, webHashing),
      publicKey: toBase64(publicKey),
      name,
      roles: [...(roles[name] ?? [])],
      ...(state === undefined ? {} : { state }),
    };
  });
  return trustRecordSchema.parse({
    revision: 1,
    keys: await Promise.all(trusted),
    thresholds: thresholds ?? {},
  });
}

async function expectRow(row: Row): Promise<void> {
  const report = await verifyRow(row);
  const step = report.steps.find(({ id }) => id === "thresholds");
  expect({ verdict: report.verdict, code: step?.code }).toEqual({ verdict: row.verdict, code: row.code });
}

const both = { ana: ["builder"], bo: ["builder"] } as const;
const two = { builder: 2 };
const missed = { verdict: "fail", code: "threshold-not-met" } as const;
const open = { verdict: "undecidable", code: "needs-receipt" } as const;

const THRESHOLDS: readonly Row[] = [
  { title: "one of one", roles: both, envelopes: [{ by: ["ana"], as: "builder" }], verdict: "pass" },
  { title: "none of one", roles: both, envelopes: [], ...missed },
  {
    title: "a key without roles",
    roles: { ana: [] },
    envelopes: [{ by: ["ana"], as: "builder" }],
    ...missed,
  },
  ...roleSchema.options
    .filter((role) => role !== "builder")
    .map(
      (role): Row => ({
        title: `a key that may only act as ${role}`,
        roles: { ana: [role] },
        envelopes: [{ by: ["ana"], as: "builder" }],
        ...missed,
      }),
    ),
  ...roleSchema.options
    .filter((role) => role !== "builder")
    .map(
      (role): Row => ({
        title: `a builder's key under a statement that needs ${role}`,
        roles: { ana: ["builder", role] },
        envelopes: [{ by: ["ana"], as: role }],
        ...missed,
      }),
    ),
  ...(["simulator", "deployer", "gate"] as const).map(
    (role): Row => ({
      title: `${role} where ${role} is asked for`,
      roles: { ana: [role] },
      requires: [role],
      envelopes: [{ by: ["ana"], as: role }],
      verdict: "pass",
    }),
  ),
  {
    title: "a gate that says FAILED",
    roles: { ana: ["gate"] },
    requires: ["gate"],
    envelopes: [{ by: ["ana"], as: "gate", saying: { verificationResult: "FAILED" } }],
    ...missed,
  },
  {
    title: "a gate that says FAILED, and another that says PASSED, of two",
    roles: { ana: ["gate"], bo: ["gate"] },
    thresholds: { gate: 2 },
    requires: ["gate"],
    envelopes: [
      { by: ["ana"], as: "gate", saying: { verificationResult: "FAILED" } },
      { by: ["bo"], as: "gate" },
    ],
    ...missed,
  },
  {
    title: "one of two",
    roles: both,
    thresholds: two,
    envelopes: [{ by: ["ana"], as: "builder" }],
    ...missed,
  },
  {
    title: "two of two in one envelope",
    roles: both,
    thresholds: two,
    envelopes: [{ by: ["ana", "bo"], as: "builder" }],
    verdict: "pass",
  },
  {
    title: "two of two in two envelopes",
    roles: both,
    thresholds: two,
    envelopes: [
      { by: ["bo"], as: "builder" },
      { by: ["ana"], as: "builder" },
    ],
    verdict: "pass",
  },
  {
    title: "the same key twice",
    roles: both,
    thresholds: two,
    envelopes: [
      { by: ["ana"], as: "builder" },
      { by: ["ana"], as: "builder" },
    ],
    ...missed,
  },
  {
    title: "the same key alone and beside another role's",
    roles: { ana: ["builder"], bo: ["gate"] },
    thresholds: two,
    envelopes: [
      { by: ["ana"], as: "builder" },
      { by: ["ana", "bo"], as: "builder" },
    ],
    ...missed,
  },
  {
    title: "a trusted key and an unknown one",
    roles: { ana: ["builder"] },
    thresholds: two,
    envelopes: [{ by: ["ana", "bo"], as: "builder" }],
    verdict: "fail",
    code: "unknown-signer",
  },
  {
    title: "enough trusted keys beside an unknown one",
    roles: both,
    thresholds: two,
    envelopes: [{ by: ["ana", "bo", "cy"], as: "builder" }],
    verdict: "pass",
  },
  {
    title: "three of three, of whom one acts in another role",
    roles: { ana: ["builder"], bo: ["builder"], cy: ["builder", "gate"] },
    thresholds: { builder: 3 },
    envelopes: [
      { by: ["ana", "bo"], as: "builder" },
      { by: ["cy"], as: "gate" },
    ],
    ...missed,
  },
  {
    title: "two roles, both filled",
    roles: { ana: ["builder"], bo: ["gate"] },
    requires: ["builder", "gate"],
    envelopes: [
      { by: ["ana"], as: "builder" },
      { by: ["bo"], as: "gate" },
    ],
    verdict: "pass",
  },
  {
    title: "two roles, one filled",
    roles: { ana: ["builder"], bo: ["gate"] },
    requires: ["builder", "gate"],
    envelopes: [{ by: ["ana"], as: "builder" }],
    ...missed,
  },
  {
    title: "one key with two roles fills both, by two statements",
    roles: { ana: ["builder", "gate"] },
    requires: ["builder", "gate"],
    envelopes: [
      { by: ["ana"], as: "builder" },
      { by: ["ana"], as: "gate" },
    ],
    verdict: "pass",
  },
  {
    title: "a threshold for a role that nobody asked for",
    roles: { ana: ["builder"] },
    thresholds: { gate: 5 },
    envelopes: [{ by: ["ana"], as: "builder" }],
    verdict: "pass",
  },
  {
    title: "a higher threshold than there are keys",
    roles: both,
    thresholds: { builder: 3 },
    envelopes: [{ by: ["ana", "bo"], as: "builder" }],
    ...missed,
  },
];

const RETIRED: readonly Row[] = [
  {
    title: "rotated: not decidable without a receipt",
    roles: both,
    states: { ana: ROTATED },
    envelopes: [{ by: ["ana"], as: "builder" }],
    ...open,
  },
  {
    title: "revoked: not decidable without a receipt",
    roles: both,
    states: { ana: REVOKED },
    envelopes: [{ by: ["ana"], as: "builder" }],
    ...open,
  },
  {
    title: "rotated, and its successor signed too",
    roles: both,
    states: { ana: ROTATED },
    envelopes: [{ by: ["ana", "bo"], as: "builder" }],
    verdict: "pass",
  },
  {
    title: "one good and one revoked of two",
    roles: both,
    states: { bo: REVOKED },
    thresholds: two,
    envelopes: [{ by: ["ana", "bo"], as: "builder" }],
    ...open,
  },
  {
    title: "a revoked one would not be enough even with a receipt",
    roles: both,
    states: { bo: REVOKED },
    thresholds: two,
    envelopes: [{ by: ["bo"], as: "builder" }],
    ...missed,
  },
  {
    title: "the same revoked key twice is one key",
    roles: both,
    states: { bo: REVOKED },
    thresholds: two,
    envelopes: [
      { by: ["bo"], as: "builder" },
      { by: ["bo"], as: "builder" },
    ],
    ...missed,
  },
  {
    title: "revoked, and never authorised for the role",
    roles: { ana: ["gate"] },
    states: { ana: REVOKED },
    envelopes: [{ by: ["ana"], as: "builder" }],
    ...missed,
  },
  {
    title: "revoked, and it did not sign",
    roles: both,
    states: { bo: REVOKED },
    envelopes: [{ by: ["ana"], as: "builder" }],
    verdict: "pass",
  },
  {
    title: "one role open and one missed: missed",
    roles: { ana: ["builder"], bo: ["gate"] },
    states: { ana: ROTATED },
    requires: ["builder", "gate"],
    envelopes: [{ by: ["ana"], as: "builder" }],
    ...missed,
  },
  {
    title: "one role open and one filled: open",
    roles: { ana: ["builder"], bo: ["gate"] },
    states: { ana: ROTATED },
    requires: ["builder", "gate"],
    envelopes: [
      { by: ["ana"], as: "builder" },
      { by: ["bo"], as: "gate" },
    ],
    ...open,
  },
  {
    title: "a policy that asks for nothing does not mind",
    roles: both,
    states: { ana: REVOKED },
    requires: [],
    envelopes: [{ by: ["ana"], as: "builder" }],
    verdict: "pass",
  },
];

describe("[S5] thresholds count distinct keys that may act in the role", () => {
  it.each(THRESHOLDS.map((row) => [row.title, row] as const))("%s", (_title, row) => expectRow(row));
});

describe("[S9] keys that were rotated out or revoked count only with a receipt", () => {
  it.each(RETIRED.map((row) => [row.title, row] as const))("%s", (_title, row) => expectRow(row));

  it("a bad signature by a revoked key is still a bad signature", async () => {
    const good = JSON.parse(
      new TextDecoder().decode(await makeEnvelope({ by: ["ana", "bo"], as: "builder" })),
    );
    const [first, second] = good.signatures;
    const swapped = { ...good, signatures: [{ ...first, sig: second.sig }, second] };
    const trust = await makeTrust({ roles: both, states: { ana: REVOKED, bo: REVOKED } });
    const report = await verifyCapsule(
      {
        manifestBytes: canonicalBytes(capsule.manifest),
        envelopes: [canonicalBytes(swapped)],
        attestations: null,
        files: null,
      },
      { trust, hashing: webHashing },
    );
    expect(report.verdict).toBe("fail");
    expect(report.steps.find(({ id }) => id === "envelopes")).toMatchObject({ code: "bad-signature" });
  });
});

describe("[S3] a trust record that contradicts itself", () => {
  it("one key under two lines or under two ids is refused", async () => {
    const row: Row = { title: "", roles: both, envelopes: [{ by: ["ana"], as: "builder" }], verdict: "pass" };
    const trust = await makeTrust(row);
    const [first, second] = trust.keys;
    if (first === undefined || second === undefined) throw new Error("two keys");
    const sameKeyOtherId = { ...second, publicKey: first.publicKey };
    for (const twice of [
      { ...first, roles: ["gate" as const] },
      { ...first, state: REVOKED },
      sameKeyOtherId,
    ]) {
      const report = await verifyCapsule(
        { manifestBytes: canonicalBytes(capsule.manifest), envelopes: [], attestations: [], files: [] },
        { trust: { ...trust, keys: [first, twice] }, hashing: webHashing },
      );
      expect(report.steps.find(({ id }) => id === "thresholds")).toMatchObject({ code: "invalid-trust" });
    }
  });
});
