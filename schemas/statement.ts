// Signed statements about a capsule: DSSE envelopes, in-toto statements and their predicates (CAPSULE.md S1, S6).
import * as z from "zod";
import { meshSimResultSchema } from "./mesh-result.ts";
import { type Role, roleSchema } from "./trust.ts";

export const PAYLOAD_TYPE = "application/vnd.in-toto+json";
export const STATEMENT_TYPE = "https://in-toto.io/Statement/v1";
export const PREDICATE_PROVENANCE = "https://slsa.dev/provenance/v1";
export const PREDICATE_MESH_SIM = "urn:oursynth:predicate:mesh-sim:v1";
export const PREDICATE_DEPLOY = "urn:oursynth:predicate:deploy:v1";
export const PREDICATE_VSA = "https://slsa.dev/verification_summary/v1";
export const PREDICATE_RECEIPT = "urn:oursynth:predicate:receipt:v1";

const prefixedDigest = z.string().regex(/^sha256:[0-9a-f]{64}$/);
const timestamp = z.iso.datetime({ offset: true });
const jsonObject = z.record(z.string(), z.unknown());

/** A DSSE v1 envelope in the form that CAPSULE.md S1 allows: `keyid` is always there. */
export const envelopeSchema = z.strictObject({
  payload: z.string(),
  payloadType: z.literal(PAYLOAD_TYPE),
  signatures: z
    .array(z.strictObject({ keyid: z.string().regex(/^sha256:[0-9a-f]{64}$/), sig: z.string() }))
    .min(1)
    .max(64),
});

/** An in-toto Statement v1 about exactly one capsule; the digest is bare hex (CAPSULE.md C2). */
export const statementSchema = z.strictObject({
  _type: z.literal(STATEMENT_TYPE),
  subject: z.tuple([
    z.strictObject({
      name: z.string().min(1).max(500),
      digest: z.strictObject({ sha256: z.string().regex(/^[0-9a-f]{64}$/) }),
    }),
  ]),
  predicateType: z.string().min(1).max(500),
  predicate: jsonObject,
});

/** in-toto ResourceDescriptor: at least one of `uri`, `digest`, `content` (in-toto v1). */
const resourceDescriptorSchema = z
  .looseObject({
    name: z.string().optional(),
    uri: z.string().optional(),
    digest: z.record(z.string(), z.string()).optional(),
    content: z.string().optional(),
    downloadLocation: z.string().optional(),
    mediaType: z.string().optional(),
    annotations: jsonObject.optional(),
  })
  .refine((resource) => (resource.uri ?? resource.digest ?? resource.content) !== undefined, {
    error: "needs uri, digest or content",
  });

/** SLSA provenance v1: who built the capsule, how, from what and when. Unknown fields are kept. */
export const provenanceSchema = z.looseObject({
  buildDefinition: z.looseObject({
    buildType: z.string().min(1),
    externalParameters: jsonObject,
    internalParameters: jsonObject.optional(),
    resolvedDependencies: z.array(resourceDescriptorSchema).max(100_000).optional(),
  }),
  runDetails: z.looseObject({
    builder: z.looseObject({ id: z.string().min(1) }),
    metadata: z
      .looseObject({
        invocationId: z.string().optional(),
        startedOn: timestamp.optional(),
        finishedOn: timestamp.optional(),
      })
      .optional(),
    byproducts: z.array(resourceDescriptorSchema).max(1_000).optional(),
  }),
});

/** What the project's platform key signs at each activation (CAPSULE.md S6); `previous` is the artifact before. */
export const deployPredicateSchema = z.strictObject({
  projectId: z.string().min(1).max(200),
  env: z.enum(["dev", "staging", "prod"]),
  deployId: z.string().min(1).max(200),
  artifactDigest: prefixedDigest,
  revision: z.int().min(0),
  previous: prefixedDigest.nullable(),
});

/** That an envelope was logged, in ms since the epoch (CAPSULE.md S9); the SHA-256 is over the envelope's stored bytes. */
export const receiptPredicateSchema = z.strictObject({
  envelopeSha256: z.string().regex(/^[0-9a-f]{64}$/),
  loggedAt: z.int().min(0),
});

/** SLSA verification summary v1: the gate's decision. */
export const verificationSummarySchema = z.looseObject({
  verifier: z.looseObject({ id: z.string().min(1) }),
  timeVerified: timestamp,
  resourceUri: z.string().min(1),
  policy: z.looseObject({ uri: z.string().optional(), digest: z.record(z.string(), z.string()).optional() }),
  inputAttestations: z.array(resourceDescriptorSchema).max(1_000).optional(),
  verificationResult: z.enum(["PASSED", "FAILED"]),
  verifiedLevels: z.array(z.string()).max(100),
});

/** Only these predicate types count for a role; every other is kept and shown (CAPSULE.md S6). */
const KNOWN_PREDICATES: ReadonlyMap<string, { readonly role: Role; readonly schema: z.ZodType }> = new Map<
  string,
  { role: Role; schema: z.ZodType }
>([
  [PREDICATE_PROVENANCE, { role: roleSchema.enum.builder, schema: provenanceSchema }],
  [PREDICATE_MESH_SIM, { role: roleSchema.enum.simulator, schema: meshSimResultSchema }],
  [PREDICATE_DEPLOY, { role: roleSchema.enum.deployer, schema: deployPredicateSchema }],
  [PREDICATE_VSA, { role: roleSchema.enum.gate, schema: verificationSummarySchema }],
  [PREDICATE_RECEIPT, { role: roleSchema.enum.log, schema: receiptPredicateSchema }],
]);

/** The role that a predicate type needs (CAPSULE.md S5), or null when it never counts for one. */
export function roleOfPredicate(predicateType: string): Role | null {
  return KNOWN_PREDICATES.get(predicateType)?.role ?? null;
}

/** The schema of a predicate type that this version knows, or null. */
export function schemaOfPredicate(predicateType: string): z.ZodType | null {
  return KNOWN_PREDICATES.get(predicateType)?.schema ?? null;
}

export type Envelope = z.infer<typeof envelopeSchema>;
export type Statement = z.infer<typeof statementSchema>;
export type Provenance = z.infer<typeof provenanceSchema>;
export type ResourceDescriptor = z.infer<typeof resourceDescriptorSchema>;
export type DeployPredicate = z.infer<typeof deployPredicateSchema>;
export type ReceiptPredicate = z.infer<typeof receiptPredicateSchema>;
