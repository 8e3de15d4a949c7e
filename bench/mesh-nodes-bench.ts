// A rehearsal on ten real nodes: from the request to the sealed result, how soon a watcher hears of each step, and what the
// runtime holds meanwhile. The capsule is the example of 70 files, with loss; nothing waits (`pace 0`).
import { join } from "node:path";
import type { PlatformClient } from "../cli/http/client.ts";
import { packFolder } from "../cli/pack/pack-folder.ts";
import { pushCapsule } from "../cli/push/push-capsule.ts";
import type { MeshEvent } from "../schemas/mesh-event.ts";
import { ROOT } from "../scripts/platform/state-folder.ts";
import { makeProject, startBenchPlatform } from "./bench-platform.ts";
import { type BenchOptions, type Figure, median, percentile } from "./figure.ts";
import { findRuntimeMemory } from "./process-memory.ts";

const SEAL_GOAL_MS = 3_000;
const EVENT_GOAL_MS = 200;
const NODES = 10;
const WATCH_TIMEOUT_MS = 60_000;

type Watched = { readonly sealedMs: number; readonly delaysMs: readonly number[] };

export async function benchMeshNodes({ isQuick, say }: BenchOptions): Promise<readonly Figure[]> {
  const platform = await startBenchPlatform(say);
  try {
    const { client } = platform;
    const project = await makeProject(platform, "bench-mesh");
    const { projectId } = project;
    const folder = join(ROOT, "examples", "fair-share");
    const capsule = await packFolder({ folder, key: project.key, parents: [] });
    await pushCapsule({ client, projectId, capsule, branch: "main" });
    say(`${capsule.manifest.files.length} files on ${NODES} nodes`);
    const memory = await findRuntimeMemory();
    const beforeMiB = (await memory?.now()) ?? Number.NaN;
    await memory?.resetPeak();
    const rounds: Watched[] = [];
    for (let round = 0; round < (isQuick ? 3 : 10); round += 1) {
      const params = { nodes: NODES, packetLoss: 5, seed: round, pace: 0 };
      rounds.push(await rehearse(client, { projectId, capsuleHash: capsule.capsuleDigest, params }));
    }
    const gate = await rehearse(client, {
      projectId,
      capsuleHash: capsule.capsuleDigest,
      params: {
        nodes: NODES,
        packetLoss: 5,
        chaosMode: true,
        seeds: Array.from({ length: 20 }, (_, i) => i),
      },
    });
    const peakMiB = (await memory?.peak()) ?? Number.NaN;
    return describe(rounds, gate, { beforeMiB, peakMiB });
  } finally {
    await platform.stop();
  }
}

function describe(
  rounds: readonly Watched[],
  gate: Watched,
  { beforeMiB, peakMiB }: { readonly beforeMiB: number; readonly peakMiB: number },
): readonly Figure[] {
  const sealed = rounds.map(({ sealedMs }) => sealedMs);
  const delays = rounds.flatMap(({ delaysMs }) => delaysMs);
  const worst = Math.max(...sealed);
  const delay = percentile(delays, 99);
  return [
    {
      name: `start to sealed result, ${NODES} real nodes, 1 seed (median)`,
      value: median(sealed),
      unit: "ms",
      beside: [
        { name: "first, all cold", value: sealed[0] ?? 0, unit: "ms" },
        { name: "worst", value: worst, unit: "ms" },
      ],
      goal: { text: "under 3 s", isMet: worst < SEAL_GOAL_MS },
    },
    {
      name: `the same with 20 seeds and chaos, as a gate asks`,
      value: gate.sealedMs,
      unit: "ms",
      beside: [],
      goal: null,
    },
    {
      name: "from a step to its watcher (p99)",
      value: delay,
      unit: "ms",
      beside: [{ name: "median", value: median(delays), unit: "ms" }],
      goal: { text: "within 200 ms", isMet: delay < EVENT_GOAL_MS },
    },
    {
      name: "the whole runner, at most",
      value: peakMiB,
      unit: "MiB",
      beside: [{ name: "before the first", value: beforeMiB, unit: "MiB" }],
      goal: null,
    },
  ];
}

/** Watches from the start; the clock of the platform is this machine's. */
async function rehearse(client: PlatformClient, body: object): Promise<Watched> {
  const startMs = performance.now();
  const { simId } = await client.post<{ simId: string }>("/api/mesh-sim/start", body);
  const response = await client.request("/api/mesh-sim/events", {
    query: { simId },
    timeoutMs: WATCH_TIMEOUT_MS,
  });
  if (response.body === null) throw new Error("no stream came");
  const delaysMs: number[] = [];
  let rest = "";
  for await (const text of response.body.pipeThrough(new TextDecoderStream())) {
    const now = Date.now();
    const blocks = (rest + text).split("\n\n");
    rest = blocks.pop() ?? "";
    for (const block of blocks) {
      const data = block.split("\n").find((line) => line.startsWith("data: "));
      if (data === undefined) continue;
      const event: MeshEvent = JSON.parse(data.slice("data: ".length));
      delaysMs.push(now - event.details.ts);
      if (event.phase === "failed") throw new Error(data);
      if (event.phase === "sealed") return { sealedMs: performance.now() - startMs, delaysMs };
    }
  }
  throw new Error("the stream ended before the result was sealed");
}
