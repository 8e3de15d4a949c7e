// What a dropped `.caps` is called: only what was checked, and no more.
import { beforeAll, describe, expect, test } from "vitest";
import {
  type CapsuleFixture,
  fixtureKey,
  inChunks,
  makeCapsule,
  trustIn,
} from "../../core/capsule/capsule-fixture.ts";
import { type CapsVerdict, findSigners, judgeCaps } from "./caps-verdict.ts";
import { type CapsTrust, verifyCaps } from "./verify-caps.ts";

let capsule: CapsuleFixture;
let stranger: CapsTrust["known"][number];

beforeAll(async () => {
  capsule = await makeCapsule();
  const record = await trustIn([await fixtureKey(7)]);
  const [key] = record.keys;
  if (key === undefined) throw new Error("a record of one key");
  stranger = key;
});

async function judge(given: CapsTrust, container = capsule.container): Promise<CapsVerdict> {
  return judgeCaps(await verifyCaps(inChunks(container, 100), given, () => undefined), given, "this project");
}

function trustedKey() {
  const [key] = capsule.trust.keys;
  if (key === undefined) throw new Error("the fixture trusts its key");
  return key;
}

describe("a .caps that was dropped", () => {
  test("is verified when every byte is right and a trusted builder signed it", async () => {
    const given = { trust: capsule.trust, known: [stranger] };
    expect(await judge(given)).toMatchObject({ standing: "verified" });
    const check = await verifyCaps(inChunks(capsule.container), given, () => undefined);
    expect(check.report.capsuleDigest).toBe(capsule.capsuleDigest);
    expect(check.claims).toMatchObject({ capsuleId: capsule.manifest.id, fileCount: 2 });
    expect(findSigners(check, given)).toMatchObject([{ keyId: trustedKey().keyId, standing: "trusted" }]);
  });

  test("tells how far it has read, up to the last byte", async () => {
    const told: number[] = [];
    await verifyCaps(inChunks(capsule.container, 1_000), { trust: null, known: [] }, (bytes) =>
      told.push(bytes),
    );
    expect(told).toEqual([...told].sort((a, b) => a - b));
    expect(told.at(-1)).toBe(capsule.container.length);
  });

  test("is broken at whatever byte it was changed, and never only unproven", async () => {
    const given = { trust: capsule.trust, known: [] };
    const { length } = capsule.container;
    const places = [
      0,
      40,
      Math.floor(length / 3),
      Math.floor(length / 2),
      Math.floor((length * 4) / 5),
      length - 1,
    ];
    for (const place of places) {
      const changed = capsule.container.slice();
      changed[place] = (changed[place] ?? 0) ^ 1;
      const verdict = await judge(given, changed);
      expect(verdict.standing, `byte ${place}: ${verdict.explanation}`).toBe("broken");
    }
    expect((await judge(given, capsule.container.subarray(0, length - 1))).standing).toBe("broken");
    expect((await judge(given, new Uint8Array())).standing).toBe("broken");
  });

  test("is unproven, in other words each time, when nobody trusted stands for it", async () => {
    const nobody = { revision: 1, keys: [], thresholds: {} };
    const others = { revision: 1, keys: [{ ...stranger, roles: ["builder" as const] }], thresholds: {} };
    const verdicts = [
      await judge({ trust: null, known: [trustedKey()] }),
      await judge({ trust: nobody, known: [] }),
      await judge({ trust: others, known: [trustedKey()] }),
      await judge({ trust: { ...capsule.trust, thresholds: { builder: 2 } }, known: [] }),
    ];
    expect(verdicts.map(({ standing }) => standing)).toEqual([
      "unproven",
      "unproven",
      "unproven",
      "unproven",
    ]);
    expect(verdicts.map(({ title }) => title)).toEqual([
      "Whole; nobody's signature was checked",
      "Whole, but signed by nobody this project trusts",
      "Signatures valid, but by nobody this project trusts",
      "Whole, but too few have signed",
    ]);
    expect(verdicts[3]?.explanation).toContain("builder: 2");
  });

  test("is not decidable while its signer is retired and no receipt came along", async () => {
    const keys = [{ ...trustedKey(), state: { kind: "revoked" as const, at: 1 } }];
    const verdict = await judge({ trust: { ...capsule.trust, keys }, known: [] });
    expect(verdict).toMatchObject({
      standing: "unproven",
      title: "Whole, but signed by a key that is retired",
    });
  });
});
