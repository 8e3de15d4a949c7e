// A change of trust that others must sign first: the platform says what, it goes into a file, `oursynth keys sign` adds
// signatures, and the same command with --envelope does it.
import { readFile, writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import { fingerprintOf } from "../../core/signing/fingerprint.ts";
import type { AwaitingSignatures } from "../../schemas/api/keys.ts";
import { PAYLOAD_TYPE } from "../../schemas/statement.ts";
import type { CommandContext } from "../command-context.ts";
import { CliError, EXIT_USAGE, messageOf, usageError } from "../output/cli-error.ts";

export type DraftEnvelope = AwaitingSignatures["envelope"];

const MAX_SIGNATURES = 64;

/** `{envelope}` for the request; nothing when no file is named. */
export async function readEnvelopeFile(
  file: string | undefined,
  cwd: string,
): Promise<{ readonly envelope?: DraftEnvelope }> {
  return file === undefined ? {} : { envelope: await readDraft(resolve(cwd, file)) };
}

/** An envelope that may still lack signatures. */
export async function readDraft(path: string): Promise<DraftEnvelope> {
  let value: unknown;
  try {
    value = JSON.parse(await readFile(path, "utf8"));
  } catch (error) {
    throw new CliError(`${path} cannot be read: ${messageOf(error)}`, { cause: error });
  }
  if (isDraft(value)) return value;
  throw usageError(`${path} is not an envelope.`, "Name the file that --out wrote.");
}

/** Tells what was done; or writes what is to be signed, with exit code 2, since nothing is decided yet. */
export async function finishOrAsk<Done>(
  context: CommandContext,
  answer: Done | AwaitingSignatures,
  out: string | undefined,
  finish: (done: Done) => void,
): Promise<void> {
  if (!isAwaiting(answer)) {
    finish(answer);
    return;
  }
  const { reporter, cwd, setExitCode } = context;
  const path = out === undefined ? null : resolve(cwd, out);
  if (path !== null) await writeFile(path, `${JSON.stringify(answer.envelope, null, 2)}\n`);
  const { oldKeyId, owners, newOwners } = answer.needs;
  const lines = [
    answer.detail,
    ...(oldKeyId === null ? [] : [`  ${fingerprintOf(oldKeyId)}  ${oldKeyId}`]),
    ...[...owners.keyIds, ...(newOwners?.keyIds ?? [])].map((keyId) => `  ${fingerprintOf(keyId)}  ${keyId}`),
    path === null ? "Give --out FILE to have it in a file." : `To be signed: ${path}`,
  ];
  reporter.result(answer, lines);
  setExitCode(EXIT_USAGE);
}

function isAwaiting(answer: unknown): answer is AwaitingSignatures {
  return (
    typeof answer === "object" &&
    answer !== null &&
    "status" in answer &&
    answer.status === "awaiting-signatures"
  );
}

function isDraft(value: unknown): value is DraftEnvelope {
  if (typeof value !== "object" || value === null) return false;
  const { payload, payloadType, signatures } = value as Record<string, unknown>;
  return (
    typeof payload === "string" &&
    payloadType === PAYLOAD_TYPE &&
    Array.isArray(signatures) &&
    signatures.length <= MAX_SIGNATURES
  );
}
