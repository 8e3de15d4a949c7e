// What must not enter a capsule that the platform packs (CAPSULE.md C8): whoever packs looks, and what a client put by
// digest nobody has looked at before.
import { allowRules } from "../../core/capsule/allow-rules.ts";
import { findSecretFields } from "../../core/capsule/secret-fields.ts";
import { findSecretPath } from "../../core/capsule/secret-rules.ts";
import {
  describeFinding,
  findSecrets,
  maskSecrets,
  type SecretFinding,
  SecretScan,
} from "../../core/capsule/secret-scan.ts";
import type { Manifest } from "../../schemas/manifest.ts";
import type { FieldError } from "../../schemas/problem.ts";
import { ReadAhead } from "../blobs/read-ahead.ts";

/** The manifest's own name, as the command line's `--allow` takes it. */
const MANIFEST_PATH = "capsule.json";
const MAX_FIELDS = 100;

/** Path and rule of each secret, never the secret; empty when there is none. Every file is read once, as it streams by. */
export async function findMomentSecrets(
  bucket: R2Bucket,
  manifest: Manifest,
  allow: readonly string[],
): Promise<readonly FieldError[]> {
  const isAllowed = allowRules(allow);
  const { files, ...settings } = manifest;
  const fields = isAllowed(MANIFEST_PATH) ? [] : [...findSecretFields(settings)];
  const looked = files.filter(({ path }) => !isAllowed(path));
  const reader = new ReadAhead(bucket, looked);
  for (const [index, { path, sha256 }] of looked.entries()) {
    if (fields.length >= MAX_FIELDS) break;
    const content = await reader.open(index);
    if (content === null) throw new Error(`the stored file ${sha256} is missing`);
    fields.push(...describeSecrets(path, await scan(content)));
  }
  return fields;
}

async function scan(content: Uint8Array | AsyncIterable<Uint8Array>): Promise<readonly SecretFinding[]> {
  if (content instanceof Uint8Array) return findSecrets(content);
  const secrets = new SecretScan();
  for await (const chunk of content) secrets.add(chunk);
  return secrets.finish();
}

/** A name can be a secret too; then it is shown with the secret taken out. */
function describeSecrets(path: string, findings: readonly SecretFinding[]): FieldError[] {
  const shownPath = maskSecrets(path);
  const byPath = findSecretPath(path);
  const messages = [
    ...(byPath === null ? [] : [`${byPath.message} (${byPath.rule})`]),
    ...(shownPath === path ? [] : ["has a secret in its name"]),
    ...findings.slice(0, 1).map((finding) => `${describeFinding(finding)} at byte ${finding.offset}`),
    ...(findings.length > 1 ? [`holds ${findings.length - 1} more`] : []),
  ];
  return messages.map((message) => ({ path: shownPath, message }));
}
