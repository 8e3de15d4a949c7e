// A trust record's changes: what each does, and which are refused.
import { describe, expect, it } from "vitest";
import type { TrustKey, TrustRecord } from "../../schemas/trust.ts";
import { changeTrust, type TrustChange } from "./change-trust.ts";

const NOW = 1_760_000_000_000;
const EARLIER = NOW - 1_000;

function keyOf(letter: string, roles: TrustKey["roles"] = ["builder"]): Omit<TrustKey, "state"> {
  return { keyId: `sha256:${letter.repeat(64)}`, publicKey: `${letter.repeat(43)}=`, name: letter, roles };
}
const ana = keyOf("a");
const bo = keyOf("b", ["builder", "gate"]);
const cy = keyOf("c");
const RECORD: TrustRecord = { revision: 4, keys: [ana, bo], thresholds: { builder: 2 } };

function apply(record: TrustRecord, change: TrustChange, now = NOW): TrustRecord {
  const changed = changeTrust(record, change, now);
  if (!changed.ok) throw new Error(changed.reason.message);
  return changed.value;
}
function refusal(record: TrustRecord, change: TrustChange): string {
  const changed = changeTrust(record, change, NOW);
  return changed.ok ? "" : `${changed.reason.code}: ${changed.reason.message}`;
}
function stateOf(record: TrustRecord, keyId: string) {
  return record.keys.find((key) => key.keyId === keyId)?.state;
}
function revoke(compromisedSince: number | null): TrustChange {
  return { kind: "revoked", keyId: ana.keyId, compromisedSince };
}
const rotate: TrustChange = { kind: "rotated", keyId: ana.keyId, successor: cy };

describe("[S5] each change makes one new revision", () => {
  it("trusting adds a key, or gives a known one other roles", () => {
    expect(apply(RECORD, { kind: "trusted", key: cy })).toEqual({
      ...RECORD,
      revision: 5,
      keys: [ana, bo, cy],
    });
    const more = { ...ana, name: "again", roles: ["log", "builder"] as TrustKey["roles"] };
    const [first] = apply(RECORD, { kind: "trusted", key: more }).keys;
    expect(first).toEqual({ ...more, roles: ["builder", "log"] });
  });

  it("removing takes a key out; one that is not there is not found", () => {
    expect(apply(RECORD, { kind: "removed", keyId: ana.keyId }).keys).toEqual([bo]);
    expect(refusal(RECORD, { kind: "removed", keyId: cy.keyId })).toMatch(/^not-found: .*does not trust/);
  });

  it("thresholds that nobody could meet are refused", () => {
    const gate = { kind: "thresholds", thresholds: { gate: 1 } } as const;
    expect(apply(RECORD, gate).thresholds).toEqual({ gate: 1 });
    const three = { kind: "thresholds", thresholds: { builder: 3 } } as const;
    expect(refusal(RECORD, three)).toMatch(/3 keys would have to sign as builder, and 2 may/);
    const afterRotation = apply(RECORD, rotate);
    expect(apply(afterRotation, { kind: "thresholds", thresholds: { builder: 2 } }).revision).toBe(6);
    expect(refusal(afterRotation, three)).toMatch(/and 2 may/);
  });

  it("a record that is full takes no more", () => {
    const many = Array.from({ length: 256 }, (_none, index) => ({
      ...ana,
      keyId: `sha256:${index.toString(16).padStart(64, "0")}`,
    }));
    expect(refusal({ ...RECORD, keys: many }, { kind: "trusted", key: cy })).toMatch(/at most 256 keys/);
  });
});

describe("[S9] rotating and revoking", () => {
  it("the successor takes the roles, the old key stays as rotated", () => {
    const rotated = apply(RECORD, rotate);
    expect(stateOf(rotated, ana.keyId)).toEqual({ kind: "rotated", at: NOW });
    expect(rotated.keys.find(({ keyId }) => keyId === cy.keyId)).toEqual(cy);
    expect(rotated.thresholds).toEqual(RECORD.thresholds);
  });

  it("a successor is a new key, and a retired key has none", () => {
    expect(refusal(RECORD, { ...rotate, successor: bo })).toMatch(/^conflict: .*a successor is a new key/);
    expect(refusal(RECORD, { ...rotate, keyId: cy.keyId })).toMatch(/^not-found/);
    const again = { ...rotate, successor: keyOf("d") };
    expect(refusal(apply(RECORD, rotate), again)).toMatch(/was rotated/);
    expect(refusal(apply(RECORD, revoke(null)), again)).toMatch(/was revoked/);
  });

  it("a retired key is neither removed nor trusted anew", () => {
    for (const retired of [apply(RECORD, rotate), apply(RECORD, revoke(EARLIER))]) {
      expect(refusal(retired, { kind: "trusted", key: ana })).toMatch(/is not trusted anew/);
      expect(refusal(retired, { kind: "removed", keyId: ana.keyId })).toMatch(/stays in the record/);
    }
  });

  it("a revocation tells since when, never later than it happens", () => {
    expect(stateOf(apply(RECORD, revoke(null)), ana.keyId)).toEqual({ kind: "revoked", at: NOW });
    const since = apply(RECORD, revoke(EARLIER));
    expect(stateOf(since, ana.keyId)).toEqual({ kind: "revoked", at: NOW, compromisedSince: EARLIER });
    expect(refusal(RECORD, revoke(NOW + 1))).toMatch(/in the future/);
  });

  it("a rotated key can be revoked: what it signed after its rotation does not begin to count", () => {
    const rotated = apply(RECORD, rotate);
    const later = NOW + 5_000;
    expect(stateOf(apply(rotated, revoke(null), later), ana.keyId)).toEqual({ kind: "revoked", at: NOW });
    const between = apply(rotated, revoke(NOW + 1_000), later);
    expect(stateOf(between, ana.keyId)).toEqual({ kind: "revoked", at: NOW, compromisedSince: NOW });
    const before = apply(rotated, revoke(EARLIER), later);
    expect(stateOf(before, ana.keyId)).toMatchObject({ compromisedSince: EARLIER });
  });

  it("a revoked key can only be told to have leaked earlier", () => {
    const revoked = apply(RECORD, revoke(EARLIER));
    expect(refusal(revoked, revoke(EARLIER))).toMatch(/leaked earlier/);
    expect(refusal(revoked, revoke(EARLIER + 1))).toMatch(/leaked earlier/);
    expect(refusal(revoked, revoke(null))).toMatch(/leaked earlier/);
    expect(stateOf(apply(revoked, revoke(EARLIER - 1)), ana.keyId)).toMatchObject({
      compromisedSince: EARLIER - 1,
    });
  });
});
