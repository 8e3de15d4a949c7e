// What a signed statement says, for people: one sentence and a few facts. What it says is only as true as its signers.
import { fromBase64 } from "../../../../core/capsule/bytes.ts";
import {
  PREDICATE_DEPLOY,
  PREDICATE_MESH_SIM,
  PREDICATE_PROVENANCE,
  PREDICATE_RECEIPT,
  PREDICATE_VSA,
} from "../../../../schemas/statement.ts";

export type StatementFact = readonly [name: string, value: string];

export type DescribedStatement = {
  readonly title: string;
  readonly facts: readonly StatementFact[];
  /** The decoded payload, in lines; null when it is no JSON. */
  readonly payload: string | null;
};

type Value = Readonly<Record<string, unknown>>;

/** Decodes an envelope's payload; the platform verified it when it took it. */
export function describeStatement(predicateType: string, payload: string): DescribedStatement {
  const statement = decodePayload(payload);
  const predicate = objectAt(statement, "predicate");
  return {
    title: titleOf(predicateType, predicate),
    facts: factsOf(predicateType, predicate).filter(([, value]) => value !== ""),
    payload: statement === null ? null : JSON.stringify(statement, null, 2),
  };
}

function titleOf(predicateType: string, predicate: Value): string {
  switch (predicateType) {
    case PREDICATE_PROVENANCE:
      return "How it was built";
    case PREDICATE_MESH_SIM:
      return `Rehearsed on the mesh: ${textAt(predicate, "outcome") || "no outcome"}`;
    case PREDICATE_DEPLOY:
      return `Activated in ${textAt(predicate, "env") || "an environment"}`;
    case PREDICATE_VSA:
      return textAt(predicate, "verificationResult") === "PASSED"
        ? "The gate let it pass"
        : "The gate refused it";
    case PREDICATE_RECEIPT:
      return "Receipt of the log";
    default:
      return "A statement of another kind";
  }
}

function factsOf(predicateType: string, predicate: Value): readonly StatementFact[] {
  switch (predicateType) {
    case PREDICATE_PROVENANCE:
      return provenanceFacts(predicate);
    case PREDICATE_MESH_SIM:
      return [
        ["Simulation", textAt(predicate, "simId")],
        ["Kind", textAt(predicate, "kind")],
        ["Started", textAt(predicate, "startedAt")],
        ["Seeds", countAt(objectAt(predicate, "params"), "seeds")],
        ["Observed by", textAt(predicate, "observedBy")],
      ];
    case PREDICATE_DEPLOY:
      return [
        ["Deploy", textAt(predicate, "deployId")],
        ["Revision", textAt(predicate, "revision")],
        ["Artifact", textAt(predicate, "artifactDigest")],
        ["Artifact before", textAt(predicate, "previous")],
      ];
    case PREDICATE_VSA:
      return [
        ["Decided", textAt(predicate, "timeVerified")],
        ["Policy", textAt(objectAt(predicate, "policy"), "uri")],
        ["About", textAt(predicate, "resourceUri")],
        ["Evidence looked at", countAt(predicate, "inputAttestations")],
      ];
    case PREDICATE_RECEIPT:
      return [
        ["Logged", timeAt(predicate, "loggedAt")],
        ["Vouches for", textAt(predicate, "envelopeSha256")],
      ];
    default:
      return [];
  }
}

function provenanceFacts(predicate: Value): readonly StatementFact[] {
  const definition = objectAt(predicate, "buildDefinition");
  const run = objectAt(predicate, "runDetails");
  const metadata = objectAt(run, "metadata");
  return [
    ["Reason", textAt(objectAt(definition, "externalParameters"), "reason")],
    ["Builder", textAt(objectAt(run, "builder"), "id")],
    ["Invocation", textAt(metadata, "invocationId")],
    ["Started", textAt(metadata, "startedOn")],
    ["Finished", textAt(metadata, "finishedOn")],
    ["Built from", countAt(definition, "resolvedDependencies", "dependency", "dependencies")],
  ];
}

function decodePayload(payload: string): Value | null {
  const bytes = fromBase64(payload);
  if (bytes === null) return null;
  try {
    return asObject(JSON.parse(new TextDecoder().decode(bytes)));
  } catch {
    // Whatever the fault is, it is no JSON; the raw envelope is shown all the same.
    return null;
  }
}

function asObject(value: unknown): Value | null {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Value) : null;
}

function objectAt(value: Value | null, name: string): Value {
  return asObject(value?.[name]) ?? {};
}

function textAt(value: Value, name: string): string {
  const found = value[name];
  return typeof found === "string" || typeof found === "number" ? String(found) : "";
}

function timeAt(value: Value, name: string): string {
  const found = value[name];
  const time = new Date(typeof found === "number" ? found : Number.NaN);
  return Number.isNaN(time.getTime()) ? "" : time.toISOString();
}

function countAt(value: Value, name: string, one?: string, many?: string): string {
  const found = value[name];
  if (!Array.isArray(found) || found.length === 0) return "";
  return one === undefined ? String(found.length) : `${found.length} ${found.length === 1 ? one : many}`;
}
