/// <reference types="@cloudflare/vitest-plugin/types" />
// A project's secrets in its object and in D1: facts, events, revisions, and what a confirmation keeps.

import { runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, test, vi } from "vitest";
import { applySecretChange, findSealedSecrets } from "../../../adapters/database/secrets.ts";
import type { EventPage } from "../../../durable-objects/project/project-object.ts";
import { MAX_SECRETS_PER_ENVIRONMENT } from "../../../durable-objects/project/secret-storage.ts";
import type { ActorRef } from "../../../schemas/event.ts";
import { makeTenant, type Tenant } from "./tenant.ts";

const actor: ActorRef = { kind: "user", id: "usr_test" };

function objectOf({ projectId }: Tenant) {
  return env.PROJECTS.getByName(projectId);
}

async function stored(tenant: Tenant, environment: string) {
  const { revision, sealedByName } = await findSealedSecrets(env.DB, { ...tenant, environment });
  return { revision, ...Object.fromEntries(sealedByName) };
}

async function secretEvents(tenant: Tenant) {
  // RPC's types give up on data of an unknown shape.
  const page: unknown = await objectOf(tenant).events({ since: 0, limit: 500 });
  const { events } = page as EventPage;
  return events.filter(({ type }) => type.startsWith("secret.")).map(({ type, data }) => ({ type, data }));
}

describe("a project's secrets", () => {
  test("are told by name on the timeline, and their revision grows with every change of the environment", async () => {
    const tenant = await makeTenant();
    const object = objectOf(tenant);
    const set = (env: "dev" | "prod", name: string, sealed: string) =>
      object.setSecret({ env, name, sealed, actor });
    expect(await set("dev", "A", "sealed-1")).toMatchObject({
      ok: true,
      value: { isNew: true, secret: { revision: 1 } },
    });
    expect(await set("dev", "A", "sealed-2")).toMatchObject({
      value: { isNew: false, secret: { revision: 2 } },
    });
    expect(await set("prod", "A", "sealed-3")).toMatchObject({
      value: { isNew: true, secret: { revision: 1 } },
    });
    expect(await object.removeSecret({ env: "dev", name: "A", isForced: false, actor })).toEqual({
      ok: true,
      value: null,
    });
    expect(await stored(tenant, "dev")).toEqual({ revision: 3 });
    expect(await stored(tenant, "prod")).toEqual({ revision: 1, A: "sealed-3" });
    expect(await secretEvents(tenant)).toEqual([
      { type: "secret.set", data: { env: "dev", name: "A" } },
      { type: "secret.set", data: { env: "dev", name: "A" } },
      { type: "secret.set", data: { env: "prod", name: "A" } },
      { type: "secret.removed", data: { env: "dev", name: "A" } },
    ]);
    expect((await object.listSecrets(null)).map(({ env, name }) => `${env}/${name}`)).toEqual(["prod/A"]);
  });

  test("set 30 times at once are one secret with 30 revisions, and the last one stays", async () => {
    const tenant = await makeTenant();
    const results = await Promise.all(
      Array.from({ length: 30 }, (_, index) =>
        objectOf(tenant).setSecret({ env: "dev", name: "A", sealed: `sealed-${index}`, actor }),
      ),
    );
    const revisions = results.map((result) => (result.ok ? result.value.secret.revision : 0));
    expect([...revisions].sort((a, b) => a - b)).toEqual(Array.from({ length: 30 }, (_, index) => index + 1));
    expect(results.filter((result) => result.ok && result.value.isNew)).toHaveLength(1);
    expect(await stored(tenant, "dev")).toEqual({ revision: 30, A: `sealed-${revisions.indexOf(30)}` });
  });

  test("are at most 100 in an environment; those that are there can still be changed", async () => {
    const tenant = await makeTenant();
    const object = objectOf(tenant);
    const set = (name: string) => object.setSecret({ env: "staging", name, sealed: "sealed", actor });
    for (let index = 0; index < MAX_SECRETS_PER_ENVIRONMENT; index += 1) {
      expect((await set(`S_${index}`)).ok).toBe(true);
    }
    expect(await set("ONE_MORE")).toMatchObject({ ok: false, reason: { code: "conflict" } });
    expect((await set("S_0")).ok).toBe(true);
    expect((await object.setSecret({ env: "dev", name: "A", sealed: "sealed", actor })).ok).toBe(true);
  });

  test("stand in D1 as the last change says, also when a change is told twice or late", async () => {
    const tenant = await makeTenant();
    const change = (sealed: string | null, revision: number) =>
      applySecretChange(env.DB, { ...tenant, environment: "dev", name: "A", sealed, revision });
    await change("first", 1);
    await change("second", 2);
    await change("second", 2);
    await change("first", 1);
    expect(await stored(tenant, "dev")).toEqual({ revision: 2, A: "second" });
    await change(null, 1);
    expect(await stored(tenant, "dev")).toEqual({ revision: 2, A: "second" });
    await change(null, 3);
    await change(null, 3);
    expect(await stored(tenant, "dev")).toEqual({ revision: 3 });
  });

  test("of another organization are not found under its project's name", async () => {
    const [tenant, other] = [await makeTenant(), await makeTenant()];
    await objectOf(tenant).setSecret({ env: "dev", name: "A", sealed: "sealed", actor });
    const stolen = { organizationId: other.organizationId, projectId: tenant.projectId };
    expect(await stored(stolen, "dev")).toEqual({ revision: 0 });
  });

  test("go with the project", async () => {
    const tenant = await makeTenant();
    await objectOf(tenant).setSecret({ env: "dev", name: "A", sealed: "sealed", actor });
    await objectOf(tenant).remove(actor);
    expect(await stored(tenant, "dev")).toEqual({ revision: 1 });
    expect(await objectOf(tenant).listSecrets(null)).toEqual([]);
    const late = await objectOf(tenant).setSecret({ env: "dev", name: "B", sealed: "sealed", actor });
    expect(late).toMatchObject({ ok: false, reason: { code: "conflict" } });
    expect(await stored(tenant, "dev")).toEqual({ revision: 1 });
  });
});

describe("a prod secret that waits for a person", () => {
  test("is dropped when its confirmation expires, though nobody comes back", async () => {
    const tenant = await makeTenant();
    const object = objectOf(tenant);
    const request = { kind: "set-secret", env: "prod", name: "A", sealed: "sealed-and-waiting" } as const;
    const asked = await object.requestProd(request, { actor, login: "token" });
    if (!asked.ok) throw new Error(asked.reason.message);
    const { expiresAt, restatement } = asked.value;
    expect(restatement.sentence).toMatch(/^Set the secret A of .* in prod\.$/);
    expect(JSON.stringify(restatement)).not.toContain("sealed-and-waiting");
    const rows = () =>
      runInDurableObject(object, (_instance, state) => ({
        alarmAt: state.storage.getAlarm(),
        rows: state.storage.sql.exec("SELECT request FROM confirmations").toArray(),
      }));
    const before = await rows();
    expect(before.rows).toHaveLength(1);
    expect(await before.alarmAt).toBe(expiresAt);
    vi.useFakeTimers({ toFake: ["Date"], now: expiresAt + 1 });
    try {
      await runDurableObjectAlarm(object);
    } finally {
      vi.useRealTimers();
    }
    expect((await rows()).rows).toEqual([]);
  });
});
