// `oursynth capsule keygen`: a new key pair (CAPSULE.md S7).
import { randomBytes } from "node:crypto";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { Command } from "commander";
import { nodeHashing } from "../../adapters/hashing/node-hashing.ts";
import { joinBytes, toBase64 } from "../../core/capsule/bytes.ts";
import { keyPairFromSeed } from "../../core/signing/ed25519.ts";
import { formatPrivateKey, formatPublicKey, keyIdOf } from "../../core/signing/key-format.ts";
import { type CommandContext, type ContextOf, examples } from "../command-context.ts";
import { CliError, messageOf, systemCodeOf } from "../output/cli-error.ts";

type KeygenOptions = { out?: string };

const SEED_BYTES = 32;
const PRIVATE_FILE = "key.pem";
const PUBLIC_FILE = "key.pub.pem";
const PRIVATE_MODE = 0o600;

export function addCapsuleKeygen(parent: Command, contextOf: ContextOf): void {
  parent
    .command("keygen")
    .description(
      `make an Ed25519 key pair: ${PRIVATE_FILE} and ${PUBLIC_FILE}; with --json and no --out it is only printed, in base64`,
    )
    .option("--out <dir>", "the folder to write them to (default: this one)")
    .addHelpText(
      "after",
      examples("oursynth capsule keygen --out ~/keys", "oursynth capsule keygen --json   # writes no file"),
    )
    .action((options: KeygenOptions, command: Command) => keygen(contextOf(command), options));
}

async function keygen({ reporter, cwd }: CommandContext, options: KeygenOptions): Promise<void> {
  const pair = await keyPairFromSeed(randomBytes(SEED_BYTES));
  const keyId = await keyIdOf(pair.publicKey, nodeHashing);
  const isPrintedOnly = reporter.isJson && options.out === undefined;
  const folder = resolve(cwd, options.out ?? ".");
  const files = { privateFile: join(folder, PRIVATE_FILE), publicFile: join(folder, PUBLIC_FILE) };
  if (!isPrintedOnly) {
    await mkdir(folder, { recursive: true });
    await writeNew(files.privateFile, formatPrivateKey(pair), PRIVATE_MODE);
    try {
      await writeNew(files.publicFile, formatPublicKey(pair.publicKey), 0o644);
    } catch (error) {
      await rm(files.privateFile, { force: true });
      throw error;
    }
  }
  reporter.result(
    {
      publicKey: toBase64(pair.publicKey),
      // Seed and public key, as NaCl writes a secret key; CAPSULE_SECRET takes it as it is.
      secretKey: toBase64(joinBytes([pair.seed, pair.publicKey])),
      keyId,
      ...(isPrintedOnly ? {} : files),
    },
    [
      `keyId    ${keyId}`,
      `private  ${files.privateFile}   (keep it to yourself)`,
      `public   ${files.publicFile}`,
    ],
  );
}

/** Never over a file that is there: a lost private key cannot be made again. */
async function writeNew(path: string, text: string, mode: number): Promise<void> {
  try {
    await writeFile(path, text, { flag: "wx", mode });
  } catch (error) {
    if (systemCodeOf(error) !== "EEXIST")
      throw new CliError(`${path} cannot be written: ${messageOf(error)}`, { cause: error });
    throw new CliError(`${path} is already there.`, {
      hint: "Move it away, or name another folder with --out.",
    });
  }
}
