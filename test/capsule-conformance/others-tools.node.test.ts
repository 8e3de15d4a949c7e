// Others' tools read and check a capsule without our code: docs/others-tools.md has the same steps by hand.
import { execFileSync, spawnSync } from "node:child_process";
import { createPublicKey } from "node:crypto";
import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { bundleFromJSON } from "@sigstore/bundle";
import { toSignedEntity, Verifier } from "@sigstore/verify";
import { describe, expect, it } from "vitest";
import { temporaryFolder } from "../../cli/test-support/temporary-folder.ts";
import { type CapsuleFixture, fixtureKey, makeCapsule } from "../../core/capsule/capsule-fixture.ts";
import { preAuthEncoding } from "../../core/signing/dsse.ts";
import { formatPublicKey } from "../../core/signing/key-format.ts";
import type { Envelope } from "../../schemas/statement.ts";

type Tried = { readonly folder: string; readonly capsule: CapsuleFixture; readonly envelope: Envelope };

async function writeCapsule(): Promise<Tried> {
  const folder = temporaryFolder();
  const capsule = await makeCapsule([
    { path: "index.html", text: "<h1>Hello</h1>" },
    { path: "bin/run.sh", text: "#!/bin/sh\n", isExecutable: true },
    { path: "empty.txt", text: "" },
    { path: "ünïcode/日本 語.txt", text: "x" },
  ]);
  writeFileSync(join(folder, "app.caps"), capsule.container);
  writeFileSync(join(folder, "key.pub.pem"), formatPublicKey(capsule.key.publicKey));
  writeFileSync(join(folder, "stranger.pub.pem"), formatPublicKey((await fixtureKey(9)).publicKey));
  const envelope: Envelope = JSON.parse(new TextDecoder().decode(capsule.envelopes[0]));
  return { folder, capsule, envelope };
}

function isInstalled(tool: string, argument: string): boolean {
  return spawnSync(tool, [argument]).error === undefined;
}

/** Names beyond ASCII are written as they are only where the locale is one of UTF-8. */
function runTool(folder: string, tool: string, args: readonly string[], input?: string): string {
  const env = { ...process.env, LC_ALL: "C.UTF-8" };
  return execFileSync(tool, args, { cwd: folder, env, input, encoding: "utf8" });
}

function exitOf(folder: string, tool: string, args: readonly string[], input?: string): number | null {
  return spawnSync(tool, args, { cwd: folder, input }).status;
}

describe("unzip", () => {
  it("[K1] lists the entries in order, tests them and extracts them with their modes", async ({ skip }) => {
    if (!isInstalled("unzip", "-v")) skip("no unzip here");
    const { folder, capsule } = await writeCapsule();
    const names = runTool(folder, "unzip", ["-Z1", "app.caps"]).trim().split("\n");
    expect(names.slice(0, 2)).toEqual(["capsule.json", "attestations/build.log"]);
    expect(names.slice(3)).toEqual(capsule.manifest.files.map(({ path }) => `files/${path}`));
    expect(runTool(folder, "unzip", ["-t", "app.caps"])).toContain("No errors detected");
    runTool(folder, "unzip", ["-q", "app.caps", "-d", "out"]);
    for (const { path, mode } of capsule.manifest.files) {
      const place = join(folder, "out/files", path);
      expect(readFileSync(place).equals(capsule.files.get(path) ?? Buffer.alloc(0)), path).toBe(true);
      expect((statSync(place).mode & 0o111) !== 0, path).toBe(mode === "executable");
    }
  });
});

describe("Python's zipfile", () => {
  it("[K1] finds the same names and no bad CRC", async ({ skip }) => {
    if (!isInstalled("python3", "--version")) skip("no python3 here");
    const { folder, capsule } = await writeCapsule();
    const program =
      "import json, zipfile; z = zipfile.ZipFile('app.caps'); print(json.dumps([z.testzip(), z.namelist()]))";
    const [bad, names] = JSON.parse(runTool(folder, "python3", ["-c", program]));
    expect(bad).toBeNull();
    expect(names.slice(3)).toEqual(capsule.manifest.files.map(({ path }) => `files/${path}`));
  });
});

describe("sha256sum", () => {
  it("[C2, C4] confirms the digest and every file that the manifest lists, and no other content", async ({
    skip,
  }) => {
    if (!isInstalled("sha256sum", "--version") || !isInstalled("unzip", "-v"))
      skip("no sha256sum or unzip here");
    const { folder, capsule } = await writeCapsule();
    runTool(folder, "unzip", ["-q", "app.caps", "-d", "out"]);
    const [hex] = runTool(folder, "sha256sum", ["out/capsule.json"]).split(" ");
    expect(`sha256:${hex}`).toBe(capsule.capsuleDigest);
    const manifest = JSON.parse(readFileSync(join(folder, "out/capsule.json"), "utf8"));
    const lines = manifest.files.map(
      (file: { path: string; sha256: string }) => `${file.sha256}  out/files/${file.path}`,
    );
    const list = `${lines.join("\n")}\n`;
    expect(exitOf(folder, "sha256sum", ["--check", "--strict"], list)).toBe(0);
    const [envelopeName = ""] = readdirSync(join(folder, "out/envelopes"));
    const envelopeLine = `${envelopeName.replace(".json", "")}  out/envelopes/${envelopeName}\n`;
    expect(exitOf(folder, "sha256sum", ["--check", "--strict"], envelopeLine)).toBe(0);
    writeFileSync(join(folder, "out/files/index.html"), "<h1>Hallo</h1>");
    expect(exitOf(folder, "sha256sum", ["--check", "--strict"], list)).toBe(1);
  });
});

describe("OpenSSL", () => {
  it("[S1, S7] confirms the signature over the pre-authentication encoding, by the right key only", async ({
    skip,
  }) => {
    if (!isInstalled("openssl", "version")) skip("no openssl here");
    const { folder, envelope } = await writeCapsule();
    const payload = Buffer.from(envelope.payload, "base64");
    writeFileSync(join(folder, "pae"), preAuthEncoding(envelope.payloadType, payload));
    writeFileSync(join(folder, "payload"), payload);
    writeFileSync(join(folder, "sig"), Buffer.from(envelope.signatures[0]?.sig ?? "", "base64"));
    const verify = (key: string, file: string) =>
      exitOf(folder, "openssl", [
        "pkeyutl",
        "-verify",
        "-pubin",
        "-inkey",
        key,
        "-rawin",
        "-in",
        file,
        "-sigfile",
        "sig",
      ]);
    expect(verify("key.pub.pem", "pae")).toBe(0);
    expect(verify("stranger.pub.pem", "pae")).not.toBe(0);
    expect(verify("key.pub.pem", "payload")).not.toBe(0);
  });
});

describe("sigstore-js, a DSSE verifier", () => {
  /** Verifies one envelope with one plain key; no certificate, no log, no timestamp. */
  function verifyBySigstore(envelope: unknown, publicKeyPem: string): void {
    const trust = {
      certificateAuthorities: [],
      timestampAuthorities: [],
      tlogs: [],
      ctlogs: [],
      publicKey: () => ({ publicKey: createPublicKey(publicKeyPem), validFor: () => true }),
    };
    const verifier = new Verifier(trust, { tlogThreshold: 0, ctlogThreshold: 0, timestampThreshold: 0 });
    const bundle = bundleFromJSON({
      mediaType: "application/vnd.dev.sigstore.bundle.v0.3+json",
      verificationMaterial: { publicKey: { hint: "key" }, tlogEntries: [] },
      dsseEnvelope: envelope,
    });
    verifier.verify(toSignedEntity(bundle));
  }

  it("[S1] accepts our envelope, and neither another key nor another payload", async () => {
    const { folder, envelope } = await writeCapsule();
    const pem = readFileSync(join(folder, "key.pub.pem"), "utf8");
    verifyBySigstore(envelope, pem);
    const stranger = readFileSync(join(folder, "stranger.pub.pem"), "utf8");
    expect(() => verifyBySigstore(envelope, stranger)).toThrow(/signature verification failed/i);
    const tampered = { ...envelope, payload: Buffer.from("{}").toString("base64") };
    expect(() => verifyBySigstore(tampered, pem)).toThrow(/signature verification failed/i);
  });
});
