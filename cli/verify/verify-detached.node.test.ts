import { cpSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { nodeHashing } from "../../adapters/hashing/node-hashing.ts";
import { makeCapsule } from "../../core/capsule/capsule-fixture.ts";
import { writeDetached } from "../../core/capsule/detached-capsule.ts";
import type { VerificationReport } from "../../schemas/verification.ts";
import { temporaryFolder, writeTree } from "../test-support/temporary-folder.ts";
import { verifyDetached } from "./verify-detached.ts";

const BIG = "0123456789abcdef".repeat(40_000);

/** A folder with the container, the detached form, and the files in `app/`. */
async function makeFolder() {
  const cwd = temporaryFolder();
  const capsule = await makeCapsule([
    { path: "index.html", text: "<h1>hi</h1>" },
    { path: "empty.txt", text: "" },
    { path: "ünïcode/a-b.txt", text: "x" },
    { path: "big.txt", text: BIG },
  ]);
  writeTree(join(cwd, "app"), Object.fromEntries([...capsule.files, ...capsule.attestations]));
  writeFileSync(join(cwd, "one.caps"), capsule.container);
  const file = join(cwd, "fixture.capsule.json");
  writeFileSync(file, await writeDetached(capsule.manifest, capsule.envelopes, nodeHashing));
  const options = { trust: capsule.trust, hashing: nodeHashing };
  const verify = (folder?: string) =>
    verifyDetached(file, folder === undefined ? undefined : join(cwd, folder), options);
  return { cwd, capsule, file, verify };
}

function failures({ steps }: VerificationReport): string[] {
  return steps.filter(({ status }) => status === "fail").map(({ id, code }) => `${id} ${code}`);
}

describe("verifyDetached", () => {
  it("[K4] finds the files in the container of the same capsule beside it, whatever its name", async () => {
    const { cwd, verify } = await makeFolder();
    expect((await verify()).verdict).toBe("pass");
    renameSync(join(cwd, "one.caps"), join(cwd, "zz.caps"));
    writeFileSync(join(cwd, "aa.caps"), "no capsule at all, and shorter than a header claims");
    expect((await verify()).verdict).toBe("pass");
    const damaged = readFileSync(join(cwd, "zz.caps"));
    damaged.writeUInt8(8, damaged.indexOf(BIG) + 500_000);
    writeFileSync(join(cwd, "zz.caps"), damaged);
    await expect(verify()).rejects.toThrow(/not an intact capsule/);
    rmSync(join(cwd, "zz.caps"));
    expect((await verify()).verdict).toBe("undecidable");
  });

  it("[K4] finds the files in a folder, by path or by digest, and names one that is wrong or missing", async () => {
    const { cwd, capsule, verify } = await makeFolder();
    rmSync(join(cwd, "one.caps"));
    expect((await verify("app")).verdict).toBe("pass");
    cpSync(join(cwd, "app"), join(cwd, "blobs"), { recursive: true });
    for (const { path, sha256 } of [...capsule.manifest.files, ...capsule.manifest.attestations])
      renameSync(join(cwd, "blobs", path), join(cwd, "blobs", sha256));
    expect((await verify("blobs")).verdict).toBe("pass");
    writeFileSync(join(cwd, "app/index.html"), "<h1>ho</h1>");
    expect(failures(await verify("app"))).toEqual(["files file-mismatch"]);
    rmSync(join(cwd, "app/index.html"));
    expect(failures(await verify("app"))).toEqual(["files missing-file"]);
    rmSync(join(cwd, "blobs", capsule.manifest.attestations[0]?.sha256 ?? ""));
    expect((await verify("blobs")).verdict).toBe("undecidable");
    await expect(verify("nowhere")).rejects.toThrow(/not a folder/);
  });

  it("[K4] takes documents from the container when the folder has only the files", async () => {
    const { cwd, verify } = await makeFolder();
    rmSync(join(cwd, "app/attestations"), { recursive: true });
    expect((await verify("app")).verdict).toBe("pass");
    rmSync(join(cwd, "one.caps"));
    expect((await verify("app")).verdict).toBe("undecidable");
  });

  it("[K4] refuses a detached form that was touched", async () => {
    const { file, verify } = await makeFolder();
    const text = readFileSync(file, "utf8");
    writeFileSync(file, `${text}\n`);
    await expect(verify()).rejects.toThrow(/not-canonical/);
    writeFileSync(file, text.replace('"name":"fixture"', '"name":"Fixture"'));
    // Another manifest is another capsule: nothing was signed about it, and its container is not here.
    expect(failures(await verify())).toContain("envelopes subject-mismatch");
  });
});
