// The objects and entrypoints of simulations; the tests call them themselves.
export { AppLogObject } from "../../../durable-objects/app-log/app-log-object.ts";
export { MeshNodeObject } from "../../../durable-objects/mesh-node/mesh-node-object.ts";
export { MeshSimulationObject } from "../../../durable-objects/mesh-simulation/mesh-simulation-object.ts";
export { ProjectObject } from "../../../durable-objects/project/project-object.ts";
export { AppLogWriter } from "../../../workers/hosting/app-log-writer.ts";
export { MeshDesk } from "../../../workers/mesh/mesh-desk.ts";
export { SimulationSecrets } from "../../../workers/mesh/simulation-secrets.ts";
