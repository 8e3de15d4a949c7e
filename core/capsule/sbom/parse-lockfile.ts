// One reader for each kind of lockfile; each is loaded when there is something to read, since the YAML one is large.
import { fail, type Result } from "../../../schemas/result.ts";
import { LOCKFILE_LIMITS, type Lockfile, type LockfileReason } from "./lockfile.ts";

/** @param path decides the kind: `….json` is npm's, `pnpm-lock.yaml` pnpm's */
export async function parseLockfile(
  path: string,
  bytes: Uint8Array,
): Promise<Result<Lockfile, LockfileReason>> {
  if (bytes.length > LOCKFILE_LIMITS.bytes)
    return fail({ code: "too-large", message: `is larger than ${LOCKFILE_LIMITS.bytes} bytes` });
  if (path.endsWith(".json")) return (await import("./npm-lockfile.ts")).parseNpmLockfile(bytes);
  if (path.endsWith("pnpm-lock.yaml")) return (await import("./pnpm-lockfile.ts")).parsePnpmLockfile(bytes);
  return fail({
    code: "unknown-lockfile",
    message: "is of a kind that is not read here; npm's and pnpm's are",
  });
}
