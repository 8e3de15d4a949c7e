// Writes core/mesh/expected-hashes.json: what this Node gives for the drawn scenarios. Only a new simulatorVersion is a
// reason to run it (MESH.md M2). Run: node scripts/make-mesh-hashes.ts
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { nodeHashing } from "../adapters/hashing/node-hashing.ts";
import { SIMULATOR_VERSION } from "../core/mesh/mesh-limits.ts";
import { hashScenarios } from "../core/mesh/scenario-hashes.ts";
import { ROOT } from "./platform/state-folder.ts";

const hashes = await hashScenarios(nodeHashing);
const text = JSON.stringify({ simulatorVersion: SIMULATOR_VERSION, hashes }, null, 2);
writeFileSync(join(ROOT, "core", "mesh", "expected-hashes.json"), `${text}\n`);
console.log(`${hashes.length} hashes written`);
