// Whether what was observed is enough to simulate with (MESH.md M1): every service on every node at least once.
import { type MeshObservation, meshObservationsSchema } from "../../schemas/mesh-result.ts";
import type { FieldError } from "../../schemas/problem.ts";
import { fail, ok, type Result } from "../../schemas/result.ts";
import type { MeshCapsule } from "./mesh-capsule.ts";
import { nodeIndex, nodeName } from "./mesh-node.ts";

const MAX_ERRORS = 50;

/** Parses observations and holds them against the nodes and services there are. */
export function checkObservations(
  value: unknown,
  nodeCount: number,
  services: MeshCapsule["services"],
): Result<readonly MeshObservation[], readonly FieldError[]> {
  const shaped = meshObservationsSchema.safeParse(value);
  if (!shaped.success) {
    const errors = shaped.error.issues.map(({ path, message }) => ({ path: path.join("."), message }));
    return fail(errors.slice(0, MAX_ERRORS));
  }
  const names = new Set(services.map(({ name }) => name));
  const seen = new Set<string>();
  const errors: FieldError[] = [];
  shaped.data.forEach(({ node, service, incarnation }, index) => {
    const key = `${node} ${service} ${incarnation}`;
    if (nodeIndex(node) >= nodeCount) errors.push({ path: `${index}.node`, message: `${node} is not there` });
    if (!names.has(service)) errors.push({ path: `${index}.service`, message: `${service} is not there` });
    if (seen.has(key)) errors.push({ path: `${index}`, message: "was observed twice" });
    seen.add(key);
  });
  const observed = new Set(shaped.data.map(({ node, service }) => `${node} ${service}`));
  for (let node = 0; node < nodeCount; node++) {
    for (const service of names) {
      if (!observed.has(`${nodeName(node)} ${service}`))
        errors.push({ path: "", message: `${service} was not observed on ${nodeName(node)}` });
    }
  }
  return errors.length > 0 ? fail(errors.slice(0, MAX_ERRORS)) : ok(shaped.data);
}
