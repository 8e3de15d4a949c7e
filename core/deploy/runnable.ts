// What this platform has a runner for today. All else is refused before anything is built, by name, and with what to do.
import satisfies from "semver/functions/satisfies.js";
import type { Manifest } from "../../schemas/manifest.ts";
import { fail, ok, type Result } from "../../schemas/result.ts";

/** The version that `compatibility.platform` is held against (CAPSULE.md C7). */
export const PLATFORM_VERSION = "0.1.0";

/** `static`: files only. `worker`: code in an isolate, with or without files. */
export type Runner = "static" | "worker";

export type NotRunnable = {
  readonly code:
    | "framework-not-runnable"
    | "service-not-runnable"
    | "build-steps-not-runnable"
    | "platform-out-of-range"
    | "entry-missing";
  readonly message: string;
};

type Runnable = { readonly runner: Runner; readonly warnings: readonly string[] };

/** Service types that only describe the app itself. */
const DESCRIPTIVE_SERVICES = new Set(["worker", "edge", "static"]);

/**
 * Which runner takes this capsule, and what its owner should know first; or why none does.
 * Takes a stored manifest (every field present).
 */
export function checkRunnable(manifest: Manifest): Result<Runnable, NotRunnable> {
  const runner = chooseRunner(manifest.app.framework);
  if (runner === null) return fail(refuseFramework(manifest.app.framework));
  const refusal =
    refusePlatform(manifest.compatibility.platform) ??
    refuseServices(manifest.services) ??
    refuseBuildSteps(manifest.build.steps) ??
    (runner === "worker" ? refuseEntry(manifest) : null);
  if (refusal !== null) return fail(refusal);
  const warnings = [...warnOfOutbound(manifest.app.outbound), ...warnOfSecrets(manifest.app, runner)];
  return ok({ runner, warnings });
}

/** The secrets that must be set before the app can run: those that it declares, when it has code to give them to. */
export function neededSecrets({ framework, secrets }: Manifest["app"]): readonly string[] {
  return chooseRunner(framework) === "worker" ? [...new Set(secrets)] : [];
}

function chooseRunner(framework: Manifest["app"]["framework"]): Runner | null {
  switch (framework) {
    case "static":
      return "static";
    case "worker":
    case "hono":
      return "worker";
    case "astro":
    case "vite":
    case "nextjs":
    case "process":
    case "other":
      return null;
  }
}

function refuseFramework(framework: string): NotRunnable {
  return {
    code: "framework-not-runnable",
    message:
      `no runner exists for app.framework "${framework}" yet (runnable: static, worker, hono); ` +
      'build it in CI and push the result as "static", or as "worker" with an app.entry',
  };
}

function refusePlatform(range: string): NotRunnable | null {
  if (satisfies(PLATFORM_VERSION, range)) return null;
  return {
    code: "platform-out-of-range",
    message:
      `compatibility.platform asks for "${range}" and this platform is ${PLATFORM_VERSION}; ` +
      'widen the range (for instance "*") if the app runs on this version',
  };
}

function refuseServices(services: Manifest["services"]): NotRunnable | null {
  const missing = services.filter((service) => !DESCRIPTIVE_SERVICES.has(service.type));
  if (missing.length === 0) return null;
  const names = missing.map((service) => `"${service.name}" (${service.type})`).join(", ");
  return {
    code: "service-not-runnable",
    message: `no runner exists yet for services ${names}; remove them from services to deploy without them`,
  };
}

function refuseBuildSteps(steps: readonly string[]): NotRunnable | null {
  if (steps.length === 0) return null;
  return {
    code: "build-steps-not-runnable",
    message:
      `build.steps (${steps.length}) cannot run on the platform yet; ` +
      "run them in CI, push their output, and leave build.steps empty",
  };
}

function refuseEntry(manifest: Manifest): NotRunnable | null {
  const { entry } = manifest.app;
  const isPresent = entry !== null && manifest.files.some((file) => file.path === entry);
  if (isPresent) return null;
  return {
    code: "entry-missing",
    message:
      entry === null
        ? 'app.entry is missing; name the main module, for instance "src/index.ts"'
        : `app.entry names "${entry}", which is not among the capsule's files; correct the name or add the file`,
  };
}

function warnOfOutbound(hosts: readonly string[]): readonly string[] {
  if (hosts.length === 0) return [];
  return [
    `app.outbound asks for ${hosts.join(", ")}: nothing is granted yet, so fetch() from the app to any host fails`,
  ];
}

function warnOfSecrets(app: Manifest["app"], runner: Runner): readonly string[] {
  if (runner === "static" && app.secrets.length > 0) {
    return [`app.secrets names ${app.secrets.join(", ")}: a static app has no code to give them to`];
  }
  const both = neededSecrets(app).filter((name) => Object.hasOwn(app.env, name));
  if (both.length === 0) return [];
  return [`${both.join(", ")}: in app.env and in app.secrets; the app gets the secret`];
}
