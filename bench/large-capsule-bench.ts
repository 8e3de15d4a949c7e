// The largest capsule that there may be: 9,000 files, 1 GiB. Pushed, verified again, uploaded whole, downloaded and read
// back, with the runtime's memory watched. An eighth of it goes first: memory that is bounded is the same for both.
//
// What is measured is the whole workerd process, which has no limit here: the platform's isolate, its project object, and
// the simulators of R2 and D1, which production keeps elsewhere. So the isolate takes less than what is told.
import { createWriteStream } from "node:fs";
import { mkdtemp, open, rm, stat } from "node:fs/promises";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { apiPath } from "../cli/http/client.ts";
import { packFolder } from "../cli/pack/pack-folder.ts";
import { pushCapsule } from "../cli/push/push-capsule.ts";
import { readCapsuleFile } from "../cli/push/read-capsule-file.ts";
import type { VerificationReport } from "../schemas/verification.ts";
import { type BenchPlatform, type BenchProject, makeProject, startBenchPlatform } from "./bench-platform.ts";
import type { BenchOptions, Figure } from "./figure.ts";
import { type LargeFolderShape, writeLargeFolder } from "./large-folder.ts";
import { findRuntimeMemory, type RuntimeMemory } from "./process-memory.ts";

const MEBIBYTE = 1_048_576;
const LONG_MS = 1_800_000;
const LARGEST: LargeFolderShape = {
  fileCount: 9_000,
  totalBytes: 1_024 * MEBIBYTE,
  largeCount: 5,
  largeBytes: 88 * MEBIBYTE,
};
const EIGHTH: LargeFolderShape = {
  fileCount: 1_125,
  totalBytes: 128 * MEBIBYTE,
  largeCount: 1,
  largeBytes: 55 * MEBIBYTE,
};
/** What production gives an isolate. */
const GOAL_MEBIBYTES = 128;

type Step = { readonly name: string; readonly elapsedMs: number; readonly growthMiB: number };

/** Takes several minutes and 4 GiB of the temporary folder. Quick: only the eighth. */
export async function benchLargeCapsule({ isQuick, say }: BenchOptions): Promise<readonly Figure[]> {
  const folder = await mkdtemp(join(tmpdir(), "oursynth-bench-large-"));
  const platform = await startBenchPlatform(say);
  try {
    const memory = await findRuntimeMemory();
    const eighth = await benchShape({ folder, platform, memory, say, label: "large-eighth" }, EIGHTH);
    if (isQuick) return eighth.map((step) => toFigure(step, "1,125 files, 128 MiB", null));
    const largest = await benchShape({ folder, platform, memory, say, label: "large-whole" }, LARGEST);
    return largest.map((step, index) => toFigure(step, "9,000 files, 1 GiB", eighth[index] ?? null));
  } finally {
    await platform.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

function toFigure({ name, elapsedMs, growthMiB }: Step, shape: string, eighth: Step | null): Figure {
  return {
    name: `peak growth of the runtime's memory, ${name} ${shape}`,
    value: growthMiB,
    unit: "MiB",
    beside: [
      { name: "took", value: elapsedMs / 1_000, unit: "s" },
      ...(eighth === null
        ? []
        : ([
            { name: "an eighth of it", value: eighth.growthMiB, unit: "MiB" },
            { name: "which took", value: eighth.elapsedMs / 1_000, unit: "s" },
          ] as const)),
    ],
    goal: { text: `< ${GOAL_MEBIBYTES} MiB`, isMet: growthMiB < GOAL_MEBIBYTES },
  };
}

type Place = {
  readonly folder: string;
  readonly platform: BenchPlatform;
  readonly memory: RuntimeMemory | null;
  readonly say: (line: string) => void;
  readonly label: string;
};

async function benchShape(place: Place, shape: LargeFolderShape): Promise<readonly Step[]> {
  const { folder, platform, memory, say, label } = place;
  const source = join(folder, label);
  const container = join(folder, `${label}.caps`);
  await writeLargeFolder(source, shape, label);
  const project = await makeProject(platform, label);
  const capsule = await packFolder({ folder: source, key: project.key, parents: [] });
  say(`${label}: ${capsule.manifest.files.length} files written and packed`);
  const steps: Step[] = [];
  const measure = async (name: string, act: () => Promise<unknown>): Promise<void> => {
    const before = (await memory?.now()) ?? Number.NaN;
    await memory?.resetPeak();
    const startMs = performance.now();
    await act();
    const elapsedMs = performance.now() - startMs;
    const growthMiB = ((await memory?.peak()) ?? Number.NaN) - before;
    say(
      `${name} ${label}: ${(elapsedMs / 1_000).toFixed(1)} s, ${before.toFixed(0)} MiB + ${growthMiB.toFixed(0)} MiB`,
    );
    steps.push({ name, elapsedMs, growthMiB });
  };
  const { projectId } = project;
  const push = () => pushCapsule({ client: platform.client, projectId, capsule, branch: "main" });
  await measure("pushing", push);
  await measure("pushing again (nothing is missing)", push);
  await measure("verifying again", () => verifyAgain(platform, project, capsule.capsuleDigest));
  await measure("downloading", () => download(platform, project, capsule.capsuleDigest, container));
  const read = await readCapsuleFile(container);
  if (read.capsuleDigest !== capsule.capsuleDigest) throw new Error("another capsule came back");
  await measure("uploading the .caps of", () => upload(platform, project, container));
  await Promise.all([rm(source, { recursive: true }), rm(container)]);
  return steps;
}

async function verifyAgain({ client }: BenchPlatform, { projectId }: BenchProject, digest: string) {
  const path = apiPath("capsules", digest, "verify");
  const response = await client.request(path, { query: { projectId, again: 1 }, timeoutMs: LONG_MS });
  const report = (await response.json()) as VerificationReport;
  if (report.verdict !== "pass") throw new Error(JSON.stringify(report));
}

async function download(
  { client }: BenchPlatform,
  { projectId }: BenchProject,
  digest: string,
  file: string,
): Promise<void> {
  const path = apiPath("capsules", digest, "download");
  const response = await client.request(path, { query: { projectId }, timeoutMs: LONG_MS });
  if (response.body === null) throw new Error("no bytes came");
  await pipeline(Readable.from(response.body), createWriteStream(file));
}

/** As one request of more than 1 GiB: more than production lets in, and the hardest case for the memory. */
async function upload(
  { port, client }: BenchPlatform,
  { projectId }: BenchProject,
  file: string,
): Promise<void> {
  const { size } = await stat(file);
  const handle = await open(file);
  const status = await new Promise<number>((resolve, reject) => {
    const sent = request(
      {
        host: "127.0.0.1",
        port,
        method: "POST",
        path: `/api/capsules/upload?projectId=${projectId}`,
        headers: {
          authorization: `Bearer ${client.token}`,
          "content-type": "application/octet-stream",
          "content-length": size,
        },
      },
      (response) => {
        response.resume();
        response.on("end", () => resolve(response.statusCode ?? 0));
      },
    );
    sent.on("error", reject);
    pipeline(handle.createReadStream(), sent).catch(reject);
  });
  if (status !== 201) throw new Error(`the upload was answered ${status}`);
}
