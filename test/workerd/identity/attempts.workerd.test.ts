// Attempts are counted in D1, where every isolate sees them.
import { beforeAll, describe, expect, test } from "vitest";
import { AppError } from "../../../workers/api/app-error.ts";
import { forgive, limitAttempts } from "../../../workers/identity/attempt-limits.ts";
import { openDatabase } from "../open-database.ts";

const NOW = 1_700_000_000_000;
const WINDOW_MS = 15 * 60_000;

let database: D1Database;
beforeAll(async () => {
  database = await openDatabase();
});

function from(address: string): Request {
  return new Request("https://platform.example/sign-in", { headers: { "cf-connecting-ip": address } });
}

async function countUntilRefused(
  address: (index: number) => string,
  account: string,
  now = NOW,
): Promise<number> {
  for (let index = 0; index < 100; index += 1) {
    try {
      await limitAttempts(database, "sign-in", { request: from(address(index)), account }, now);
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      expect(error.code).toBe("too-many-attempts");
      return index;
    }
  }
  return 100;
}

describe("attempts", () => {
  test("on one account end after ten, and begin anew when the window has passed", async () => {
    const address = (index: number) => `192.0.2.${index}`;
    expect(await countUntilRefused(address, "a@x.example")).toBe(10);
    expect(await countUntilRefused((index) => `192.0.3.${index}`, "a@x.example", NOW + WINDOW_MS - 1)).toBe(
      0,
    );
    expect(await countUntilRefused((index) => `192.0.4.${index}`, "a@x.example", NOW + WINDOW_MS)).toBe(10);
  });

  test("on an account are the same however its address is written", async () => {
    for (let index = 0; index < 10; index += 1) {
      const account = index % 2 === 0 ? "Ada@X.example" : " ada@x.example";
      await limitAttempts(database, "sign-in", { request: from(`198.51.100.${index}`), account }, NOW);
    }
    expect(await countUntilRefused(() => "198.51.100.99", "ada@x.example")).toBe(0);
  });

  test("from one IPv6 network are one, however it is written, and its neighbour's are its own", async () => {
    const spellings = [
      "2001:db8:1:2::1",
      "2001:0db8:0001:0002:ffff::",
      "2001:db8:1:2:3:4:5:6",
      "2001:DB8:1:2::9",
    ];
    for (let index = 0; index < 30; index += 1) {
      const request = from(spellings[index % spellings.length] ?? "");
      await limitAttempts(database, "sign-in", { request, account: `v6-${index}@x.example` }, NOW);
    }
    expect(await countUntilRefused(() => "2001:db8:1:2::abcd", "v6@x.example")).toBe(0);
    expect(await countUntilRefused(() => "2001:db8:1:3::1", "v6-other@x.example")).toBe(10);
  });

  test("that were good ones do not count", async () => {
    for (let index = 0; index < 50; index += 1) {
      const attempt = await limitAttempts(
        database,
        "sign-in",
        { request: from("203.0.113.1"), account: "good@x.example" },
        NOW,
      );
      await forgive(database, attempt);
    }
    expect(await countUntilRefused(() => "203.0.113.2", "good@x.example")).toBe(10);
  });

  test("leave neither address nor account in the database", async () => {
    await limitAttempts(
      database,
      "mail",
      { request: from("203.0.113.77"), account: "secret@x.example" },
      NOW,
    );
    const { results } = await database.prepare("SELECT * FROM sign_in_limit").all();
    expect(JSON.stringify(results)).not.toMatch(/203\.0\.113\.77|secret@x\.example/);
  });
});
