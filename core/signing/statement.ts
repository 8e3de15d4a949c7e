// In-toto statements about a capsule, and the two predicates that this platform writes most (CAPSULE.md S1, S6).
import {
  type DeployPredicate,
  deployPredicateSchema,
  type Provenance,
  provenanceSchema,
  type ResourceDescriptor,
  STATEMENT_TYPE,
  type Statement,
  statementSchema,
} from "../../schemas/statement.ts";
import { digestHex } from "../capsule/digest.ts";

export const BUILD_TYPE_PACK = "urn:oursynth:build:pack:v1";
export const BUILD_TYPE_MERGE = "urn:oursynth:build:merge:v1";

/** What `pack` and the platform know about the making of a capsule; times in ms since the epoch. */
export type ProvenanceParts = {
  readonly builderId: string;
  readonly invocationId: string;
  readonly startedAtMs: number;
  readonly finishedAtMs: number;
  /** Why, in the author's words; stands among the external parameters. */
  readonly reason?: string;
  readonly buildType?: string;
  readonly externalParameters?: Readonly<Record<string, unknown>>;
  readonly internalParameters?: Readonly<Record<string, unknown>>;
  readonly resolvedDependencies?: readonly ResourceDescriptor[];
  readonly byproducts?: readonly ResourceDescriptor[];
};

/** A statement whose one subject is the capsule (CAPSULE.md S1). Throws when the parts are not well formed. */
export function createStatement(
  manifestId: string,
  capsuleDigest: string,
  predicateType: string,
  predicate: Readonly<Record<string, unknown>>,
): Statement {
  return statementSchema.parse({
    _type: STATEMENT_TYPE,
    subject: [{ name: manifestId, digest: { sha256: digestHex(capsuleDigest) } }],
    predicateType,
    predicate,
  });
}

/** A SLSA v1 provenance predicate (CAPSULE.md S6). */
export function createProvenance(parts: ProvenanceParts): Provenance {
  return provenanceSchema.parse({
    buildDefinition: {
      buildType: parts.buildType ?? BUILD_TYPE_PACK,
      externalParameters: {
        ...parts.externalParameters,
        ...(parts.reason === undefined ? {} : { reason: parts.reason }),
      },
      ...(parts.internalParameters === undefined ? {} : { internalParameters: parts.internalParameters }),
      resolvedDependencies: [...(parts.resolvedDependencies ?? [])],
    },
    runDetails: {
      builder: { id: parts.builderId },
      metadata: {
        invocationId: parts.invocationId,
        startedOn: new Date(parts.startedAtMs).toISOString(),
        finishedOn: new Date(parts.finishedAtMs).toISOString(),
      },
      byproducts: [...(parts.byproducts ?? [])],
    },
  });
}

/** The predicate that the platform signs when a deployment becomes active (CAPSULE.md S6). */
export function createDeployPredicate(predicate: DeployPredicate): DeployPredicate {
  return deployPredicateSchema.parse(predicate);
}
