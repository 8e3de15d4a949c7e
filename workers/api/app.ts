// The whole API: every resource, its OpenAPI document, and one way to fail.
import { newId } from "../../adapters/random/new-id.ts";
import { PLATFORM_VERSION } from "../../core/deploy/runnable.ts";
import { authenticate } from "../identity/authenticate.ts";
import { SESSION_COOKIE } from "../identity/session-credential.ts";
import { guardVault } from "../vault-guard.ts";
import { access } from "./access.ts";
import { activations } from "./activations.ts";
import { createApi } from "./api-app.ts";
import { AppError, toProblemResponse } from "./app-error.ts";
import { blobs } from "./blobs.ts";
import { capsim } from "./capsim.ts";
import { capsuleFiles } from "./capsule-files.ts";
import { capsules } from "./capsules.ts";
import { deploys } from "./deploys.ts";
import { deviceLogin } from "./device-login.ts";
import { diffMerge } from "./diff-merge.ts";
import { gate } from "./gate.ts";
import { health } from "./health.ts";
import { history } from "./history.ts";
import { answerOnce } from "./idempotency.ts";
import { invitations } from "./invitations.ts";
import { keys } from "./keys.ts";
import { limitJson } from "./limit-json.ts";
import { logs } from "./logs.ts";
import { members } from "./members.ts";
import { organizations } from "./organizations.ts";
import { ownerKeys } from "./owner-keys.ts";
import { pins } from "./pins.ts";
import { projects } from "./projects.ts";
import { provenance } from "./provenance.ts";
import { limitCaller } from "./rate-limits.ts";
import { refuseSecrets } from "./refuse-secrets.ts";
import { requireOwnOrigin } from "./same-origin.ts";
import { secrets } from "./secrets.ts";
import { sessions } from "./sessions.ts";
import { simulations } from "./simulations.ts";
import { requireSoundJson } from "./sound-json.ts";
import { timeline } from "./timeline.ts";

const METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"] as const;
/** Open without a token; everything else below /api needs one. */
const OPEN_PATHS: ReadonlySet<string> = new Set([
  "/api/health",
  "/api/openapi.json",
  "/api/docs",
  "/api/auth/device/code",
  "/api/auth/device/token",
]);

export const api = createApi();

api.use("*", async (context, next) => {
  const requestId = newId("request");
  context.set("requestId", requestId);
  await next();
  if (context.res.status !== 101) {
    context.res.headers.set("x-request-id", requestId);
  }
});

api.use("/api/*", guardVault);
api.use("*", requireOwnOrigin);

api.use("/api/*", async (context, next) => {
  if (OPEN_PATHS.has(context.req.path) || isLiveUpgrade(context.req.path, context.req.header("upgrade"))) {
    return await next();
  }
  return await authenticate(context, next);
});

api.use("/api/*", limitCaller);
api.use("/api/*", limitJson);
api.use("/api/*", async (context, next) => {
  const isJson = (context.req.header("content-type") ?? "").includes("json");
  return isJson ? await requireSoundJson(context, next) : await next();
});
api.use("/api/*", refuseSecrets);
api.use("/api/*", answerOnce);

for (const resource of [
  health,
  projects,
  timeline,
  pins,
  history,
  blobs,
  capsules,
  capsuleFiles,
  diffMerge,
  deploys,
  activations,
  gate,
  simulations,
  capsim,
  provenance,
  secrets,
  logs,
  access,
  organizations,
  members,
  invitations,
  sessions,
  deviceLogin,
  keys,
  ownerKeys,
]) {
  api.route("/", resource);
}

api.openAPIRegistry.registerComponent("securitySchemes", "bearer", {
  type: "http",
  scheme: "bearer",
  bearerFormat: "osk_…",
  description:
    "An API token: `oursynth tokens create`, or the one that `npm start` leaves in the state folder.",
});

api.openAPIRegistry.registerComponent("securitySchemes", "session", {
  type: "apiKey",
  in: "cookie",
  name: SESSION_COOKIE,
  description:
    "A browser that signed in at /sign-in; what changes something must come from a page of the platform.",
});

api.doc31("/api/openapi.json", () => ({
  openapi: "3.1.0",
  info: {
    title: "OurSynth",
    version: PLATFORM_VERSION,
    summary: "Capsules, their timeline, and the way from a folder to a live app.",
    description:
      "Send `Authorization: Bearer osk_…`, or come as a signed-in browser. Lists answer `{items, nextCursor}`; failures are problem+json (RFC 9457) and say what to do. A project is named by its id or its label.",
    license: { name: "OSL-3.0", identifier: "OSL-3.0" },
  },
  servers: [{ url: "/", description: "This platform" }],
  tags: [
    { name: "Platform", description: "Is it well?" },
    { name: "Projects", description: "Projects and their environments." },
    { name: "Timeline", description: "Every step, in a hash chain: pages, server-sent events, WebSocket." },
    { name: "History", description: "Branches, commits and moments." },
    { name: "Capsules", description: "Upload, verify, download." },
    { name: "Deploys", description: "Runs, activation, rollback, confirmation." },
    {
      name: "Simulations",
      description: "Rehearsals on a mesh of nodes, their sealed results, and the gate.",
    },
    { name: "Logs", description: "What a hosted app wrote." },
    { name: "Organizations", description: "Organizations, members, roles and invitations." },
    { name: "Secrets", description: "What an app needs and nobody may read." },
    { name: "Access", description: "Tokens." },
    { name: "Keys", description: "Signing keys, trust, rotation and revocation." },
    { name: "Sessions", description: "Where you are signed in, and how a command line signs in (RFC 8628)." },
  ],
}));

api.onError((error, context) => toProblemResponse(error, context));

api.notFound((context) => {
  const allowed = METHODS.filter((method) => isServed(method, context.req.path));
  const { method, path } = context.req;
  const error =
    allowed.length === 0
      ? new AppError("not-found", `There is nothing at ${path}; /api/docs lists what is.`)
      : new AppError("method-not-allowed", `${method} is not served at ${path}; ${allowed.join(", ")} is.`, {
          headers: { allow: allowed.join(", ") },
        });
  return toProblemResponse(error, context);
});

/** Whether a route (not only middleware) answers this method at this path. */
function isServed(method: string, path: string): boolean {
  const [handlers] = api.router.match(method, path);
  return handlers.some(([[, route]]) => route.method === method);
}

function isLiveUpgrade(path: string, upgrade: string | undefined): boolean {
  return path.endsWith("/timeline/live") && upgrade?.toLowerCase() === "websocket";
}
