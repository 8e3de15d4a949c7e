// The largest capsule that there may be: 9,000 files, 1 GiB. Pushed, verified again, downloaded and read back, with the
// runtime's memory watched; and the largest .caps that goes in one request. An eighth of each goes first: memory that is
// bounded is the same for both.
//
// Two things are measured. What is alive in the platform's isolate (V8's heap and the buffers beside it, after collecting
// garbage), which production limits to 128 MiB. And how much the whole workerd process grows, which has no limit here: beside the isolate it
// holds the simulators of R2 and D1 and what the allocator keeps, all of which production has elsewhere.
import { createWriteStream } from "node:fs";
import { mkdtemp, open, rm, stat } from "node:fs/promises";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { apiPath } from "../cli/http/client.ts";
import { packFolder } from "../cli/pack/pack-folder.ts";
import { writeCapsule } from "../cli/pack/write-capsule.ts";
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
/** Together with headers and manifest just below what an upload in one request may have. */
const LARGEST_UPLOAD: LargeFolderShape = {
  fileCount: 9_000,
  totalBytes: 92_000_000,
  largeCount: 1,
  largeBytes: 40_000_000,
};
const EIGHTH_UPLOAD: LargeFolderShape = {
  fileCount: 1_125,
  totalBytes: 11_500_000,
  largeCount: 1,
  largeBytes: 5_000_000,
};
/** What production gives an isolate. */
const GOAL_MEBIBYTES = 128;

/** `isolateMiB` is the most that was alive in the isolate, `growthMiB` how much the process grew. */
type Step = {
  readonly name: string;
  readonly elapsedMs: number;
  readonly isolateMiB: number;
  readonly growthMiB: number;
};

/** Takes several minutes and 4 GiB of the temporary folder. Quick: only the eighth. */
export async function benchLargeCapsule({ isQuick, say }: BenchOptions): Promise<readonly Figure[]> {
  const folder = await mkdtemp(join(tmpdir(), "oursynth-bench-large-"));
  const platform = await startBenchPlatform(say);
  try {
    const memory = await findRuntimeMemory();
    const place = { folder, platform, memory, say };
    const eighth = [
      ...(await benchSteps({ ...place, label: "large-eighth" }, EIGHTH)),
      await benchUpload({ ...place, label: "upload-eighth" }, EIGHTH_UPLOAD),
    ];
    if (isQuick) return eighth.map((step) => toFigure(step, "an eighth", null));
    const largest = [
      ...(await benchSteps({ ...place, label: "large-whole" }, LARGEST)),
      await benchUpload({ ...place, label: "upload-whole" }, LARGEST_UPLOAD),
    ];
    return largest.map((step, index) => toFigure(step, "9,000 files", eighth[index] ?? null));
  } finally {
    await platform.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

function toFigure(step: Step, shape: string, eighth: Step | null): Figure {
  const beside = (of: Step, prefix: string) =>
    [
      { name: `${prefix}took`, value: of.elapsedMs / 1_000, unit: "s" },
      { name: `${prefix}process grew by`, value: of.growthMiB, unit: "MiB" },
    ] as const;
  const besideEighth = (of: Step) => [
    ...(Number.isNaN(of.isolateMiB)
      ? []
      : [{ name: "an eighth of it: alive in the isolate", value: of.isolateMiB, unit: "MiB" } as const]),
    ...beside(of, "the eighth "),
  ];
  return {
    name: `the most that was alive in the isolate, ${step.name} ${shape}`,
    value: step.isolateMiB,
    unit: "MiB",
    beside: [...beside(step, ""), ...(eighth === null ? [] : besideEighth(eighth))],
    goal: { text: `< ${GOAL_MEBIBYTES} MiB`, isMet: step.isolateMiB < GOAL_MEBIBYTES },
  };
}

type Place = {
  readonly folder: string;
  readonly platform: BenchPlatform;
  readonly memory: RuntimeMemory | null;
  readonly say: (line: string) => void;
  readonly label: string;
};

/** 1 GiB, or an eighth, as the command line brings it and fetches it. */
async function benchSteps(place: Place, shape: LargeFolderShape): Promise<readonly Step[]> {
  const { folder, platform, label } = place;
  const { project, capsule, source } = await packShape(place, shape);
  const container = join(folder, `${label}.caps`);
  const push = () =>
    pushCapsule({ client: platform.client, projectId: project.projectId, capsule, branch: "main" });
  const { capsuleDigest } = capsule;
  const steps = [
    await measure(place, "pushing 1 GiB of", push),
    await measure(place, "pushing again, nothing missing,", push),
    await measure(place, "verifying again 1 GiB of", () => verifyAgain(platform, project, capsuleDigest)),
    await measure(place, "downloading 1 GiB of", () => download(platform, project, capsuleDigest, container)),
  ];
  if ((await readCapsuleFile(container)).capsuleDigest !== capsuleDigest)
    throw new Error("another capsule came back");
  await Promise.all([rm(source, { recursive: true }), rm(container)]);
  return steps;
}

/** A `.caps` in one request. */
async function benchUpload(place: Place, shape: LargeFolderShape): Promise<Step> {
  const { folder, label, platform } = place;
  const { project, capsule } = await packShape(place, shape);
  const container = join(folder, `${label}.caps`);
  await writeCapsule(capsule, container);
  return await measure(place, "uploading 95 MB of", () => upload(platform, project, container));
}

async function packShape({ folder, platform, say, label }: Place, shape: LargeFolderShape) {
  const source = join(folder, label);
  await writeLargeFolder(source, shape, label);
  const project = await makeProject(platform, label);
  const capsule = await packFolder({ folder: source, key: project.key, parents: [] });
  say(`${label}: ${capsule.manifest.files.length} files written and packed`);
  return { project, capsule, source };
}

async function measure(
  { memory, say, label }: Place,
  name: string,
  act: () => Promise<unknown>,
): Promise<Step> {
  const before = (await memory?.now()) ?? Number.NaN;
  await memory?.resetPeak();
  const startMs = performance.now();
  let elapsedMs = 0;
  const timed = async () => {
    await act();
    elapsedMs = performance.now() - startMs;
  };
  const isolateMiB = memory === null ? Number.NaN : await memory.isolatePeak(timed);
  if (memory === null) await timed();
  const growthMiB = ((await memory?.peak()) ?? Number.NaN) - before;
  say(
    `${label}: ${name} ${(elapsedMs / 1_000).toFixed(1)} s, alive in the isolate ${isolateMiB.toFixed(0)} MiB, process ${before.toFixed(0)} MiB + ${growthMiB.toFixed(0)} MiB`,
  );
  return { name, elapsedMs, isolateMiB, growthMiB };
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
