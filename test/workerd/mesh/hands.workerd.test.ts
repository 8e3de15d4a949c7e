// What a simulation's objects have in their hands, and what each of it can do (MESH.md M3).
import { runInDurableObject } from "cloudflare:test";
import { env, exports } from "cloudflare:workers";
import { describe, expect, test } from "vitest";
import { applySecretChange } from "../../../adapters/database/secrets.ts";
import { sealProjectSecret } from "../../../adapters/vault/project-secrets.ts";
import type {
  SimulationDesk,
  SimulationStart,
} from "../../../durable-objects/mesh-simulation/simulation-plan.ts";
import type { MeshSimResult } from "../../../schemas/mesh-result.ts";
import { MeshDesk as MeshDeskClass } from "../../../workers/mesh/mesh-desk.ts";
import { SimulationSecrets as SimulationSecretsClass } from "../../../workers/mesh/simulation-secrets.ts";
import { makeTenant } from "../store/tenant.ts";

type Loopback = {
  readonly MeshDesk: (options: { props: object }) => SimulationDesk;
  readonly SimulationSecrets: (options: { props: object }) => {
    open(names: readonly string[]): Promise<{ values: Record<string, string> }>;
  };
};

const { MeshDesk, SimulationSecrets } = exports as unknown as Loopback;

describe("[M3] a node", () => {
  test("holds a store that can be read and the loader: no database, no project, no key, no hostname", async () => {
    const node = env.MESH_NODES.getByName("sim/node-1");
    const held = await runInDurableObject(node, (object) => {
      const { env: own } = object as unknown as { env: Record<string, object> };
      return Object.entries(own).map(([name, value]) => [name, name === "BLOBS" ? Object.keys(value) : null]);
    });
    expect(held).toEqual([
      ["BLOBS", ["get"]],
      ["LOADER", null],
    ]);
  });

  test("cannot write into the store", async () => {
    const node = env.MESH_NODES.getByName("sim/node-1");
    const tried = await runInDurableObject(node, async (object) => {
      const { BLOBS } = (object as unknown as { env: { BLOBS: Record<string, unknown> } }).env;
      return ["put", "delete", "list", "head", "createMultipartUpload"].filter((name) => name in BLOBS);
    });
    expect(tried).toEqual([]);
  });
});

describe("[M3] a simulation", () => {
  test("holds its nodes and nothing else", async () => {
    const simulation = env.MESH_SIMULATIONS.getByName("sim");
    const held = await runInDurableObject(simulation, (object) =>
      Object.keys((object as unknown as { env: object }).env),
    );
    expect(held).toEqual(["MESH_NODES"]);
  });

  test("speaks at its desk for itself alone", async () => {
    const { organizationId, projectId } = await makeTenant();
    const desk = MeshDesk({ props: { organizationId, projectId, simId: "mine" } });
    const actor = { kind: "user", id: "usr_test" } as const;
    const refused = {
      ok: false,
      reason: { code: "forbidden", message: "a simulation speaks only for itself" },
    };
    expect(await desk.end({ simId: "theirs", status: "error", failure: null, actor })).toEqual(refused);
    const result = { simId: "theirs" } as MeshSimResult;
    expect(await desk.seal(result, { replayOf: null, actor })).toEqual(refused);
    const start = { simId: "theirs", actor } as SimulationStart;
    expect(await desk.begin(start)).toEqual(refused);
  });

  test("the desk has three doors, and the way to secrets one", () => {
    expect(Object.getOwnPropertyNames(MeshDeskClass.prototype)).toEqual([
      "constructor",
      "begin",
      "seal",
      "end",
    ]);
    expect(Object.getOwnPropertyNames(SimulationSecretsClass.prototype)).toEqual(["constructor", "open"]);
  });
});

describe("[M3] secrets", () => {
  test("are those of the environment simulation, whatever prod's are called", async () => {
    const tenant = await makeTenant();
    for (const [environment, value] of [
      ["prod", "of-prod"],
      ["simulation", "of-simulation"],
    ] as const) {
      const place = { ...tenant, environment };
      const sealed = await sealProjectSecret(env, place, { name: "TOKEN", value });
      await applySecretChange(env.DB, { ...place, name: "TOKEN", sealed, revision: 1 });
    }
    const place = { ...tenant, environment: "prod" };
    const sealed = await sealProjectSecret(env, place, { name: "ONLY_PROD", value: "x" });
    await applySecretChange(env.DB, { ...place, name: "ONLY_PROD", sealed, revision: 2 });
    const { values } = await SimulationSecrets({ props: tenant }).open(["TOKEN", "ONLY_PROD"]);
    expect(values).toEqual({ TOKEN: "of-simulation" });
  });
});
