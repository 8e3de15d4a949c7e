// Hostname to pointer: the one query of a visit.
import type { HostPointer } from "../../schemas/artifact.ts";

/**
 * What is live at this hostname; null when no app lives there.
 * Plain SQL, because this is the one query on every visitor's path.
 */
export async function findHostPointer(database: D1Database, hostname: string): Promise<HostPointer | null> {
  return await database
    .prepare(
      `SELECT h.hostname, h.orgId AS organizationId, h.projectId, h.environment, h.artifactDigest,
              h.configurationDigest, h.capsuleDigest, h.revision, coalesce(s.revision, 0) AS secretsRevision
       FROM hostnames h
       LEFT JOIN secret_revisions s ON s.projectId = h.projectId AND s.environment = h.environment
       WHERE h.hostname = ?`,
    )
    .bind(hostname)
    .first<HostPointer>();
}
