// Simulations of an organization in D1: the place that is taken before one begins, lists, and where one is found again.
import { and, desc, eq, lt, sql } from "drizzle-orm";
import { simulations } from "../../schemas/database/simulations.ts";
import type { Actor } from "./actor.ts";
import { connect } from "./connection.ts";

export type SimulationRow = typeof simulations.$inferSelect;
export type NewSimulation = Pick<
  SimulationRow,
  | "projectId"
  | "simId"
  | "capsuleDigest"
  | "kind"
  | "environment"
  | "replayOf"
  | "nodeCount"
  | "seedCount"
  | "startedAt"
  | "activeUntil"
>;

/** How a simulation ended, as the project tells it; it may be told twice. */
export type SimulationOutcome = Pick<
  SimulationRow,
  | "orgId"
  | "projectId"
  | "simId"
  | "status"
  | "outcome"
  | "failure"
  | "endedAt"
  | "envelopeSha256"
  | "eventSeq"
>;

/**
 * Takes a place for a simulation in one statement: false when the organization has as many under way as it may.
 */
export async function reserveSimulation(
  database: D1Database,
  actor: Actor,
  simulation: NewSimulation,
  limit: number,
): Promise<boolean> {
  const { projectId, simId, capsuleDigest, kind, environment, replayOf } = simulation;
  const { nodeCount, seedCount, startedAt, activeUntil } = simulation;
  const inserted = await database
    .prepare(
      `INSERT INTO simulations (orgId, projectId, simId, capsuleDigest, kind, environment, replayOf, observedBy, status,
         nodeCount, seedCount, startedAt, startedBy, activeUntil)
       SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, 'platform', 'running', ?8, ?9, ?10, ?11, ?12
       WHERE (SELECT COUNT(*) FROM simulations WHERE orgId = ?1 AND status = 'running' AND activeUntil > ?10) < ?13`,
    )
    .bind(
      actor.organizationId,
      projectId,
      simId,
      capsuleDigest,
      kind,
      environment,
      replayOf,
      nodeCount,
      seedCount,
      startedAt,
      actor.userId,
      activeUntil,
      limit,
    )
    .run();
  return inserted.meta.changes > 0;
}

/** A result that was made elsewhere; false when there is a simulation of this id already. */
export async function insertRecordedSimulation(
  database: D1Database,
  actor: Actor,
  simulation: Omit<SimulationRow, "orgId" | "startedBy">,
): Promise<boolean> {
  const row = { ...simulation, orgId: actor.organizationId, startedBy: actor.userId };
  const inserted = await connect(database).insert(simulations).values(row).onConflictDoNothing().returning();
  return inserted.length > 0;
}

export async function findSimulation(
  database: D1Database,
  actor: Actor,
  simId: string,
): Promise<SimulationRow | null> {
  const rows = await connect(database)
    .select()
    .from(simulations)
    .where(and(visibleTo(actor), eq(simulations.simId, simId)))
    .limit(1);
  return rows[0] ?? null;
}

/** Newest first; `before` is the ordinal of the last one already seen. */
export async function listSimulations(
  database: D1Database,
  actor: Actor,
  projectId: string,
  page: { readonly limit: number; readonly before: number | null },
): Promise<(SimulationRow & { readonly ordinal: number })[]> {
  const ordinal = sql<number>`${simulations}.rowid`;
  const { limit, before } = page;
  const rows = await connect(database)
    .select({ row: simulations, ordinal })
    .from(simulations)
    .where(
      and(
        visibleTo(actor),
        eq(simulations.projectId, projectId),
        before === null ? undefined : lt(ordinal, before),
      ),
    )
    .orderBy(desc(ordinal))
    .limit(limit);
  return rows.map(({ row, ordinal: place }) => ({ ...row, ordinal: place }));
}

/** Gives the place back of a simulation that could not be started. */
export async function releaseSimulation(database: D1Database, actor: Actor, simId: string): Promise<void> {
  await connect(database)
    .delete(simulations)
    .where(and(eq(simulations.orgId, actor.organizationId), eq(simulations.simId, simId)));
}

export async function applySimulationOutcome(
  database: D1Database,
  { orgId, projectId, simId, ...outcome }: SimulationOutcome,
): Promise<void> {
  await connect(database)
    .update(simulations)
    .set(outcome)
    .where(
      and(
        eq(simulations.orgId, orgId),
        eq(simulations.projectId, projectId),
        eq(simulations.simId, simId),
        eq(simulations.status, "running"),
      ),
    );
}

function visibleTo(actor: Actor) {
  return and(
    eq(simulations.orgId, actor.organizationId),
    actor.projectId === null ? undefined : eq(simulations.projectId, actor.projectId),
  );
}
