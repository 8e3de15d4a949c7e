// The two tables of "Owners' keys" in docs/keys.md, row by row.
import { beforeAll, describe, expect, it } from "vitest";
import keysDocument from "../../docs/keys.md?raw";
import type { KeyRotation, OwnerKeys } from "../../schemas/key-statement.ts";
import type { Envelope } from "../../schemas/statement.ts";
import { toBase64 } from "../capsule/bytes.ts";
import { fixtureKey } from "../capsule/capsule-fixture.ts";
import { webHashing } from "../capsule/web-hashing.ts";
import { signEnvelope } from "./dsse.ts";
import type { PrivateKey } from "./ed25519.ts";
import { keyIdOf } from "./key-format.ts";
import { createOwnerKeysStatement, createRotationStatement } from "./key-statements.ts";
import { checkOwnersChange, checkOwnersSigned, checkRotation, type PublicKeyLine } from "./signed-change.ts";
import { meaningOf, readTable } from "./table-fixture.ts";

const CURRENT_REVISION = 7;
const REVISIONS = {
  "the current": CURRENT_REVISION,
  "the next": CURRENT_REVISION + 1,
  "the one after": CURRENT_REVISION + 2,
};
const SCOPES = {
  "this project": { projectId: "prj_1" },
  "another project": { projectId: "prj_2" },
  "the organization": { organization: "org_1" },
};
const SIGNERS = {
  "the old key": "old",
  "the old key, wrongly": "wrong",
  "the new key": "new",
  "another trusted key": "other",
  "nobody else": null,
} as const;

let old: PrivateKey;
let successor: PrivateKey;
let other: PrivateKey;
let owners: readonly PrivateKey[];
let nextOwners: readonly PrivateKey[];

beforeAll(async () => {
  const keys = await Promise.all([31, 32, 33, 41, 42, 43, 51, 52, 53].map(fixtureKey));
  const [first, second, third] = keys;
  if (!first || !second || !third) throw new Error("nine keys");
  [old, successor, other] = [first, second, third];
  owners = keys.slice(3, 6);
  nextOwners = keys.slice(6);
});

const rotations = readTable(keysDocument, "Signed by");
const changes = readTable(keysDocument, "Needed before");

describe("[S5, S9] a rotation, as docs/keys.md says", () => {
  it("has its rows", () => expect(rotations.length).toBeGreaterThan(10));

  it.each(rotations.map((row) => [Object.values(row).join(" | "), row] as const))(
    "%s",
    async (_title, row) => {
      const rotation = await rotationOf(
        meaningOf(SCOPES, row["Says it is for"]),
        meaningOf(REVISIONS, row["Says revision"]),
      );
      const signers = owners.slice(0, Number(row["Owners signed"]));
      const envelope = await sign(rotation, meaningOf(SIGNERS, row["Signed by"]), signers);
      const checked = await checkRotation(envelope, {
        expected: { projectId: "prj_1", oldKeyId: rotation.oldKeyId, revision: CURRENT_REVISION + 1 },
        oldKey: await lineOf(old),
        owners: await ownersOf(owners, Number(row["Owners needed"])),
      });
      expect(checked.ok ? "rotated" : checked.reason.code).toBe(row.Outcome);
      if (checked.ok) expect(checked.value).toEqual(rotation);
    },
  );
});

describe("[S5] new owners' keys, as docs/keys.md says", () => {
  it("has its rows", () => expect(changes.length).toBeGreaterThan(5));

  it.each(changes.map((row) => [Object.values(row).join(" | "), row] as const))("%s", async (_title, row) => {
    const from = await ownersOf(owners, Number(row["Needed before"]), CURRENT_REVISION);
    const to = await ownersOf(nextOwners, Number(row["Needed after"]), CURRENT_REVISION + 1);
    const revision = meaningOf(REVISIONS, row["Says revision"]);
    const said = await createOwnerKeysStatement("org_1", { ...to, revision }, webHashing);
    const signers = [
      ...owners.slice(0, Number(row["Old owners signed"])),
      ...nextOwners.slice(0, Number(row["New owners signed"])),
    ];
    const envelope = await signEnvelope(said, signers, webHashing);
    const expected = await createOwnerKeysStatement("org_1", to, webHashing);
    const checked = await checkOwnersChange(envelope, expected, { from, to });
    expect(checked.ok ? "set" : checked.reason.code).toBe(row.Outcome);
  });
});

describe("[S5] what owners sign is exactly what is done", () => {
  it("other owners, another threshold or another organization need other signatures", async () => {
    const from = await ownersOf(owners, 2);
    const to = { ...(await ownersOf(nextOwners, 2)), revision: CURRENT_REVISION + 1 };
    const signed = await signEnvelope(
      await createOwnerKeysStatement("org_1", to, webHashing),
      owners,
      webHashing,
    );
    const codeOf = async (organization: string, asked: OwnerKeys) => {
      const expected = await createOwnerKeysStatement(organization, asked, webHashing);
      const checked = await checkOwnersSigned(signed, expected, from);
      return checked.ok ? "ok" : checked.reason.code;
    };
    expect(await codeOf("org_1", to)).toBe("ok");
    expect(await codeOf("org_2", to)).toBe("other-statement");
    expect(await codeOf("org_1", { ...to, threshold: 1 })).toBe("other-statement");
    expect(await codeOf("org_1", { ...to, keys: to.keys.slice(1) })).toBe("other-statement");
    expect(await codeOf("org_1", { ...to, revision: to.revision + 1 })).toBe("revision-moved");
  });

  it("a rotation that names another successor than its subject is refused", async () => {
    const rotation = await rotationOf({ projectId: "prj_1" }, CURRENT_REVISION + 1);
    const statement = createRotationStatement(rotation);
    const [subject] = statement.subject;
    const twisted = { ...statement, subject: [{ ...subject, digest: { sha256: "1".repeat(64) } }] };
    const envelope = await signEnvelope(twisted as typeof statement, [old], webHashing);
    const checked = await checkRotation(envelope, {
      expected: rotation,
      oldKey: await lineOf(old),
      owners: await ownersOf([], 0),
    });
    expect(checked).toMatchObject({ ok: false, reason: { code: "other-statement" } });
  });

  it("one owner twice is one owner", async () => {
    const [owner] = await Promise.all(owners.map(lineOf));
    if (owner === undefined || owners[0] === undefined) throw new Error("an owner");
    const to = { ...(await ownersOf(nextOwners, 0)), revision: CURRENT_REVISION + 1 };
    const expected = await createOwnerKeysStatement("org_1", to, webHashing);
    const envelope = await signEnvelope(expected, [owners[0]], webHashing);
    const from = { revision: CURRENT_REVISION, threshold: 2, keys: [owner, owner] };
    const checked = await checkOwnersSigned(envelope, expected, from);
    expect(checked).toMatchObject({ ok: false, reason: { code: "too-few-owners" } });
  });
});

async function rotationOf(
  scope: { readonly projectId: string } | { readonly organization: string },
  revision: number,
): Promise<KeyRotation> {
  return {
    ...scope,
    oldKeyId: await keyIdOf(old.publicKey, webHashing),
    newKeyId: await keyIdOf(successor.publicKey, webHashing),
    newPublicKey: toBase64(successor.publicKey),
    revision,
    reason: "yearly",
  };
}

async function sign(
  rotation: KeyRotation,
  by: "old" | "wrong" | "new" | "other" | null,
  signers: readonly PrivateKey[],
): Promise<Envelope> {
  const key = by === "new" ? successor : by === "other" ? other : old;
  const envelope = await signEnvelope(
    createRotationStatement(rotation),
    by === null ? signers : [key, ...signers],
    webHashing,
  );
  if (by !== "wrong") return envelope;
  const stranger = await signEnvelope(createRotationStatement(rotation), [other], webHashing);
  const [forged] = stranger.signatures;
  const oldKeyId = await keyIdOf(old.publicKey, webHashing);
  const signatures = envelope.signatures.map((signature) =>
    signature.keyid === oldKeyId ? { ...signature, sig: forged?.sig ?? "" } : signature,
  );
  return { ...envelope, signatures };
}

async function lineOf({ publicKey }: PrivateKey): Promise<PublicKeyLine> {
  return { keyId: await keyIdOf(publicKey, webHashing), publicKey: toBase64(publicKey) };
}

async function ownersOf(
  keys: readonly PrivateKey[],
  threshold: number,
  revision = CURRENT_REVISION,
): Promise<OwnerKeys> {
  return { revision, threshold, keys: await Promise.all(keys.map(lineOf)) };
}
