// A capsule comes from the platform, and is checked before it gets its name.
import type { CommandContext } from "../command-context.ts";
import { apiPath } from "../http/client.ts";
import { connect, findProject } from "../http/connection.ts";
import { CliError } from "../output/cli-error.ts";
import { writeCheckedFile } from "../output/whole-file.ts";
import type { CapsuleBlob, OpenCapsule } from "./open-capsule.ts";
import { readCapsuleFile } from "./read-capsule-file.ts";

const TIMEOUT_MS = 3_600_000;

/** Writes the `.caps`; throws and leaves nothing when it is another capsule than was asked for. */
export async function downloadCapsule(
  { connection, environment, cwd, signal }: CommandContext,
  digest: string,
  out: string,
  statements: "provenance" | "receipts" = "provenance",
): Promise<OpenCapsule> {
  const client = await connect(connection, environment, cwd, signal);
  const projectId = await findProject(client, connection, environment);
  const response = await client.request(apiPath("capsules", digest, "download"), {
    query: { projectId, ...(statements === "provenance" ? {} : { statements }) },
    timeoutMs: TIMEOUT_MS,
    isRepeatable: true,
  });
  if (response.body === null) throw new CliError("The platform sent no bytes.", { hint: "Try again." });
  const capsule = await writeCheckedFile(out, response.body, (path) => readExpected(path, digest), signal);
  return moveBlobs(capsule, out);
}

/** The file got its name after its blobs were found in it. */
function moveBlobs(capsule: OpenCapsule, location: string): OpenCapsule {
  const blobs = [...capsule.blobs].map(([sha256, blob]): [string, CapsuleBlob] => [
    sha256,
    "bytes" in blob ? blob : { ...blob, location },
  ]);
  return { ...capsule, blobs: new Map(blobs) };
}

async function readExpected(path: string, digest: string): Promise<OpenCapsule> {
  const capsule = await readCapsuleFile(path);
  if (capsule.capsuleDigest === digest) return capsule;
  throw new CliError(`The platform sent ${capsule.capsuleDigest}: nothing was written.`, {
    code: "digest-mismatch",
  });
}
