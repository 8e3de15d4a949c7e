import { beforeAll, describe, expect, it } from "vitest";
import type { Manifest } from "../../schemas/manifest.ts";
import { canonicalBytes } from "./canonical-json.ts";
import { makeCapsule } from "./capsule-fixture.ts";
import {
  computeCapsuleDigest,
  computeContentDigest,
  computeSettingsDigest,
  digestHex,
  isDigest,
} from "./digest.ts";
import { isLicenseExpression } from "./license.ts";
import { parseManifest } from "./manifest.ts";
import { webHashing } from "./web-hashing.ts";

let manifest: Manifest;
beforeAll(async () => {
  manifest = (await makeCapsule()).manifest;
});

function issuesOf(changes: Readonly<Record<string, unknown>>): string {
  const result = parseManifest(canonicalBytes({ ...manifest, ...changes }));
  return result.ok ? "ok" : result.reason.issues.map((issue) => `${issue.code} ${issue.path}`).join("; ");
}

function file(path: string, sizeBytes = 1): Manifest["files"][number] {
  return { path, mode: "file", sizeBytes, sha256: "0".repeat(64) };
}

describe("parseManifest", () => {
  it("[C2] accepts canonical bytes and nothing that differs from them by one space", () => {
    const bytes = canonicalBytes(manifest);
    expect(parseManifest(bytes)).toEqual({ ok: true, value: manifest });
    expect(parseManifest(new TextEncoder().encode(JSON.stringify(manifest, null, 1))).ok).toBe(false);
    expect(parseManifest(new TextEncoder().encode(`${new TextDecoder().decode(bytes)}\n`)).ok).toBe(false);
  });

  it("[C1] rejects unknown keys and missing fields", () => {
    expect(issuesOf({ extra: 1 })).toContain("manifest");
    expect(issuesOf({ app: { ...manifest.app, extra: 1 } })).toContain("manifest app");
    const { ui: _ui, ...without } = manifest;
    expect(parseManifest(canonicalBytes(without)).ok).toBe(false);
    expect(issuesOf({ app: { ...manifest.app, env: JSON.parse('{"__proto__":"x"}') } })).toBe("manifest ");
  });

  it("[C1] wants integers within ±(2^53−1), but not in the three open places", () => {
    expect(issuesOf({ createdAt: 2 ** 53 - 1 })).toBe("ok");
    expect(issuesOf({ createdAt: 2 ** 53 })).toBe("manifest createdAt");
    expect(issuesOf({ createdAt: 0.5 })).toBe("manifest createdAt");
    expect(issuesOf({ ui: { minimum: 0.5, deep: [1e300, { __x: null }] } })).toBe("ok");
    expect(issuesOf({ services: [{ name: "a", type: "kv", config: JSON.parse('{"__proto__":0.5}') }] })).toBe(
      "ok",
    );
  });

  it("[C7] names a type that it does not know", () => {
    const result = parseManifest(canonicalBytes({ ...manifest, _type: "urn:oursynth:capsule:v2" }));
    expect(!result.ok && result.reason.issues[0]).toMatchObject({
      code: "type",
      message: expect.stringContaining("v2"),
    });
  });

  it("[C7] wants the id's version to be the version, and a good slug", () => {
    expect(issuesOf({ version: "0.0.1" })).toBe("manifest id");
    expect(issuesOf({ id: "urn:oursynth:app:-a@0.0.0" })).toBe("manifest id");
    expect(issuesOf({ id: `urn:oursynth:app:${"a".repeat(63)}@0.0.0` })).toBe("ok");
    expect(issuesOf({ id: `urn:oursynth:app:${"a".repeat(64)}@0.0.0` })).toBe("manifest id");
    expect(issuesOf({ id: "urn:oursynth:app:a@1.0", version: "1.0" })).toContain("manifest version");
  });

  it("[C4] wants files sorted by UTF-8 bytes and each once", () => {
    expect(issuesOf({ files: [file("a"), file("b")] })).toBe("ok");
    expect(issuesOf({ files: [file("b"), file("a")] })).toBe("manifest files.1.path");
    expect(issuesOf({ files: [file("a"), file("a")] })).toBe("manifest files.1.path");
    expect(issuesOf({ files: [file("\uffee"), file("\u{1f600}")] })).toBe("ok");
    expect(issuesOf({ files: [file("\u{1f600}"), file("\uffee")] })).toBe("manifest files.1.path");
  });

  it("[C5] rejects bad and colliding paths", () => {
    expect(issuesOf({ files: [file("../a")] })).toBe("paths files.0.path");
    expect(issuesOf({ files: [file("Foo/a"), file("foo/b")] })).toBe("paths files");
  });

  it("[C6] allows each limit and not one more", () => {
    const mebibyte = 1_048_576;
    expect(issuesOf({ files: [file("a", 90 * mebibyte)] })).toBe("ok");
    expect(issuesOf({ files: [file("a", 90 * mebibyte + 1)] })).toBe("limits files.0.sizeBytes");
    const many = Array.from({ length: 16 }, (_, index) => file(`a${10 + index}`, 64 * mebibyte));
    expect(issuesOf({ files: many })).toBe("ok");
    expect(issuesOf({ files: [...many, file("b", 1)] })).toBe("limits files");
    const names = Array.from({ length: 9_001 }, (_, index) => file(`f${String(index).padStart(5, "0")}`, 0));
    expect(issuesOf({ files: names.slice(0, 9_000) })).toBe("ok");
    expect(issuesOf({ files: names })).toBe("limits files");
  });

  it("[C7] wants entry, seeds and lockfile to name files, and rejects crdt seeds by name", () => {
    const seed = (type: string, path: string) => issuesOf({ seeds: [{ name: "s", type, path }] });
    expect(seed("sql", "index.html")).toBe("ok");
    expect(seed("sql", "missing.sql")).toBe("manifest seeds.0.path");
    expect(seed("files", "bin")).toBe("ok");
    expect(seed("sql", "bin")).toBe("manifest seeds.0.path");
    expect(seed("crdt", "index.html")).toBe("manifest seeds.0.type");
    expect(issuesOf({ app: { ...manifest.app, entry: "missing.js" } })).toBe("manifest app.entry");
    expect(issuesOf({ app: { ...manifest.app, entry: "../x.js" } })).toBe("paths app.entry");
  });

  it("[C7] wants attestations well named, sorted and each once", () => {
    const line = (name: string) => ({
      type: "log",
      sha256: "0".repeat(64),
      path: `attestations/${name}`,
      meta: null,
    });
    expect(issuesOf({ attestations: [line("a"), line("b")] })).toBe("ok");
    expect(issuesOf({ attestations: [line("b"), line("a")] })).toBe("manifest attestations.1");
    expect(issuesOf({ attestations: [line("A")] })).toBe("manifest attestations.0.path");
    expect(issuesOf({ attestations: [line("..")] })).toBe("paths attestations.0.path");
    const many = Array.from({ length: 65 }, (_, index) => line(`a${100 + index}`));
    expect(issuesOf({ attestations: many.slice(0, 64) })).toBe("ok");
    expect(issuesOf({ attestations: many })).toBe("limits attestations");
  });

  it("[C7] checks the licence as an SPDX expression", () => {
    expect(
      issuesOf({ rights: { ...manifest.rights, license: "MIT OR (Apache-2.0 AND BSD-3-Clause)" } }),
    ).toBe("ok");
    expect(issuesOf({ rights: { ...manifest.rights, license: "MIT OR" } })).toBe("manifest rights.license");
  });
});

describe("isLicenseExpression", () => {
  it("[C7] follows the SPDX grammar", () => {
    const good = [
      "MIT",
      "GPL-2.0+",
      "GPL-2.0-only WITH Classpath-exception-2.0",
      "(MIT)",
      "LicenseRef-x",
      "DocumentRef-a:LicenseRef-b",
    ];
    for (const text of [...good, "MIT AND (A OR B) AND C"])
      expect(isLicenseExpression(text), text).toBe(true);
    const bad = [
      "",
      " ",
      "MIT MIT",
      "AND",
      "MIT WITH",
      "(MIT",
      "MIT)",
      "()",
      "MIT WITH A WITH B",
      "(MIT) WITH A",
      "a_b",
      "MIT/Apache",
      "OR MIT",
    ];
    for (const text of bad) expect(isLicenseExpression(text), text).toBe(false);
  });
});

describe("digests", () => {
  it("[C2] the digest is the hash of the canonical bytes", async () => {
    const digest = await computeCapsuleDigest(manifest, webHashing);
    expect(isDigest(digest)).toBe(true);
    expect(digestHex(digest)).toHaveLength(64);
    expect(await computeCapsuleDigest({ ...manifest, createdAt: 0 }, webHashing)).not.toBe(digest);
  });

  it("[C3] content and settings do not depend on who, when and from what", async () => {
    const other: Manifest = {
      ...manifest,
      createdAt: 0,
      createdBy: { name: "B" },
      parents: [`sha256:${"0".repeat(64)}`],
    };
    expect(await computeContentDigest(other.files, webHashing)).toBe(
      await computeContentDigest(manifest.files, webHashing),
    );
    expect(await computeSettingsDigest(other, webHashing)).toBe(
      await computeSettingsDigest(manifest, webHashing),
    );
    const renamed = { ...manifest, name: "Other" };
    expect(await computeSettingsDigest(renamed, webHashing)).not.toBe(
      await computeSettingsDigest(manifest, webHashing),
    );
  });

  it("throws on what is not a digest", () => expect(() => digestHex("sha256:AB")).toThrow(TypeError));
});
