// Keys over HTTP, as the tests of rotation and revocation use them.
import { nodeHashing } from "../../../adapters/hashing/node-hashing.ts";
import { toBase64 } from "../../../core/capsule/bytes.ts";
import { addSignature, decodeEnvelope, signEnvelope } from "../../../core/signing/dsse.ts";
import type { PrivateKey } from "../../../core/signing/ed25519.ts";
import { keyIdOf } from "../../../core/signing/key-format.ts";
import { addedKeySchema, createdTokenSchema, projectKeysSchema } from "../../../schemas/api/access.ts";
import { type AwaitingSignatures, rotatedKeySchema } from "../../../schemas/api/keys.ts";
import { ALL_SCOPES } from "../../../schemas/permissions.ts";
import type { Envelope } from "../../../schemas/statement.ts";
import { ApiClient } from "./api-client.ts";
import type { TestProject } from "./test-project.ts";

export function idOf(key: PrivateKey): Promise<string> {
  return keyIdOf(key.publicKey, nodeHashing);
}

export function publicText(key: PrivateKey): string {
  return toBase64(key.publicKey);
}

/** What is to be signed, signed by these. */
export async function signAwaiting(
  { statement, envelope }: AwaitingSignatures,
  keys: readonly PrivateKey[],
): Promise<Envelope> {
  if (envelope.signatures.length === 0) return await signEnvelope(statement, keys, nodeHashing);
  let signed: Envelope = envelope;
  for (const key of keys) {
    const parsed = decodeEnvelope(signed);
    if (!parsed.ok) throw new Error(parsed.reason.message);
    signed = await addSignature(parsed.value, key, nodeHashing);
  }
  return signed;
}

export async function trustOf(project: TestProject) {
  return (await project.api.get(project.path("/keys"))).expect(200, projectKeysSchema);
}

export async function stateOf(project: TestProject, keyId: string) {
  return (await trustOf(project)).items.find((key) => key.keyId === keyId)?.state;
}

/** A key made in the vault for the project, trusted as a builder. */
export async function makeVaultKey(project: TestProject, name = "in the vault") {
  const { projectId } = project;
  const answer = await project.api.post("/api/keys", { name, make: true, projectId });
  return answer.expect(201, addedKeySchema);
}

export function rotate(project: TestProject, keyId: string, more: object = {}) {
  const { projectId } = project;
  return project.api.post(`/api/keys/${keyId}/rotate`, { projectId, reason: "yearly", ...more });
}

export async function rotated(project: TestProject, keyId: string, more: object = {}) {
  return (await rotate(project, keyId, more)).expect(200, rotatedKeySchema);
}

export function revoke(project: TestProject, keyId: string, more: object = {}) {
  const { projectId } = project;
  return project.api.post(`/api/keys/${keyId}/revoke`, { projectId, reason: "leaked", ...more });
}

/** A token for one project alone, with every scope. */
export async function restrictedTo(project: TestProject): Promise<ApiClient> {
  const json = { name: "one project", scopes: ALL_SCOPES, projectId: project.projectId };
  const made = (await project.api.post("/api/tokens", json)).expect(201, createdTokenSchema);
  return new ApiClient(project.api.url, made.token);
}
