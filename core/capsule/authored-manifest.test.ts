import { describe, expect, it } from "vitest";
import * as z from "zod";
import {
  type AuthoredManifestInput,
  authoredManifestSchema,
  manifestSchema,
} from "../../schemas/manifest.ts";
import mission from "../../test/vectors/mission/mission-capsule.json" with { type: "json" };
import {
  checkAuthoredManifest,
  completeManifest,
  type PackedParts,
  parseAuthoredManifest,
  slugFrom,
} from "./authored-manifest.ts";
import { canonicalBytes } from "./canonical-json.ts";
import { parseManifest } from "./manifest.ts";

const zeros = "0".repeat(64);
const parts: PackedParts = {
  files: ["z.html", "db/seeds.sql", "src/index.ts"].map((path) => ({
    path,
    mode: "file",
    sizeBytes: 0,
    sha256: zeros,
  })),
  folderName: "My App!",
  createdAt: 5,
};

function complete(authored: unknown, over: Partial<PackedParts> = {}) {
  const checked = checkAuthoredManifest(authored);
  if (!checked.ok) return checked;
  return completeManifest(checked.value, { ...parts, ...over });
}

function manifestOf(authored: unknown, over: Partial<PackedParts> = {}) {
  const result = complete(authored, over);
  if (!result.ok) throw new Error(JSON.stringify(result.reason));
  return result.value;
}

describe("the authored manifest", () => {
  it("[C11] accepts the mission's capsule.json as it stands", () => {
    const parsed = parseAuthoredManifest(new TextEncoder().encode(JSON.stringify(mission, null, 2)));
    expect(parsed.ok).toBe(true);
    const manifest = manifestOf(mission);
    expect(manifest).toMatchObject({
      id: "urn:oursynth:app:login-page@0.1.0",
      createdAt: 1_723_510_000_000,
      createdBy: { name: "David", keyId: "oursynth-main" },
      seeds: [{ name: "bootstrap", type: "sql", path: "db/seeds.sql" }],
      services: [{ name: "db", type: "postgres", config: { schema: "./db/schema.sql" } }],
      rights: { license: "OSL-3.0", resaleAllowed: true, attribution: true, scope: null },
    });
    expect(parseManifest(canonicalBytes(manifest)).ok).toBe(true);
  });

  it("[C11] the mission's capsule needs its seed file", () => {
    expect(complete(mission, { files: [] })).toMatchObject({
      ok: false,
      reason: { issues: [{ path: "seeds.0.path" }] },
    });
  });

  it("[C7] fills in every default", () => {
    expect(manifestOf({})).toMatchObject({
      id: "urn:oursynth:app:my-app@0.0.0",
      name: "My App!",
      version: "0.0.0",
      createdAt: 5,
      createdBy: null,
      app: {
        framework: "static",
        runtime: { compatibilityDate: "2026-10-01", compatibilityFlags: [] },
        entry: null,
        assets: null,
        node: null,
        env: {},
        secrets: [],
        outbound: [],
        health: "/",
      },
      services: [],
      build: { steps: [], outDir: null, lockfile: null, environment: {} },
      seeds: [],
      ui: null,
      attestations: [],
      rights: { license: "OSL-3.0", resaleAllowed: true, attribution: true, scope: null },
      compatibility: { platform: "*" },
      parents: [],
    });
  });

  it("[C7] an entry makes it a worker", () => {
    expect(manifestOf({ app: { entry: "./src/index.ts" } }).app).toMatchObject({
      framework: "worker",
      entry: "src/index.ts",
    });
    expect(manifestOf({ app: { entry: "src/index.ts", framework: "hono" } }).app.framework).toBe("hono");
  });

  it("[C7] a bare string of assets is the directory", () => {
    const assets = { directory: "src", htmlHandling: "auto-trailing-slash", notFoundHandling: "none" };
    expect(manifestOf({ app: { assets: "./src/" } }).app.assets).toEqual(assets);
    expect(
      manifestOf({ app: { assets: { directory: "./", notFoundHandling: "404-page" } } }).app.assets,
    ).toEqual({
      ...assets,
      directory: ".",
      notFoundHandling: "404-page",
    });
  });

  it("[C11] id, name and version fill each other in", () => {
    expect(manifestOf({ id: "urn:oursynth:app:x@1.2.3-rc.1" })).toMatchObject({
      name: "x",
      version: "1.2.3-rc.1",
    });
    expect(manifestOf({ name: "Ünï", version: "2.0.0" }).id).toBe("urn:oursynth:app:uni@2.0.0");
    expect(complete({ id: "urn:oursynth:app:x@1.2.3", version: "1.2.4" }).ok).toBe(false);
    expect(slugFrom("日本")).toBe("app");
    expect(slugFrom(`${"a".repeat(62)}-b`)).toBe("a".repeat(62));
  });

  it("[C1] rejects unknown keys and keeps sorted files", () => {
    expect(checkAuthoredManifest({ extra: 1 }).ok).toBe(false);
    expect(parseAuthoredManifest(new TextEncoder().encode('{"name":"a","name":"b"}')).ok).toBe(false);
    expect(checkAuthoredManifest(JSON.parse('{"app":{"env":{"__proto__":"x"}}}')).ok).toBe(false);
    expect(manifestOf({}).files.map((file) => file.path)).toEqual(["db/seeds.sql", "src/index.ts", "z.html"]);
  });

  it("[C7] takes type and meta of a document from the authored line, and wants the document", () => {
    const document = { type: "log", path: "attestations/a.log", sha256: zeros, meta: {} };
    const authored = { attestations: [{ type: "audit", path: "./attestations/a.log", meta: [0.5] }] };
    expect(manifestOf(authored, { attestations: [document] }).attestations).toEqual([
      { ...document, type: "audit", meta: [0.5] },
    ]);
    expect(complete(authored).ok).toBe(false);
  });

  it("[C11] a stored manifest's settings are an authored manifest again", () => {
    const { files: _files, parents: _parents, ...settings } = manifestOf(mission);
    expect(manifestOf(settings)).toEqual(manifestOf(mission));
  });

  it("[C11] its JSON Schema comes from the input side", () => {
    const schema = z.toJSONSchema(authoredManifestSchema, { io: "input" });
    expect(schema.required ?? []).toEqual([]);
    expect(z.toJSONSchema(manifestSchema).required).toContain("files");
    const input: AuthoredManifestInput = { app: { assets: "dist" } };
    expect(checkAuthoredManifest(input).ok).toBe(true);
  });
});
