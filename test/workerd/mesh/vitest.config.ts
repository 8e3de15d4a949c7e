// Tests of simulations inside workerd, with real objects, loader, R2 and D1. Run: vitest run -c test/workerd/mesh/vitest.config.ts
import { definePlatformProject } from "../platform-project.ts";

export default definePlatformProject("mesh", {
  durableObjects: {
    MESH_SIMULATIONS: { className: "MeshSimulationObject", useSQLite: true },
    MESH_NODES: { className: "MeshNodeObject", useSQLite: true },
  },
});
