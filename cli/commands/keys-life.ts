// `oursynth keys rotate`, `revoke` and `sign`: how a key's life ends, and how its holder says so (docs/keys.md).
import { readFile, writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import type { Command } from "commander";
import { nodeHashing } from "../../adapters/hashing/node-hashing.ts";
import { fromBase64, toBase64 } from "../../core/capsule/bytes.ts";
import { preAuthEncoding } from "../../core/signing/dsse.ts";
import { signEd25519 } from "../../core/signing/ed25519.ts";
import { fingerprintOf } from "../../core/signing/fingerprint.ts";
import { keyIdOf, parsePrivateKey } from "../../core/signing/key-format.ts";
import type { AwaitingSignatures, RevokedKey, RotatedKey } from "../../schemas/api/keys.ts";
import { type CommandContext, type ContextOf, examples } from "../command-context.ts";
import { apiPath } from "../http/client.ts";
import { connect } from "../http/connection.ts";
import { finishOrAsk, readDraft, readEnvelopeFile } from "../keys/awaiting-signatures.ts";
import { readPublicKeyFile } from "../keys/key-files.ts";
import { projectOf } from "../keys/project-of.ts";
import { CliError, messageOf, usageError } from "../output/cli-error.ts";
import { formatCount } from "../output/format.ts";

type RotateOptions = { reason: string; new?: string; name?: string; envelope?: string; out?: string };
type RevokeOptions = { reason: string; compromisedSince?: string };

export function addKeyLife(keys: Command, contextOf: ContextOf): void {
  keys
    .command("rotate")
    .description(
      "replace a key by a successor that it introduces itself; without --project in every project that trusts it",
    )
    .argument("<KEY_ID>")
    .requiredOption("--reason <text>", "why; it stands on the timeline")
    .option("--new <pubfile>", "the successor's public key (else one is made in the vault)")
    .option("--name <name>", "what people call the successor (else like the old key)")
    .option("--out <file>", "where to write what has to be signed outside, if something has to")
    .option("--envelope <file>", "what was signed outside")
    .addHelpText(
      "after",
      examples(
        'oursynth keys rotate sha256:… --project my-app --reason "yearly"',
        'oursynth keys rotate sha256:… --reason "new laptop" --new new.pub.pem --out rotation.json',
        'oursynth keys rotate sha256:… --reason "new laptop" --envelope rotation.json',
      ),
    )
    .action((keyId: string, options: RotateOptions, command: Command) =>
      rotate(contextOf(command), keyId, options),
    );
  keys
    .command("revoke")
    .description(
      "withdraw a key: what it signed counts only with a receipt from before; without --project everywhere",
    )
    .argument("<KEY_ID>")
    .requiredOption("--reason <text>", "why; it stands on the timeline")
    .option("--compromised-since <time>", "when it may have leaked, such as 2026-10-01T12:00:00Z")
    .addHelpText(
      "after",
      examples(
        'oursynth keys revoke sha256:… --project my-app --reason "laptop stolen" --compromised-since 2026-10-01',
      ),
    )
    .action((keyId: string, options: RevokeOptions, command: Command) =>
      revoke(contextOf(command), keyId, options),
    );
  keys
    .command("sign")
    .description("add your signature to what --out wrote; your private key stays here")
    .argument("<FILE>")
    .requiredOption("--key <file>", "your private key, PEM or base64")
    .addHelpText("after", examples("oursynth keys sign rotation.json --key owner.pem"))
    .action((file: string, options: { key: string }, command: Command) =>
      sign(contextOf(command), file, options.key),
    );
}

async function rotate(context: CommandContext, keyId: string, options: RotateOptions): Promise<void> {
  const { reporter, connection, environment, cwd, signal } = context;
  const projectId = projectOf(context);
  const json = {
    reason: options.reason,
    ...(projectId === undefined ? {} : { projectId }),
    ...(options.new === undefined ? {} : { newPublicKey: await readPublicKeyFile(options.new, cwd) }),
    ...(options.name === undefined ? {} : { name: options.name }),
    ...(await readEnvelopeFile(options.envelope, cwd)),
  };
  const client = await connect(connection, environment, cwd, signal);
  const answer = await client.post<RotatedKey | AwaitingSignatures>(apiPath("keys", keyId, "rotate"), json);
  await finishOrAsk(context, answer, options.out, (done) => {
    const { successor, projects } = done;
    reporter.result(done, [
      `${fingerprintOf(done.keyId)} is rotated in ${formatCount(projects.length, "project")}.`,
      `Its successor is ${successor.keyId} (${fingerprintOf(successor.keyId)})${successor.isInVault ? ", in the vault" : ""}.`,
    ]);
  });
}

async function revoke(context: CommandContext, keyId: string, options: RevokeOptions): Promise<void> {
  const { reporter, connection, environment, cwd, signal } = context;
  const projectId = projectOf(context);
  const json = {
    reason: options.reason,
    ...(projectId === undefined ? {} : { projectId }),
    ...(options.compromisedSince === undefined
      ? {}
      : { compromisedSince: readTime(options.compromisedSince) }),
  };
  const client = await connect(connection, environment, cwd, signal);
  const done = await client.post<RevokedKey>(apiPath("keys", keyId, "revoke"), json);
  reporter.result(done, [
    `${fingerprintOf(done.keyId)} is revoked in ${formatCount(done.projects.length, "project")}.`,
    "What is live goes on running; deploys of what no longer counts are refused.",
  ]);
}

/** A key's holder signs on their own machine, with nothing but the file. */
async function sign({ reporter, cwd }: CommandContext, file: string, keyFile: string): Promise<void> {
  const path = resolve(cwd, file);
  const draft = await readDraft(path);
  const payload = fromBase64(draft.payload);
  if (payload === null) throw usageError(`${path} is damaged.`, "Ask for what is to be signed again.");
  const keyPath = resolve(cwd, keyFile);
  const parsed = await parsePrivateKey(await readText(keyPath));
  if (!parsed.ok)
    throw usageError(`${keyPath} is not a private key: ${parsed.reason.message}.`, "Give key.pem.");
  const keyid = await keyIdOf(parsed.value.publicKey, nodeHashing);
  const sig = toBase64(await signEd25519(preAuthEncoding(draft.payloadType, payload), parsed.value));
  const signatures = [...draft.signatures.filter((signature) => signature.keyid !== keyid), { keyid, sig }];
  signatures.sort((a, b) => (a.keyid < b.keyid ? -1 : 1));
  const envelope = { ...draft, signatures };
  await writeFile(path, `${JSON.stringify(envelope, null, 2)}\n`);
  reporter.result(envelope, [
    `Signed as ${fingerprintOf(keyid)} what says:`,
    JSON.stringify(JSON.parse(new TextDecoder().decode(payload)).predicate, null, 2),
  ]);
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    throw new CliError(`${path} cannot be read: ${messageOf(error)}`, { cause: error });
  }
}

function readTime(text: string): number {
  const time = /^\d{12,}$/.test(text) ? Number(text) : Date.parse(text);
  if (Number.isSafeInteger(time) && time >= 0) return time;
  throw usageError(`${text} is no time.`, "Write 2026-10-01, 2026-10-01T12:00:00Z, or ms since 1970.");
}
