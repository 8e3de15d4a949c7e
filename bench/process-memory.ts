// The memory of the runtime that a bench started: of the whole process as Linux counts it (proc(5)), and of the platform's
// isolate as V8 counts it (by the runtime's inspector).
import { readdir, readFile, readlink, writeFile } from "node:fs/promises";

const KIBIBYTES_PER_MEBIBYTE = 1_024;
/** Written to clear_refs, it makes the peak begin anew at what is resident now. */
const RESET_PEAK = "5";

const ISOLATE_TITLE = "core:user:oursynth";
const PROBE_TIMEOUT_MS = 1_000;
/** Every sample collects garbage first, which stops the isolate for some milliseconds. */
const SAMPLE_MS = 250;
const BYTES_PER_MEBIBYTE = 1_048_576;
/** A socket that listens, in the fourth column of /proc/net/tcp. */
const LISTENING = "0A";

export type RuntimeMemory = {
  /** Resident now, of all its processes, in MiB. */
  now(): Promise<number>;
  /** The most that was resident at once since the last reset, in MiB. */
  peak(): Promise<number>;
  resetPeak(): Promise<void>;
  /**
   * The most that was alive in the platform's isolate at once while this was done, in MiB. Garbage is collected before each
   * sample: there is no limit here that would make V8 do it, as production's does.
   */
  isolatePeak(act: () => Promise<unknown>): Promise<number>;
};

/** Of every workerd below this process; null where there is no /proc. */
export async function findRuntimeMemory(): Promise<RuntimeMemory | null> {
  if (process.platform !== "linux") return null;
  const pids = await findWorkerd();
  const sum = async (field: string): Promise<number> => {
    const sizes = await Promise.all(pids.map((pid) => readField(pid, field)));
    return sizes.reduce((all, size) => all + size, 0) / KIBIBYTES_PER_MEBIBYTE;
  };
  return {
    now: () => sum("VmRSS"),
    peak: () => sum("VmHWM"),
    async resetPeak() {
      await Promise.all(pids.map((pid) => writeFile(`/proc/${pid}/clear_refs`, RESET_PEAK)));
    },
    isolatePeak: (act) => sampleIsolate(pids, act),
  };
}

async function findWorkerd(): Promise<number[]> {
  const all = (await readdir("/proc")).filter((name) => /^\d+$/.test(name)).map(Number);
  const parents = new Map<number, { readonly parent: number; readonly name: string }>();
  for (const pid of all) {
    const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => null);
    const fields = stat === null ? null : /^\d+ \((.*)\) \S (\d+)/s.exec(stat);
    if (fields !== null) parents.set(pid, { name: fields[1] ?? "", parent: Number(fields[2]) });
  }
  const isBelow = (pid: number): boolean => {
    for (let at = parents.get(pid)?.parent; at !== undefined; at = parents.get(at)?.parent) {
      if (at === process.pid) return true;
    }
    return false;
  };
  return [...parents].filter(([pid, { name }]) => name === "workerd" && isBelow(pid)).map(([pid]) => pid);
}

async function readField(pid: number, field: string): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, "utf8");
  return Number(new RegExp(`^${field}:\\s+(\\d+) kB$`, "m").exec(status)?.[1] ?? 0);
}

type HeapUsage = { usedSize: number; embedderHeapUsedSize: number; backingStorageSize: number };

async function sampleIsolate(pids: readonly number[], act: () => Promise<unknown>): Promise<number> {
  const socket = new WebSocket(await findInspector(pids));
  await new Promise((resolve, reject) => {
    socket.onopen = resolve;
    socket.onerror = reject;
  });
  let peakBytes = 0;
  socket.onmessage = ({ data }) => {
    const { result }: { result?: Partial<HeapUsage> } = JSON.parse(String(data));
    // The answer to collecting is empty.
    if (result?.usedSize === undefined) return;
    const { usedSize, embedderHeapUsedSize = 0, backingStorageSize = 0 } = result;
    peakBytes = Math.max(peakBytes, usedSize + embedderHeapUsedSize + backingStorageSize);
  };
  let sampleCount = 0;
  const ask = (method: string) => socket.send(JSON.stringify({ id: ++sampleCount, method }));
  const sample = () => {
    ask("HeapProfiler.collectGarbage");
    ask("Runtime.getHeapUsage");
  };
  const timer = setInterval(sample, SAMPLE_MS);
  try {
    await act();
    sample();
    await new Promise((resolve) => setTimeout(resolve, SAMPLE_MS));
  } finally {
    clearInterval(timer);
    socket.close();
  }
  // An inspector that did not answer in time measured nothing.
  return peakBytes === 0 ? Number.NaN : peakBytes / BYTES_PER_MEBIBYTE;
}

/** Among the ports on which the runtime itself listens: another platform may run beside. */
async function findInspector(pids: readonly number[]): Promise<string> {
  const inodes = new Set<string>();
  for (const pid of pids) {
    for (const fd of await readdir(`/proc/${pid}/fd`)) {
      const target = await readlink(`/proc/${pid}/fd/${fd}`).catch(() => "");
      const inode = /^socket:\[(\d+)\]$/.exec(target)?.[1];
      if (inode !== undefined) inodes.add(inode);
    }
  }
  for (const line of (await readFile("/proc/net/tcp", "utf8")).split("\n").slice(1)) {
    const columns = line.trim().split(/\s+/);
    if (columns[3] !== LISTENING || !inodes.has(columns[9] ?? "")) continue;
    const port = Number.parseInt(columns[1]?.split(":")[1] ?? "", 16);
    const url = await askInspector(port);
    if (url !== null) return url;
  }
  throw new Error("the runtime's inspector was not found");
}

async function askInspector(port: number): Promise<string | null> {
  try {
    const response = await fetch(`http://127.0.0.1:${port}/json`, {
      signal: AbortSignal.timeout(PROBE_TIMEOUT_MS),
    });
    const targets: { title?: string; webSocketDebuggerUrl?: string }[] = JSON.parse(await response.text());
    return targets.find(({ title }) => title?.includes(ISOLATE_TITLE))?.webSocketDebuggerUrl ?? null;
  } catch {
    // Not an inspector: the runtime listens on several ports.
    return null;
  }
}
