// `npm run check`: format and lint, import directions and circles, types, dead code, plain npm scripts. All of them run,
// so that one pass shows everything there is to mend.
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { writeBuildConfig } from "./build-config.ts";
import { buildVendor } from "./build-vendor.ts";
import { findScriptProblems } from "./check-npm-scripts.ts";
import { findRawStyles, findUnknownTokens, findWeakContrast } from "./check-tokens.ts";
import { ROOT } from "./platform/state-folder.ts";

type Step = { readonly name: string; readonly run: () => boolean | Promise<boolean> };

const STEPS: readonly Step[] = [
  { name: "npm scripts are one plain command each", run: checkNpmScripts },
  {
    name: "format and lint (biome)",
    run: () => tool("@biomejs/biome/bin/biome", "check", ".", "--error-on-warnings"),
  },
  {
    name: "import directions and circles",
    run: () =>
      tool(
        "dependency-cruiser/bin/dependency-cruiser.mjs",
        "--config",
        "dependency-cruiser.config.mjs",
        "core",
        "schemas",
        "adapters",
        "durable-objects",
        "workers",
        "cli",
        "site",
      ),
  },
  { name: "runtime types", run: makeRuntimeTypes },
  { name: "types of the worker", run: () => tool("typescript/bin/tsc", "-p", "workers") },
  { name: "types of everything else", run: () => tool("typescript/bin/tsc", "-p", ".") },
  {
    name: "types of the pages (astro)",
    run: () =>
      tool("@astrojs/check/bin/astro-check.js", "--tsconfig", "site/tsconfig.json", "--root", "./site"),
  },
  { name: "no colour or size past the tokens", run: () => tell(findRawStyles(ROOT)) },
  { name: "every token that is used is declared", run: () => tell(findUnknownTokens(ROOT)) },
  { name: "contrast of the tokens", run: () => tell(findWeakContrast(ROOT)) },
  { name: "dead code (knip)", run: () => tool("knip/bin/knip.js") },
];

const failed: string[] = [];
for (const step of STEPS) {
  const startedAt = performance.now();
  const isFine = await step.run();
  const elapsed = ((performance.now() - startedAt) / 1_000).toFixed(1);
  console.log(`${isFine ? "✓" : "✗"} ${step.name} (${elapsed} s)`);
  if (!isFine) failed.push(step.name);
}
console.log(
  failed.length === 0 ? "Check: all clean." : `Check: ${failed.length} to mend: ${failed.join("; ")}.`,
);
process.exitCode = failed.length === 0 ? 0 : 1;

function tool(binary: string, ...commandLine: string[]): boolean {
  const path = join(ROOT, "node_modules", ...binary.split("/"));
  const done = spawnSync(process.execPath, [path, ...commandLine], { cwd: ROOT, encoding: "utf8" });
  if (done.status !== 0) console.log(`${done.stdout ?? ""}${done.stderr ?? ""}${done.error?.message ?? ""}`);
  return done.status === 0;
}

async function makeRuntimeTypes(): Promise<boolean> {
  await writeBuildConfig(ROOT);
  await buildVendor();
  return tool("wrangler/bin/wrangler.js", "types", ".generated/worker-types.d.ts", "--include-env=false");
}

async function checkNpmScripts(): Promise<boolean> {
  return tell(await findScriptProblems(join(ROOT, "package.json")));
}

function tell(problems: readonly string[]): boolean {
  for (const problem of problems) console.log(problem);
  return problems.length === 0;
}
