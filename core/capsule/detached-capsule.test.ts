import { beforeAll, describe, expect, it } from "vitest";
import { canonicalBytes } from "./canonical-json.ts";
import { type CapsuleFixture, fixtureKey, makeCapsule, provenanceEnvelope } from "./capsule-fixture.ts";
import { parseDetached, writeDetached } from "./detached-capsule.ts";
import { toDigest } from "./digest.ts";
import { verifyCapsule } from "./verify-capsule.ts";
import { webHashing } from "./web-hashing.ts";

const encoder = new TextEncoder();
const decoder = new TextDecoder();
let capsule: CapsuleFixture;
let bytes: Uint8Array;
beforeAll(async () => {
  capsule = await makeCapsule();
  bytes = await writeDetached(capsule.manifest, capsule.envelopes, webHashing);
});

async function codeOf(given: Uint8Array | string): Promise<string> {
  const result = await parseDetached(typeof given === "string" ? encoder.encode(given) : given, webHashing);
  return result.ok ? "ok" : result.reason.code;
}

describe("the detached form", () => {
  it("[K4] gives back manifest and envelopes, by which the files verify", async () => {
    const read = await parseDetached(bytes, webHashing);
    if (!read.ok) throw new Error(read.reason.message);
    expect(read.value).toMatchObject({ manifest: capsule.manifest, envelopes: capsule.envelopes });
    expect(toDigest(await webHashing.sha256(read.value.manifestBytes))).toBe(capsule.capsuleDigest);
    const report = await verifyCapsule(
      {
        manifestBytes: read.value.manifestBytes,
        envelopes: read.value.envelopes,
        attestations: [...capsule.attestations].map(([path, content]) => ({ path, bytes: content })),
        files: [...capsule.files].map(([path, content]) => ({ path, content })),
      },
      { trust: capsule.trust, hashing: webHashing },
    );
    expect(report.verdict).toBe("pass");
  });

  it("[K4] same parts, same bytes, whatever their order and however often", async () => {
    const keys = await Promise.all([2, 3, 4].map(fixtureKey));
    const more = await Promise.all(keys.map((key) => provenanceEnvelope(capsule.manifest, [key])));
    const one = await writeDetached(capsule.manifest, more, webHashing);
    expect(await writeDetached(capsule.manifest, [...more, ...more].reverse(), webHashing)).toEqual(one);
    expect(await codeOf(one)).toBe("ok");
  });

  it("[K4] is canonical, and has nothing beside manifest and envelopes", async () => {
    const { manifest } = capsule;
    const [envelope] = capsule.envelopes.map((line) => JSON.parse(decoder.decode(line)));
    const text = decoder.decode(bytes);
    expect(await codeOf(text)).toBe("ok");
    expect(await codeOf(canonicalBytes({ manifest, envelopes: [] }))).toBe("ok");
    expect(await codeOf(` ${text}`)).toBe("not-canonical");
    expect(await codeOf(text.replace('{"envelopes"', '{"envelopes":[],"envelopes"'))).toBe("not-json");
    expect(await codeOf(text.slice(0, -1))).toBe("not-json");
    expect(await codeOf(canonicalBytes({ manifest }))).toBe("not-detached");
    expect(await codeOf(canonicalBytes({ manifest, envelopes: [], extra: 1 }))).toBe("not-detached");
    expect(await codeOf(canonicalBytes({ manifest, envelopes: ["x"] }))).toBe("not-detached");
    expect(await codeOf(canonicalBytes({ manifest, envelopes: [envelope, envelope] }))).toBe(
      "unsorted-envelopes",
    );
    expect(await codeOf(canonicalBytes({ manifest: { ...manifest, extra: 1 }, envelopes: [] }))).toBe(
      "invalid-manifest",
    );
  });

  it("[K4] keeps the limits of a container: 64 envelopes and not 65, 32 levels of manifest and not 33", async () => {
    const { manifest } = capsule;
    const lines = Array.from({ length: 65 }, (_, index) => canonicalBytes({ index }));
    expect(await codeOf(await writeDetached(manifest, lines.slice(0, 64), webHashing))).toBe("ok");
    await expect(writeDetached(manifest, lines, webHashing)).rejects.toThrow(RangeError);
    const envelopes = lines.map((line) => JSON.parse(decoder.decode(line)));
    expect(await codeOf(canonicalBytes({ manifest, envelopes }))).toBe("limit");
    const nested = (depth: number): unknown => (depth === 0 ? 1 : [nested(depth - 1)]);
    expect(await codeOf(canonicalBytes({ manifest: { ...manifest, ui: nested(31) }, envelopes: [] }))).toBe(
      "ok",
    );
    const tooDeep = canonicalBytes({ manifest: { ...manifest, ui: nested(32) }, envelopes: [] });
    expect(await codeOf(tooDeep)).toBe("limit");
    await expect(writeDetached(manifest, [encoder.encode('{"a": 1}')], webHashing)).rejects.toThrow(
      TypeError,
    );
  });
});
