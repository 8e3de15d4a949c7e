// Who asks too much is told 429, when to come back (Retry-After), and what the quota is
// (draft-ietf-httpapi-ratelimit-headers-11). Three ways to count: each login by the runtime's own limiter, which costs no
// write; what is costly by organization, exactly; who is not signed in by address.
import type { Context, MiddlewareHandler } from "hono";
import {
  parseQuotaPolicies,
  type QuotaName,
  type QuotaPolicies,
  type QuotaPolicy,
} from "../../core/quota/quota-policies.ts";
import type { QuotaVerdict } from "../../core/quota/take-quota.ts";
import type { ApiEnv } from "./api-app.ts";
import { AppError } from "./app-error.ts";

const POLICY_FIELD = "ratelimit-policy";
const STATE_FIELD = "ratelimit";

let parsed: { readonly source: string; readonly policies: QuotaPolicies } | null = null;

/** Counts the caller's request, and tells on the answer which quotas it was taken from. Stands behind authentication. */
export const limitCaller: MiddlewareHandler<ApiEnv> = async (context, next) => {
  if (context.get("actor") === undefined) return await next();
  await requireCallerQuota(context);
  await next();
  if (context.res.status === 101) return;
  const { headers } = context.res;
  const taken = context.get("quota");
  const policies = [policiesOf(context.env).caller, ...(taken === undefined ? [] : [taken.policy])];
  if (!headers.has(POLICY_FIELD)) headers.set(POLICY_FIELD, policies.map(describePolicy).join(", "));
  if (taken !== undefined && !headers.has(STATE_FIELD)) {
    headers.set(STATE_FIELD, describeState(taken.policy, taken.verdict));
  }
};

/** Throws 429 when this login has asked too much within the window of wrangler.toml. */
export async function requireCallerQuota(context: Context<ApiEnv>): Promise<void> {
  const { login } = context.get("actor");
  const { success } = await context.env.CALLERS.limit({ key: `${login.kind}:${login.id}` });
  if (success) return;
  const policy = policiesOf(context.env).caller;
  // The limiter says no more than no: a whole window later it certainly says yes.
  const seconds = policy.windowSeconds;
  throw refuse(policy, { isAllowed: false, remaining: 0, resetSeconds: seconds, retryAfterSeconds: seconds });
}

/** Takes one from the organization's quota for a costly action, or throws 429. Call it once the caller may do it. */
export async function requireQuota(context: Context<ApiEnv>, name: QuotaName): Promise<void> {
  const policy = policiesOf(context.env)[name];
  const verdict = await takeFrom(context.env, policy, `organization:${context.get("actor").organizationId}`);
  context.set("quota", { policy, verdict });
  if (!verdict.isAllowed) throw refuse(policy, verdict);
}

/** The same for who is not signed in, by the address that the request came from. */
export async function requireAddressQuota(
  env: Cloudflare.Env,
  request: Request,
  name: QuotaName,
): Promise<void> {
  const policy = policiesOf(env)[name];
  const verdict = await takeFrom(env, policy, `address:${addressOf(request)}`);
  if (!verdict.isAllowed) throw refuse(policy, verdict);
}

/** Cloudflare writes the address itself; X-Forwarded-For is anybody's word. An IPv6 network counts as one. */
function addressOf(request: Request): string {
  const address = request.headers.get("cf-connecting-ip") ?? "unknown";
  if (!address.includes(":")) return address;
  const [head = "", tail] = address.toLowerCase().split("::");
  const groups = head === "" ? [] : head.split(":");
  const rest = tail === undefined || tail === "" ? [] : tail.split(":");
  const zeros =
    tail === undefined ? [] : Array<string>(Math.max(0, 8 - groups.length - rest.length)).fill("0");
  const network = [...groups, ...zeros, ...rest].slice(0, 4).map((group) => group.replace(/^0+(?=.)/, ""));
  return `${network.join(":")}::/64`;
}

async function takeFrom(env: Cloudflare.Env, policy: QuotaPolicy, subject: string): Promise<QuotaVerdict> {
  return await env.QUOTAS.getByName(subject).take(policy);
}

function refuse(policy: QuotaPolicy, verdict: QuotaVerdict): AppError {
  const { retryAfterSeconds } = verdict;
  return new AppError(
    "too-many-requests",
    `The quota ${policy.name} is ${policy.limit} requests in ${policy.windowSeconds} s and is used up; try again in ${retryAfterSeconds} s.`,
    {
      headers: {
        "retry-after": String(retryAfterSeconds),
        [POLICY_FIELD]: describePolicy(policy),
        [STATE_FIELD]: describeState(policy, verdict),
      },
    },
  );
}

function describePolicy({ name, limit, windowSeconds }: QuotaPolicy): string {
  return `"${name}";q=${limit};w=${windowSeconds}`;
}

function describeState({ name }: QuotaPolicy, { remaining, resetSeconds }: QuotaVerdict): string {
  return `"${name}";r=${remaining};t=${resetSeconds}`;
}

function policiesOf({ OURSYNTH_QUOTAS }: Pick<Cloudflare.Env, "OURSYNTH_QUOTAS">): QuotaPolicies {
  const source = OURSYNTH_QUOTAS ?? "";
  if (parsed?.source === source) return parsed.policies;
  const read = parseQuotaPolicies(source);
  if (!read.ok) throw new Error(read.reason);
  parsed = { source, policies: read.value };
  return read.value;
}
