// Owners' keys: whose signatures widening trust needs, and how many (docs/keys.md, "Owners' keys").
import { createRoute } from "@hono/zod-openapi";
import { insertOwnerKeys, readOwnerKeys, readUsableOwnerKeys } from "../../adapters/database/owner-keys.ts";
import { findRetiredKeys } from "../../adapters/database/retired-keys.ts";
import { workerdHashing } from "../../adapters/hashing/workerd-hashing.ts";
import { storeEnvelope } from "../../adapters/vault/platform-statements.ts";
import { fingerprintOf } from "../../core/signing/fingerprint.ts";
import { createOwnerKeysStatement } from "../../core/signing/key-statements.ts";
import { checkOwnersChange } from "../../core/signing/signed-change.ts";
import {
  awaitingSignaturesSchema,
  type OwnerKeysAnswer,
  ownerKeysAnswerSchema,
  setOwnerKeysSchema,
} from "../../schemas/api/keys.ts";
import type { OwnerKeys } from "../../schemas/key-statement.ts";
import { requirePermission } from "../identity/authenticate.ts";
import { requireFreshSignIn } from "../identity/fresh-sign-in.ts";
import { createApi } from "./api-app.ts";
import { AppError } from "./app-error.ts";
import { json, jsonBody, NEEDS_TOKEN, problems } from "./responses.ts";
import { alreadyRetired } from "./rotate-key.ts";
import { askForSignatures, orSignatures, readPublicKey } from "./signed-changes.ts";

const tags = ["Keys"];

const getRoute = createRoute({
  method: "get",
  path: "/api/owner-keys",
  operationId: "getOwnerKeys",
  tags,
  summary: "Whose signatures the organization asks for before trust is widened",
  security: NEEDS_TOKEN,
  responses: { 200: json(ownerKeysAnswerSchema, "The owners' keys"), ...problems() },
});

const putRoute = createRoute({
  method: "put",
  path: "/api/owner-keys",
  operationId: "setOwnerKeys",
  tags,
  summary: "Other owners' keys, signed by enough of the old ones and of the new ones",
  security: NEEDS_TOKEN,
  request: { body: jsonBody(setOwnerKeysSchema) },
  responses: {
    200: json(ownerKeysAnswerSchema, "Set"),
    202: json(awaitingSignaturesSchema, "Nothing has changed yet: this is to be signed first"),
    ...problems("unprocessable", "conflict", "trust-moved", "signatures-missing"),
  },
});

export const ownerKeys = createApi()
  .openapi(getRoute, async (context) => {
    const actor = context.get("actor");
    requirePermission(actor, "keys:read");
    const owners = await readOwnerKeys(context.env.DB, actor);
    const retired = await findRetiredKeys(
      context.env.DB,
      actor,
      owners.keys.map(({ keyId }) => keyId),
    );
    return context.json(describeOwners(owners, new Set(retired.keys())), 200);
  })
  .openapi(putRoute, async (context) => {
    const actor = context.get("actor");
    requirePermission(actor, "keys:write");
    requireFreshSignIn(actor);
    if (actor.role !== "owner" || actor.projectId !== null) {
      throw new AppError(
        "forbidden",
        "Only an owner of the organization, with a token for all of it, sets owners' keys.",
      );
    }
    const { threshold, publicKeys, expectedRevision, envelope } = context.req.valid("json");
    const { DB, BLOBS } = context.env;
    if (threshold === 0 && publicKeys.length > 0) {
      throw new AppError("unprocessable", "A threshold of 0 asks for nobody: give a threshold, or no keys.", {
        errors: [{ path: "threshold", message: "is 0" }],
      });
    }
    const keys = await readOwners(publicKeys, threshold);
    const from = await readUsableOwnerKeys(DB, actor);
    if (from.revision !== expectedRevision) throw ownersMoved(from.revision, expectedRevision);
    if (from.threshold === 0 && threshold === 0)
      throw new AppError(
        "conflict",
        "The organization asks for no owners' keys; there is nothing to take back.",
      );
    const to = { revision: from.revision + 1, threshold, keys };
    const retired = await findRetiredKeys(
      DB,
      actor,
      to.keys.map(({ keyId }) => keyId),
    );
    for (const [keyId, { kind }] of retired) throw alreadyRetired(keyId, kind);
    const statement = await createOwnerKeysStatement(actor.organizationId, to, workerdHashing);
    if (envelope === undefined) {
      return context.json(askForSignatures(statement, { owners: from, newOwners: to }), 202);
    }
    orSignatures(await checkOwnersChange(envelope, statement, { from, to }));
    const facts = { envelopeSha256: await storeEnvelope(BLOBS, envelope), changedAt: Date.now() };
    if (!(await insertOwnerKeys(DB, actor, to, facts))) throw ownersMoved(to.revision, expectedRevision);
    return context.json(describeOwners(to, new Set()), 200);
  });

/** Each key once, in the order of their ids: what is signed does not depend on how it was asked. */
async function readOwners(publicKeys: readonly string[], threshold: number): Promise<OwnerKeys["keys"]> {
  const read = await Promise.all(publicKeys.map((text, index) => readPublicKey(text, `publicKeys.${index}`)));
  const keys = [...new Map(read.map((key) => [key.keyId, key])).values()];
  if (threshold > keys.length) {
    throw new AppError(
      "unprocessable",
      `${threshold} of ${keys.length} different keys can never sign; give more keys or a lower threshold.`,
      { errors: [{ path: "threshold", message: `is more than ${keys.length}` }] },
    );
  }
  return keys.sort((a, b) => (a.keyId < b.keyId ? -1 : 1));
}

function describeOwners(
  { revision, threshold, keys }: OwnerKeys,
  retired: ReadonlySet<string>,
): OwnerKeysAnswer {
  return {
    revision,
    threshold,
    keys: keys.map(({ keyId, publicKey }) => ({
      keyId,
      fingerprint: fingerprintOf(keyId),
      publicKey,
      isRetired: retired.has(keyId),
    })),
  };
}

function ownersMoved(revision: number, expectedRevision: number): AppError {
  return new AppError(
    "trust-moved",
    `The owners' keys are at revision ${revision}, not ${expectedRevision}. Read them again, and repeat it if you still want to.`,
  );
}
