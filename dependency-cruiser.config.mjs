// Who may call whom (docs/architecture.md): imports go down only, and in no circle.
const NPM_IN_CORE = "^node_modules/(zod|canonicalize|diff|@noble/ed25519|@noble/hashes|semver|yaml)/";

/** Folders from the top of the house down; each may import those below it. */
const below = {
  schemas: [],
  core: ["schemas"],
  adapters: ["core", "schemas"],
  "durable-objects": ["adapters", "core", "schemas"],
  workers: ["durable-objects", "adapters", "core", "schemas"],
  cli: ["core", "schemas"],
  site: ["core", "schemas"],
};

// What a room may have from another, by name, with the reason beside it.
const exceptions = {
  // The command line hashes with Node's own crypto; `mesh-sim --local` compiles and finds files as the platform does.
  cli: ["^adapters/hashing/", "^adapters/build/compile-app\\.ts$", "^adapters/loader/resolve-asset\\.ts$"],
  // The page at `/` shows the platform's health.
  site: ["^workers/api/health\\.ts$"],
  // The compiled vendor packages are made by the build.
  adapters: ["^\\.generated/"],
};

const OUR_ROOMS =
  "^(schemas|core|adapters|durable-objects|workers|cli|site|scripts|test|bench|examples|\\.generated)/";
const TESTS = "\\.test\\.ts$|^test/";

const directions = Object.entries(below).map(([room, lower]) => ({
  name: `${room}-imports-down-only`,
  comment: `${room} may import: ${[room, ...lower].join(", ")}`,
  severity: "error",
  from: { path: `^${room}/`, pathNot: TESTS },
  to: {
    path: OUR_ROOMS,
    pathNot: [...[room, ...lower].map((name) => `^${name}/`), ...(exceptions[room] ?? [])],
  },
}));

export default {
  forbidden: [
    ...directions,
    {
      name: "no-circle",
      severity: "error",
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ["type-only"] } },
    },
    {
      name: "core-is-pure",
      comment: "core imports no Hono, drizzle, cloudflare:* or node:*",
      severity: "error",
      from: { path: "^core/", pathNot: TESTS },
      to: { dependencyTypes: ["core", "npm", "npm-dev"], pathNot: NPM_IN_CORE },
    },
    {
      name: "schemas-import-zod-only",
      comment: "schemas imports zod; only schemas/database imports drizzle",
      severity: "error",
      from: { path: "^schemas/", pathNot: `${TESTS}|^schemas/database/` },
      to: { dependencyTypes: ["core", "npm", "npm-dev"], pathNot: "^node_modules/zod/" },
    },
    {
      name: "not-to-unresolvable",
      severity: "error",
      from: {},
      to: { couldNotResolve: true, pathNot: "^(cloudflare|astro):|^@astrojs/cloudflare/handler$" },
    },
  ],
  options: {
    doNotFollow: { path: "^node_modules" },
    exclude: { path: "\\.test\\.ts$" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "workers/tsconfig.json" },
    enhancedResolveOptions: { exportsFields: ["exports"], conditionNames: ["workerd", "import", "default"] },
  },
};
