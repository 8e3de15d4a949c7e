// From what people write to complete parameters (MESH.md §2): every field in its bounds, nothing unknown, nothing that
// contradicts something else.
import type * as z from "zod";
import {
  type MeshParameters,
  type MeshParametersInput,
  meshParametersInputSchema,
} from "../../schemas/mesh-parameters.ts";
import type { FieldError } from "../../schemas/problem.ts";
import { fail, ok, type Result } from "../../schemas/result.ts";
import type { MeshCapsule } from "./mesh-capsule.ts";
import { nodeIndex } from "./mesh-node.ts";

export type ParameterContext = {
  readonly services: MeshCapsule["services"];
  /** Gives a seed of 32 bits when none was stated; the complete parameters record it. */
  drawSeed(): number;
};

const MAX_ERRORS = 50;

/**
 * Checks and completes parameters. Complete ones come back as they are. Each error names the field (`chaos.0.node`) and
 * what it must be.
 */
export function completeParameters(
  value: unknown,
  { services, drawSeed }: ParameterContext,
): Result<MeshParameters, readonly FieldError[]> {
  const shaped = meshParametersInputSchema.safeParse(value);
  if (!shaped.success) return fail(shaped.error.issues.flatMap(toFieldErrors).slice(0, MAX_ERRORS));
  const input = shaped.data;
  const errors = [
    ...checkSeeds(input),
    ...checkLatency(input),
    ...input.partitions.flatMap((partition, index) => checkPartition(partition, index, input.nodes)),
    ...checkChaos(input),
    ...checkDrift(input, services),
    ...checkExpectations(input),
  ];
  if (errors.length > 0) return fail(errors.slice(0, MAX_ERRORS));
  const { seed, seeds, ...rest } = input;
  return ok({ ...rest, seeds: seeds ?? [seed ?? drawSeed()] });
}

/** An unknown key is named where it stands; all else where zod found it. */
function toFieldErrors(issue: z.core.$ZodIssue): FieldError[] {
  const path = issue.path.join(".");
  if (issue.code !== "unrecognized_keys") return [{ path, message: issue.message }];
  const names = path === "" ? Object.keys(meshParametersInputSchema.shape) : [];
  const known = names.length === 0 ? "" : `; there are ${names.join(", ")}`;
  return issue.keys.map((key) => ({
    path: path === "" ? key : `${path}.${key}`,
    message: `is not known here${known}`,
  }));
}

function checkSeeds({ seed, seeds }: MeshParametersInput): FieldError[] {
  if (seed !== undefined && seeds !== undefined)
    return [{ path: "seed", message: "must be left out where seeds are given" }];
  const isRepeated = new Set(seeds).size !== (seeds?.length ?? 0);
  return isRepeated ? [{ path: "seeds", message: "must not hold a seed twice" }] : [];
}

function checkLatency({ latencyMs: [lowest, highest] }: MeshParametersInput): FieldError[] {
  if (lowest <= highest) return [];
  return [{ path: "latencyMs", message: `must be [minimum, maximum], but ${lowest} is above ${highest}` }];
}

function checkPartition(
  { groups, atMs, healAtMs }: MeshParameters["partitions"][number],
  index: number,
  nodeCount: number,
): FieldError[] {
  const path = `partitions.${index}`;
  const errors: FieldError[] = [];
  if (healAtMs <= atMs) {
    const message = `must be after atMs, which is ${atMs}: a partition heals after it was cut`;
    errors.push({ path: `${path}.healAtMs`, message });
  }
  const seen = new Set<string>();
  groups.forEach((group, position) => {
    for (const node of group) {
      const where = `${path}.groups.${position}`;
      errors.push(...checkNode(where, node, nodeCount));
      if (seen.has(node)) errors.push({ path: where, message: `${node} stands in the partition twice` });
      seen.add(node);
    }
  });
  return errors;
}

function checkChaos({ chaos, chaosMode, nodes }: MeshParametersInput): FieldError[] {
  const errors = chaos.flatMap(({ node }, index) => checkNode(`chaos.${index}.node`, node, nodes));
  if (chaosMode && chaos.length > 0)
    errors.push({ path: "chaosMode", message: "must be left out where chaos is listed: it draws its own" });
  return errors;
}

function checkDrift({ drift, nodes }: MeshParametersInput, services: MeshCapsule["services"]): FieldError[] {
  const seen = new Set<string>();
  return drift.flatMap(({ node, service, digest }, index) => {
    const path = `drift.${index}`;
    const errors = checkNode(`${path}.node`, node, nodes);
    const known = services.find(({ name }) => name === service);
    if (known === undefined) {
      const names = services.map(({ name }) => name).join(", ");
      errors.push({ path: `${path}.service`, message: `must be a service of the capsule: ${names}` });
    } else if (known.digest === digest) {
      errors.push({ path: `${path}.digest`, message: "must differ from the service's own digest" });
    }
    if (seen.has(`${node} ${service}`))
      errors.push({ path, message: "overrides a service of this node twice" });
    seen.add(`${node} ${service}`);
    return errors;
  });
}

function checkExpectations({ expect, nodes }: MeshParametersInput): FieldError[] {
  return expect.flatMap((sentence, index) => {
    const named = /node-\d+/.exec(sentence)?.[0];
    return named === undefined ? [] : checkNode(`expect.${index}`, named, nodes);
  });
}

function checkNode(path: string, node: string, nodeCount: number): FieldError[] {
  if (nodeIndex(node) < nodeCount) return [];
  return [{ path, message: `${node} is not there: must be from node-1 to node-${nodeCount}` }];
}
