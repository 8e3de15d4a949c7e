// An app's log: a ring that follows, shortens and counts, and that a flood cannot wedge.
import { env } from "cloudflare:workers";
import { describe, expect, test } from "vitest";
import type { AppLogLine } from "../../../durable-objects/app-log/app-log-object.ts";

function line(message: string, more: Partial<AppLogLine> = {}): AppLogLine {
  return { ts: 1, level: "log", message, ...more };
}

function lines(count: number): AppLogLine[] {
  return Array.from({ length: count }, (_, index) => line(`line ${index}`));
}

describe("reading", () => {
  test("oldest first, on from where it stopped, and by request", async () => {
    const log = env.APP_LOGS.getByName("prj_read/dev");
    await log.append([
      line("a", { requestId: "r1" }),
      line("b", { requestId: "r2", stack: "at x", path: "/" }),
    ]);
    const first = await log.read({ limit: 1, since: 0 });
    expect(first).toMatchObject({ items: [{ seq: 1, message: "a" }], nextSince: 1 });
    const second = await log.read({ limit: 10, since: first.nextSince });
    expect(second).toMatchObject({
      items: [{ seq: 2, message: "b", stack: "at x", path: "/" }],
      nextSince: 2,
    });
    expect((await log.read({ limit: 10, requestId: "r1" })).items.map((item) => item.message)).toEqual(["a"]);
    expect((await log.read({ limit: 10, since: 2 })).items).toEqual([]);
    expect(await env.APP_LOGS.getByName("prj_none/dev").read({ limit: 10 })).toEqual({
      items: [],
      nextSince: 0,
    });
  });

  test("without since, the newest lines", async () => {
    const log = env.APP_LOGS.getByName("prj_newest/dev");
    await log.append(lines(20));
    expect((await log.read({ limit: 2 })).items.map((item) => item.message)).toEqual(["line 18", "line 19"]);
  });

  test("a follower is woken by the next line, and sent home when none comes", async () => {
    const log = env.APP_LOGS.getByName("prj_follow/dev");
    const waiting = log.read({ limit: 10, since: 0, waitMs: 5_000 });
    await scheduler.wait(20);
    await log.append([line("at last")]);
    expect((await waiting).items.map((item) => item.message)).toEqual(["at last"]);
    expect((await log.read({ limit: 10, since: 1, waitMs: 30 })).items).toEqual([]);
  });
});

describe("bounds", () => {
  test("a long line is shortened where one can see it", async () => {
    const log = env.APP_LOGS.getByName("prj_long/dev");
    await log.append([line("x".repeat(10_000), { stack: "y".repeat(9_000) })]);
    const item = (await log.read({ limit: 1 })).items[0];
    expect(item?.message).toMatch(/^x{8144}… \(1856 characters left out\)$/);
    expect(item?.stack).toMatch(/^y{8144}… \(856 characters left out\)$/);
  });

  test("a flood is dropped, with a line that counts it", async () => {
    const log = env.APP_LOGS.getByName("prj_flood/dev");
    for (let call = 0; call < 12; call++) await log.append(lines(600));
    const { items } = await log.read({ limit: 1_000, since: 0 });
    const all = [...items];
    for (let page = await log.read({ limit: 1_000, since: 1_000 }); page.items.length > 0; ) {
      all.push(...page.items);
      page = await log.read({ limit: 1_000, since: page.nextSince });
    }
    const told = all.flatMap((item) => /^(\d+) lines dropped/.exec(item.message)?.[1] ?? []).map(Number);
    const dropped = told.reduce((sum, count) => sum + count, 0);
    expect(dropped).toBeGreaterThan(0);
    expect(dropped + all.length - told.length).toBe(12 * 600);
  });

  test("the ring keeps the newest 5,000 lines", async () => {
    const log = env.APP_LOGS.getByName("prj_ring/dev");
    for (let second = 0; second < 3; second++) {
      for (let call = 0; call < 4; call++) await log.append(lines(500));
      await scheduler.wait(1_050);
    }
    const oldest = await log.read({ limit: 1, since: 0 });
    const newest = await log.read({ limit: 1 });
    expect((newest.items[0]?.seq ?? 0) - (oldest.items[0]?.seq ?? 0)).toBe(4_999);
  });
});
