// What a visit remembers of where a hostname points, and how soon it forgets.
import { env } from "cloudflare:workers";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { cachedPointer, forgetPointer } from "../../../adapters/loader/pointer-cache.ts";
import type { HostPointer } from "../../../schemas/artifact.ts";

function pointerTo(artifactDigest: string): HostPointer {
  return {
    hostname: "h",
    organizationId: "org_x",
    projectId: "prj_x",
    environment: "dev",
    artifactDigest,
    configurationDigest: "",
    capsuleDigest: "",
    revision: 1,
    secretsRevision: 0,
  };
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["Date"] });
});
afterEach(() => {
  vi.useRealTimers();
});

describe("pointer cache", () => {
  test("one lookup in 4 s, and a new one well before 5 s", async () => {
    const find = vi.fn(async () => pointerTo("a"));
    for (let visit = 0; visit < 3; visit++) await cachedPointer(env.DB, "kept", find);
    vi.advanceTimersByTime(3_900);
    await cachedPointer(env.DB, "kept", find);
    expect(find).toHaveBeenCalledTimes(1);
    vi.advanceTimersByTime(200);
    await cachedPointer(env.DB, "kept", find);
    expect(find).toHaveBeenCalledTimes(2);
  });

  test("a miss is remembered for 1 s", async () => {
    const find = vi.fn(async () => null);
    await cachedPointer(env.DB, "missing", find);
    expect(await cachedPointer(env.DB, "missing", find)).toBeNull();
    expect(find).toHaveBeenCalledTimes(1);
    vi.advanceTimersByTime(1_100);
    await cachedPointer(env.DB, "missing", find);
    expect(find).toHaveBeenCalledTimes(2);
  });

  test("visits at the same moment share one lookup", async () => {
    const find = vi.fn(async () => {
      await scheduler.wait(20);
      return pointerTo("a");
    });
    await Promise.all(Array.from({ length: 20 }, () => cachedPointer(env.DB, "shared", find)));
    expect(find).toHaveBeenCalledTimes(1);
  });

  test("a lookup that began before an activation leaves nothing behind", async () => {
    let release: (pointer: HostPointer) => void = () => undefined;
    const slow = cachedPointer(env.DB, "moved", () => new Promise((resolve) => (release = resolve)));
    forgetPointer("moved");
    release(pointerTo("old"));
    await slow;
    expect((await cachedPointer(env.DB, "moved", async () => pointerTo("new")))?.artifactDigest).toBe("new");
  });

  test("a failed lookup is not remembered, and does not fail those who wait for it", async () => {
    const failing = cachedPointer(env.DB, "failing", async () => {
      await scheduler.wait(10);
      throw new Error("no database");
    });
    const waiting = cachedPointer(env.DB, "failing", async () => pointerTo("a"));
    await expect(failing).rejects.toThrow("no database");
    expect((await waiting)?.artifactDigest).toBe("a");
  });
});
