import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import Ajv from "ajv";
import addFormats from "ajv-formats";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { nodeHashing } from "../../../adapters/hashing/node-hashing.ts";
import type { Manifest, ManifestFile } from "../../../schemas/manifest.ts";
import { checkAuthoredManifest, completeManifest } from "../authored-manifest.ts";
import { attachSbom, findSbom, isMadeSbom, SBOM_PATH } from "./attach-sbom.ts";
import { type Component, createSbom, type Sbom, sbomBytes } from "./cyclonedx.ts";
import { hashesOf } from "./integrity.ts";
import { findLockfile, type Lockfile } from "./lockfile.ts";
import { gitSourceOf, packageUrl } from "./package-url.ts";
import { parseLockfile } from "./parse-lockfile.ts";
import { findProvidedImports, PROVIDED_PACKAGES } from "./provided-packages.ts";
import { readSbom } from "./read-sbom.ts";

const ROOT = join(import.meta.dirname, "../../..");
const require = createRequire(import.meta.url);
const SCHEMAS = join(dirname(require.resolve("@cyclonedx/cyclonedx-library/package.json")), "res/schema");
const VECTORS = ["package-lock-v2.json", "package-lock-v3.json", "pnpm-lock-v6.yaml", "pnpm-lock-v9.yaml"];
const APP = "urn:oursynth:app:demo";
const MANIFEST = {
  id: `${APP}@1.0.0`,
  name: "Demo",
  rights: { license: "OSL-3.0", resaleAllowed: true, attribution: true, scope: null },
};

const isValid = compileSchema();

/** CycloneDX's own schema, as its library ships it. */
function compileSchema() {
  const read = (name: string) => JSON.parse(readFileSync(join(SCHEMAS, name), "utf8"));
  const ajv = new Ajv({ strict: false, allErrors: true });
  addFormats(ajv);
  // ajv-formats leaves out what only draft 2019 knows; no field that is written here has it.
  ajv.addFormat("iri-reference", true);
  ajv.addFormat("idn-email", true);
  for (const name of [
    "spdx.SNAPSHOT.schema.json",
    "jsf-0.82.SNAPSHOT.schema.json",
    "cryptography-defs.SNAPSHOT.schema.json",
  ])
    ajv.addSchema(read(name), `http://cyclonedx.org/schema/${name}`);
  return ajv.compile(read("bom-1.6.SNAPSHOT.schema.json"));
}

function readVector(name: string): Uint8Array {
  return readFileSync(join(ROOT, "test/vectors/lockfiles", name));
}

async function parse(name: string, bytes = readVector(name)): Promise<Lockfile> {
  const path = name.startsWith("pnpm") ? "pnpm-lock.yaml" : "package-lock.json";
  const parsed = await parseLockfile(path, bytes);
  if (!parsed.ok) throw new Error(parsed.reason.message);
  return parsed.value;
}

async function sbomOf(name: string, provided: readonly string[] = []): Promise<Sbom> {
  return createSbom({ manifest: MANIFEST, lockfile: await parse(name), provided });
}

function find(sbom: Sbom, name: string): Component | undefined {
  return sbom.components.find((component) => component.name === name);
}

function expectValid(sbom: Sbom): void {
  isValid(JSON.parse(new TextDecoder().decode(sbomBytes(sbom))));
  expect(isValid.errors ?? []).toEqual([]);
  const references = new Set([APP, ...sbom.components.map((component) => component["bom-ref"])]);
  expect(references.size).toBe(sbom.components.length + 1);
  expect(sbom.dependencies.map(({ ref }) => ref)).toEqual([...references].sort());
  for (const { dependsOn } of sbom.dependencies)
    for (const reference of dependsOn) expect(references).toContain(reference);
}

describe("the bill of materials", () => {
  it.each(VECTORS)("[B1] is valid against CycloneDX's own schema (%s)", async (name) => {
    expectValid(await sbomOf(name));
    expectValid(await sbomOf(name, ["hono", "preact-render-to-string"]));
  });

  it("[B1] is valid for this repository, and for an app with no lockfile", async () => {
    const lockfile = await parse("package-lock.json", readFileSync(join(ROOT, "package-lock.json")));
    const sbom = createSbom({ manifest: MANIFEST, lockfile, provided: ["zod"] });
    expectValid(sbom);
    expect(sbom.components.length).toBeGreaterThan(500);
    expectValid(createSbom({ manifest: MANIFEST, lockfile: null, provided: ["hono"] }));
  });

  it.each(VECTORS)("[B1] says of each package what the lockfile says (%s)", async (name) => {
    const sbom = await sbomOf(name);
    expect(sbom.metadata.component).toMatchObject({ "bom-ref": APP, name: "Demo" });
    // The same document for the next version, so that it need not travel again.
    expect(sbom.metadata.component).not.toHaveProperty("version");
    const noble = find(sbom, "hashes");
    expect(noble).toMatchObject({
      group: "@noble",
      version: "1.4.0",
      scope: "required",
      purl: "pkg:npm/%40noble/hashes@1.4.0",
    });
    expect(noble?.hashes).toEqual([{ alg: "SHA-512", content: expect.stringMatching(/^[0-9a-f]{128}$/) }]);
    expect(find(sbom, "hono")?.scope).toBe("required");
    // Asked for as `alias`.
    expect(find(sbom, "ms")).toMatchObject({ version: expect.any(String), scope: "required" });
    expect(find(sbom, "fsevents")?.scope).toBe("optional");
    for (const developed of ["react", "loose-envify", "js-tokens", "use-sync-external-store"])
      expect(find(sbom, developed)?.scope, developed).toBe("excluded");
    const dependsOn = (ref: string) => sbom.dependencies.find((item) => item.ref === ref)?.dependsOn;
    expect(dependsOn("pkg:npm/react@18.2.0")).toEqual(["pkg:npm/loose-envify@1.4.0"]);
    expect(dependsOn("pkg:npm/use-sync-external-store@1.2.0")).toEqual(["pkg:npm/react@18.2.0"]);
    expect(dependsOn(APP)).toEqual(
      expect.arrayContaining([
        "pkg:npm/hono@4.6.0",
        "pkg:npm/ms@2.1.3",
        "pkg:npm/react@18.2.0",
        `${APP}#packages/one`,
      ]),
    );
    expect(dependsOn(`${APP}#packages/one`)).toEqual(["pkg:npm/%40noble/hashes@1.4.0"]);
    const own = sbom.components.find((component) => component["bom-ref"] === `${APP}#packages/one`);
    expect(own).toMatchObject({ scope: "required" });
    expect(own).not.toHaveProperty("purl");
  });

  it("[B1] names a licence where the lockfile does, and guesses none", async () => {
    for (const name of ["package-lock-v2.json", "package-lock-v3.json"])
      expect(find(await sbomOf(name), "hono")?.licenses).toEqual([
        { acknowledgement: "declared", expression: "MIT" },
      ]);
    expect(find(await sbomOf("pnpm-lock-v9.yaml"), "hono")).not.toHaveProperty("licenses");
    const lockfile = await parse(
      "package-lock.json",
      npmLock({ "node_modules/a": { version: "1.0.0", license: "SEE LICENSE IN x" } }),
    );
    const sbom = createSbom({ manifest: MANIFEST, lockfile, provided: [] });
    expect(find(sbom, "a")?.licenses).toEqual([
      { license: { acknowledgement: "declared", name: "SEE LICENSE IN x" } },
    ]);
    expectValid(sbom);
  });

  it("[B1] resolves what npm installed twice by the place of who asks", async () => {
    const sbom = await sbomOf("package-lock-v3.json");
    const versions = sbom.components.filter(({ name }) => name === "ms").map(({ version }) => version);
    expect(versions).toEqual(["2.0.0", "2.1.3"]);
    const debug = sbom.dependencies.find(({ ref }) => ref === "pkg:npm/debug@2.6.9");
    expect(debug?.dependsOn).toEqual(["pkg:npm/ms@2.0.0"]);
  });

  it("[B1] lists what the platform provides at the versions that are installed here", () => {
    for (const { name, version, license } of PROVIDED_PACKAGES) {
      const about = JSON.parse(readFileSync(join(ROOT, "node_modules", name, "package.json"), "utf8"));
      expect({ version: about.version, license: about.license }, name).toEqual({ version, license });
    }
    const sbom = createSbom({ manifest: MANIFEST, lockfile: null, provided: ["preact-render-to-string"] });
    expect(sbom.components.map(({ name, scope }) => [name, scope])).toEqual([
      ["preact-render-to-string", "required"],
      ["preact", "required"],
    ]);
    expect(sbom.components[0]?.properties).toEqual([{ name: "oursynth:provided", value: "true" }]);
  });

  it("[B1] sees imports of provided packages in every form, and of nothing else", () => {
    const text = `
      import { Hono } from "hono";
      import { z } from 'zod/v4'
      const later = import("preact/hooks");`;
    expect(findProvidedImports(text)).toEqual(["hono", "preact", "zod"]);
    expect(findProvidedImports("/** @jsxImportSource preact */")).toEqual(["preact"]);
    expect(findProvidedImports('import "./hono"; import x from "hono-other"; const from = hono;')).toEqual(
      [],
    );
  });

  it("[B1] is the same whatever the order of the lockfile's lines", async () => {
    const { packages, ...rest } = JSON.parse(new TextDecoder().decode(readVector("package-lock-v3.json")));
    const whole = sbomBytes(await sbomOf("package-lock-v3.json"));
    await fc.assert(
      fc.asyncProperty(
        fc.shuffledSubarray(Object.keys(packages), { minLength: Object.keys(packages).length }),
        async (keys) => {
          const shuffled = { ...rest, packages: Object.fromEntries(keys.map((key) => [key, packages[key]])) };
          const lockfile = await parse(
            "package-lock.json",
            new TextEncoder().encode(JSON.stringify(shuffled)),
          );
          expect(sbomBytes(createSbom({ manifest: MANIFEST, lockfile, provided: [] }))).toEqual(whole);
        },
      ),
      { seed: 20_260_802, numRuns: 30 },
    );
  });

  it.each([
    ["package-lock.json", "", /is not a package-lock/],
    ["package-lock.json", '{"lockfileVersion":1,"dependencies":{}}', /lockfileVersion 1/],
    ["package-lock.json", '{"lockfileVersion":3,"packages":{"a":7}}', /is not a package-lock/],
    ["pnpm-lock.yaml", "lockfileVersion: 5.4\n", /6 to 9/],
    ["pnpm-lock.yaml", "a: &a [x, x]\nb: [*a, *a]\nlockfileVersion: '9.0'\n", /is not a pnpm-lock/],
    ["pnpm-lock.yaml", "{", /is not a pnpm-lock/],
    ["yarn.lock", "", /not read here/],
  ])("[B1] says why %s with %j cannot be read", async (path, text, message) => {
    const parsed = await parseLockfile(path, new TextEncoder().encode(text));
    expect(parsed).toMatchObject({ ok: false, reason: { message: expect.stringMatching(message) } });
  });

  it("[B1] names git sources without whoever was allowed to read them", () => {
    expect(gitSourceOf("git+https://user:pass@example.org/a/b.git#abc")).toBe(
      "git+https://example.org/a/b.git#abc",
    );
    expect(gitSourceOf("git+ssh://git@github.com/a/b.git#abc")).toBe("git+ssh://git@github.com/a/b.git#abc");
    expect(gitSourceOf("https://registry.npmjs.org/a/-/a-1.0.0.tgz")).toBeNull();
    expect(packageUrl("@a/b", "1.0.0+x", "git+https://example.org/a.git#1")).toBe(
      "pkg:npm/%40a/b@1.0.0%2Bx?vcs_url=git%2Bhttps:%2F%2Fexample.org%2Fa.git%231",
    );
  });

  it("[B1] takes only hashes that are whole", () => {
    const sha1 = Buffer.alloc(20, 1).toString("base64");
    const sha512 = Buffer.alloc(64, 2).toString("base64");
    expect(hashesOf(`sha1-${sha1} sha512-${sha512}?x`)).toEqual([
      { alg: "SHA-512", content: "02".repeat(64) },
      { alg: "SHA-1", content: "01".repeat(20) },
    ]);
    expect(hashesOf("sha512-AAAA md5-AAAA")).toEqual([]);
    expect(hashesOf(null)).toEqual([]);
  });
});

describe("a manifest with its bill of materials", () => {
  it("[B1] carries it as sbom.cdx.json, the same twice, and lists every package for the provenance", async () => {
    const { manifest, source } = await makeManifest("package-lock-v3.json");
    const attached = await attachSbom(manifest, source, nodeHashing);
    if (!attached.ok || attached.value === null) throw new Error("there is a lockfile");
    const { document, resolvedDependencies, componentCount } = attached.value;
    const line = findSbom(attached.value.manifest);
    expect(line).toMatchObject({ type: "sbom", path: SBOM_PATH, sha256: document.sha256 });
    expect(line !== null && isMadeSbom(line)).toBe(true);
    expect(resolvedDependencies).toContainEqual({
      uri: "pkg:npm/hono@4.6.0",
      digest: { sha512: expect.stringMatching(/^[0-9a-f]{128}$/) },
    });
    const again = await attachSbom(manifest, source, nodeHashing);
    expect(again.ok && again.value?.document).toEqual(document);
    const listed = readSbom(document.bytes);
    expect(listed.ok && listed.value).toHaveLength(componentCount);
    expect(listed.ok && listed.value.find(({ name }) => name === "@noble/hashes")).toEqual({
      name: "@noble/hashes",
      version: "1.4.0",
      license: "MIT",
      scope: "required",
      purl: "pkg:npm/%40noble/hashes@1.4.0",
    });
  });

  it("[B1] has none without lockfile and provided packages, and none that leaves the lockfile out", async () => {
    const { manifest, source } = await makeManifest("package-lock-v3.json");
    expect(await attachSbom(manifest, { lockfile: null, provided: [] }, nodeHashing)).toEqual({
      ok: true,
      value: null,
    });
    const broken = { ...source, lockfile: { ...source.lockfile, bytes: new Uint8Array() } };
    expect((await attachSbom(manifest, broken, nodeHashing)).ok).toBe(false);
  });

  it("[B1] takes the lockfile that the manifest names, else the one at the root", async () => {
    const file = (path: string): ManifestFile => ({
      mode: "file",
      path,
      sha256: "0".repeat(64),
      sizeBytes: 0,
    });
    const build = { steps: [], outDir: null, lockfile: null, environment: {} };
    const files = [file("a/pnpm-lock.yaml"), file("package-lock.json"), file("pnpm-lock.yaml")];
    expect(findLockfile({ files, build })?.path).toBe("package-lock.json");
    expect(findLockfile({ files, build: { ...build, lockfile: "a/pnpm-lock.yaml" } })?.path).toBe(
      "a/pnpm-lock.yaml",
    );
    expect(findLockfile({ files: [], build })).toBeNull();
  });
});

function npmLock(packages: object): Uint8Array {
  return new TextEncoder().encode(JSON.stringify({ lockfileVersion: 3, packages: { "": {}, ...packages } }));
}

async function makeManifest(
  name: string,
): Promise<{ manifest: Manifest; source: Parameters<typeof attachSbom>[1] & { lockfile: object } }> {
  const bytes = readVector(name);
  const sha256 = Buffer.from(await nodeHashing.sha256(bytes)).toString("hex");
  const file: ManifestFile = { mode: "file", path: "package-lock.json", sha256, sizeBytes: bytes.length };
  const authored = checkAuthoredManifest({ id: MANIFEST.id });
  if (!authored.ok) throw new Error("the manifest is one");
  const completed = completeManifest(authored.value, { files: [file], folderName: "x", createdAt: 1 });
  if (!completed.ok) throw new Error(JSON.stringify(completed.reason));
  return { manifest: completed.value, source: { lockfile: { file, bytes }, provided: [] } };
}
