// The search that ends every end-to-end run must be able to find.
import { randomBytes } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { describe, expect, test } from "vitest";
import { temporaryFolder } from "../../cli/test-support/temporary-folder.ts";
import type { Canary } from "./needles.ts";
import { searchOutputs } from "./search-outputs.ts";

const TEXT = `canary/text+"ü" ${randomBytes(18).toString("base64url")}`;
const BYTES = new Uint8Array(randomBytes(32));
const CANARIES: readonly Canary[] = [
  { name: "a text", value: TEXT },
  { name: "a key", value: BYTES },
];

async function placesOf(
  folder: string,
  texts: Readonly<Record<string, string>> = {},
  keptIn = new Set<string>(),
) {
  const finds = await searchOutputs(CANARIES, { folders: [folder], texts, keptIn });
  return finds.map(({ canary, place }) => `${canary} in ${place}`).sort();
}

describe("the canary", () => {
  test.each([
    ["as it is", `log: ${TEXT}!`],
    ["in JSON", JSON.stringify({ value: TEXT })],
    ["in a URL", `/?q=${encodeURIComponent(TEXT)}`],
    ["in base64, whatever stands before it", Buffer.from(`ab${TEXT}cd`).toString("base64")],
    ["in hex", Buffer.from(TEXT).toString("hex")],
  ])("is found %s", async (_how, text) => {
    expect(await placesOf(temporaryFolder(), { output: text })).toEqual(["a text in output"]);
  });

  test("is found as raw bytes, and inside of a key's PEM", async () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, "deep"));
    writeFileSync(join(folder, "deep", "raw.bin"), Buffer.concat([randomBytes(77), BYTES, randomBytes(5)]));
    const pkcs8 = Buffer.concat([Buffer.from("302e020100300506032b657004220420", "hex"), BYTES]);
    writeFileSync(join(folder, "key.pem"), pkcs8.toString("base64"));
    expect(await placesOf(folder)).toEqual(["a key in deep/raw.bin", "a key in key.pem"]);
    expect(await placesOf(folder, {}, new Set(["key.pem"]))).toEqual(["a key in deep/raw.bin"]);
  });

  test("is found across the border of two reads of a large file", async () => {
    const folder = temporaryFolder();
    const border = 4 * 1_048_576;
    writeFileSync(join(folder, "large.bin"), Buffer.concat([Buffer.alloc(border - 10), Buffer.from(TEXT)]));
    expect(await placesOf(folder)).toEqual(["a text in large.bin"]);
  });

  test("is found in a long row of a database, which lies in pieces", async () => {
    const folder = temporaryFolder();
    const database = new DatabaseSync(join(folder, "rows.sqlite"));
    database.exec("PRAGMA page_size = 512; CREATE TABLE things (id INTEGER, data TEXT)");
    const insert = database.prepare("INSERT INTO things VALUES (?, ?)");
    for (let length = 900; length < 1_100; length += 1) insert.run(length, "x".repeat(length) + TEXT);
    database.close();
    const places = await placesOf(folder);
    expect(places.filter((place) => place === "a text in rows.sqlite, table things")).toHaveLength(200);
  });

  test("is not found where it does not stand", async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, "other.bin"), randomBytes(1_000_000));
    expect(await placesOf(folder, { output: `${TEXT.slice(0, -1)}?` })).toEqual([]);
  });
});
