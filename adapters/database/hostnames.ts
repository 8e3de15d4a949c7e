// Hostname to pointer: the one query of a visit.
import type { HostPointer } from "../../schemas/artifact.ts";

/**
 * What is live at this hostname; null when no app lives there.
 * Plain SQL, because this is the one query on every visitor's path.
 */
export async function findHostPointer(database: D1Database, hostname: string): Promise<HostPointer | null> {
  return await database
    .prepare(
      `SELECT hostname, orgId AS organizationId, projectId, environment, artifactDigest, configurationDigest,
              capsuleDigest, revision
       FROM hostnames WHERE hostname = ?`,
    )
    .bind(hostname)
    .first<HostPointer>();
}
