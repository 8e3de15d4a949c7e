// What a project holds: the capsules that it accepted, and the moments of its branches that are no capsule.
import type { ProjectReference } from "../../adapters/collector/collect.ts";

/** Behind the event `since`, in order. A moment that is a capsule holds what the capsule holds. */
export function listReferences(sql: SqlStorage, since: number, limit: number): ProjectReference[] {
  return sql
    .exec<{ seq: number; document: ProjectReference["document"]; digest: string }>(
      `SELECT seq, 'manifests' AS document, digest FROM accepted_capsules WHERE seq > ?1
       UNION ALL
       SELECT seq, 'trees', content_digest FROM branch_moves WHERE seq > ?1 AND capsule_digest IS NULL
       ORDER BY seq LIMIT ?2`,
      since,
      limit,
    )
    .toArray();
}
