// The memory of the runtime that a bench started, as Linux counts it (proc(5)).
import { readdir, readFile, writeFile } from "node:fs/promises";

const KIBIBYTES_PER_MEBIBYTE = 1_024;
/** Written to clear_refs, it makes the peak begin anew at what is resident now. */
const RESET_PEAK = "5";

export type RuntimeMemory = {
  /** Resident now, of all its processes, in MiB. */
  now(): Promise<number>;
  /** The most that was resident at once since the last reset, in MiB. */
  peak(): Promise<number>;
  resetPeak(): Promise<void>;
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
