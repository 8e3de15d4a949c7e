// Capsules and statements of a project. The project has already been resolved for the actor.
import { and, desc, eq, exists, getTableColumns, isNull, lt, not, notInArray, or, sql } from "drizzle-orm";
import { destroyedKeys } from "../../schemas/database/keys.ts";
import { capsules, projectKeys, projects, statements } from "../../schemas/database/platform.ts";
import { simulations } from "../../schemas/database/simulations.ts";
import { PREDICATE_DEPLOY, PREDICATE_RECEIPT } from "../../schemas/statement.ts";
import { connect } from "./connection.ts";

export type CapsuleFacts = typeof capsules.$inferSelect;
export type StatementFacts = typeof statements.$inferSelect;

type Owner = { readonly organizationId: string; readonly projectId: string };

const MAX_STATEMENTS = 512;
const PLATFORM_PREDICATES = [PREDICATE_DEPLOY, PREDICATE_RECEIPT];

export async function findCapsule(
  database: D1Database,
  owner: Owner,
  digest: string,
): Promise<CapsuleFacts | null> {
  const rows = await connect(database)
    .select()
    .from(capsules)
    .where(and(ownedBy(capsules, owner), eq(capsules.digest, digest)));
  return rows[0] ?? null;
}

/** In any project of the organization that is not deleted; the newest acceptance when there are several. */
export async function findCapsuleAnywhere(
  database: D1Database,
  organizationId: string,
  digest: string,
): Promise<CapsuleFacts | null> {
  const rows = await connect(database)
    .select(getTableColumns(capsules))
    .from(capsules)
    .innerJoin(projects, eq(projects.id, capsules.projectId))
    .where(and(eq(capsules.orgId, organizationId), eq(capsules.digest, digest), isNull(projects.deletedAt)))
    .orderBy(desc(capsules.acceptedAt))
    .limit(1);
  return rows[0] ?? null;
}

/** The newest capsule of a version; of any version when it is null. */
export async function findCapsuleByVersion(
  database: D1Database,
  owner: Owner,
  version: string | null,
): Promise<CapsuleFacts | null> {
  const rows = await connect(database)
    .select()
    .from(capsules)
    .where(and(ownedBy(capsules, owner), version === null ? undefined : eq(capsules.version, version)))
    .orderBy(desc(capsules.eventSeq))
    .limit(1);
  return rows[0] ?? null;
}

/** Newest first; `before` is the event of the last one already seen, an empty `search` finds all. */
export async function listCapsules(
  database: D1Database,
  owner: Owner,
  page: { readonly limit: number; readonly before: number | null; readonly search: string },
): Promise<CapsuleFacts[]> {
  return await connect(database)
    .select()
    .from(capsules)
    .where(
      and(
        ownedBy(capsules, owner),
        page.before === null ? undefined : lt(capsules.eventSeq, page.before),
        page.search === "" ? undefined : isFoundBy(page.search),
      ),
    )
    .orderBy(desc(capsules.eventSeq))
    .limit(page.limit);
}

export async function listStatements(
  database: D1Database,
  owner: Owner,
  capsuleDigest: string,
): Promise<StatementFacts[]> {
  return await connect(database)
    .select()
    .from(statements)
    .where(and(ownedBy(statements, owner), eq(statements.capsuleDigest, capsuleDigest)))
    .orderBy(statements.createdAt, statements.envelopeSha256)
    .limit(MAX_STATEMENTS);
}

/**
 * Those that came with the capsule or were added to it, without the platform's own deploy statements and receipts, and
 * without the results of simulations: any number of those says nothing about the capsule itself.
 */
export async function listBroughtStatements(
  database: D1Database,
  owner: Owner,
  capsuleDigest: string,
): Promise<StatementFacts[]> {
  const isSignedBy = (keys: typeof projectKeys | typeof destroyedKeys) =>
    exists(
      connect(database)
        .select({ keyId: keys.keyId })
        .from(keys)
        .where(
          and(eq(keys.projectId, owner.projectId), sql`${statements.keyIds} = json_array(${keys.keyId})`),
        ),
    );
  const isOfSimulation = exists(
    connect(database)
      .select({ simId: simulations.simId })
      .from(simulations)
      .where(
        and(
          eq(simulations.orgId, owner.organizationId),
          eq(simulations.projectId, owner.projectId),
          eq(simulations.envelopeSha256, statements.envelopeSha256),
        ),
      ),
  );
  const isOfPlatform = sql`(${isSignedBy(projectKeys)} OR ${isSignedBy(destroyedKeys)})`;
  return await connect(database)
    .select()
    .from(statements)
    .where(
      and(
        ownedBy(statements, owner),
        eq(statements.capsuleDigest, capsuleDigest),
        not(isOfSimulation),
        or(notInArray(statements.predicateType, PLATFORM_PREDICATES), not(isOfPlatform)),
      ),
    )
    .orderBy(statements.createdAt, statements.envelopeSha256)
    .limit(MAX_STATEMENTS);
}

function ownedBy(table: typeof capsules | typeof statements, owner: Owner) {
  return and(eq(table.orgId, owner.organizationId), eq(table.projectId, owner.projectId));
}

/** instr() takes the words as they stand: nothing in them is a pattern. */
function isFoundBy(search: string) {
  return or(
    sql`instr(lower(${capsules.name}), lower(${search})) > 0`,
    sql`instr(lower(${capsules.urn}), lower(${search})) > 0`,
    sql`instr(${capsules.digest}, lower(${search})) = 1`,
    sql`instr(${capsules.digest}, 'sha256:' || lower(${search})) = 1`,
  );
}
