// What the door costs: a request with a session and one with a token, each beside the same request with neither, among
// 200 organizations of 50 members. A permission check is a look into a set and asks the database nothing.
import { randomBytes, webcrypto } from "node:crypto";
import { readFile } from "node:fs/promises";
import { Agent, request } from "node:http";
import { join } from "node:path";
import { crc32 } from "node:zlib";
import { executeLocally } from "../scripts/platform/owner-link.ts";
import { SESSION_COOKIE, signForCookie } from "../workers/identity/session-credential.ts";
import { sessionSecret } from "../workers/identity/session-secret.ts";
import { mintToken } from "../workers/identity/token-format.ts";
import { startBenchPlatform } from "./bench-platform.ts";
import { type BenchOptions, type Figure, median, percentile } from "./figure.ts";

const ORGANIZATIONS = 200;
const MEMBERS = 50;
const SESSIONS_EACH = 2;
const ROWS_A_STATEMENT = 500;
const ROUNDS = 1_000;
const WARM_UP = 200;
const SESSION_GOAL_MS = 3;
const TOKEN_GOAL_MS = 1;
const TEN_DAYS_MS = 10 * 86_400_000;
/** What answers is the door alone (401), or the door and then the check of the question (400): nothing else is asked. */
const PATH = "/api/projects/none/timeline?since=nothing";

type Caller = { readonly name: string; readonly status: number; readonly headers: Record<string, string> };

export async function benchIdentity({ isQuick, say }: BenchOptions): Promise<readonly Figure[]> {
  const platform = await startBenchPlatform(say);
  try {
    say(`filling in ${ORGANIZATIONS} organizations of ${MEMBERS} members`);
    const now = Date.now();
    await executeLocally(platform.state, fillStatements(now).join("\n"));
    const vaultKey = await readFile(join(platform.state.path, "vault-key"), "utf8");
    const secret = await sessionSecret({ OURSYNTH_VAULT_KEY: vaultKey.trim() });
    const cookie = `${SESSION_COOKIE}=${await signForCookie(sessionToken(123, 7, 0), secret)}`;
    const callers: readonly Caller[] = [
      { name: "neither", status: 401, headers: {} },
      { name: "session", status: 400, headers: { cookie } },
      { name: "unknown", status: 401, headers: { authorization: `Bearer ${unknownToken()}` } },
      { name: "token", status: 400, headers: { authorization: `Bearer ${platform.client.token}` } },
    ];
    const times = await measureCallers(platform.port, callers, isQuick ? ROUNDS / 5 : ROUNDS);
    return describeTimes(times);
  } finally {
    await platform.stop();
  }
}

function describeTimes(times: ReadonlyMap<string, readonly number[]>): readonly Figure[] {
  const of = (name: string): readonly number[] => times.get(name) ?? [];
  const floor = median(of("neither"));
  const sessionMs = median(of("session")) - floor;
  const tokenMs = median(of("token")) - floor;
  const beside = [{ name: "the same request with neither", value: floor, unit: "ms" as const }];
  const slow = (name: string) => ({
    name: "the whole request, 95 of 100",
    value: percentile(of(name), 95),
    unit: "ms" as const,
  });
  return [
    {
      name: `what a session adds, among ${ORGANIZATIONS} × ${MEMBERS} members`,
      value: sessionMs,
      unit: "ms",
      beside: [...beside, slow("session")],
      goal: { text: `at most ${SESSION_GOAL_MS} ms`, isMet: sessionMs <= SESSION_GOAL_MS },
    },
    {
      name: "what a token adds, warm",
      value: tokenMs,
      unit: "ms",
      beside: [
        ...beside,
        slow("token"),
        {
          name: "an unknown token adds (the query finds nothing)",
          value: median(of("unknown")) - floor,
          unit: "ms",
        },
      ],
      goal: { text: `at most ${TOKEN_GOAL_MS} ms`, isMet: tokenMs <= TOKEN_GOAL_MS },
    },
  ];
}

/** One request after another, the callers in turns, so that a slow moment hits all. */
async function measureCallers(
  port: number,
  callers: readonly Caller[],
  rounds: number,
): Promise<ReadonlyMap<string, readonly number[]>> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const times = new Map<string, number[]>(callers.map(({ name }) => [name, []]));
  for (let round = -WARM_UP; round < rounds; round += 1) {
    for (const caller of callers) {
      const startMs = performance.now();
      const status = await ask(agent, port, caller.headers);
      if (status !== caller.status) throw new Error(`${caller.name}: ${status} instead of ${caller.status}`);
      if (round >= 0) times.get(caller.name)?.push(performance.now() - startMs);
    }
  }
  agent.destroy();
  return times;
}

function ask(agent: Agent, port: number, headers: Record<string, string>): Promise<number> {
  return new Promise((resolve, reject) => {
    const sent = request({ agent, host: "127.0.0.1", port, path: PATH, headers }, (answer) => {
      answer.on("error", reject);
      answer.on("end", () => resolve(answer.statusCode ?? 0));
      answer.resume();
    });
    sent.on("error", reject);
    sent.end();
  });
}

function fillStatements(now: number): string[] {
  const users: string[] = [];
  const members: string[] = [];
  const sessions: string[] = [];
  const organizations: string[] = [];
  for (let organization = 0; organization < ORGANIZATIONS; organization += 1) {
    organizations.push(`('org_b${organization}', 'Bench ${organization}', 'bench-${organization}', ${now})`);
    for (let member = 0; member < MEMBERS; member += 1) {
      const id = `b${organization}x${member}`;
      users.push(`('usr_${id}', 'Member', '${id}@bench.example', 1, ${now}, ${now})`);
      members.push(`('mem_${id}', 'org_b${organization}', 'usr_${id}', 'creator', ${now})`);
      for (let session = 0; session < SESSIONS_EACH; session += 1) {
        const token = sessionToken(organization, member, session);
        sessions.push(
          `('ses_${id}x${session}', ${now + TEN_DAYS_MS}, '${token}', ${now}, ${now}, 'usr_${id}', 'org_b${organization}', ${now})`,
        );
      }
    }
  }
  return [
    ...insert(`"user" ("id", "name", "email", "emailVerified", "createdAt", "updatedAt")`, users),
    ...insert(`"organization" ("id", "name", "slug", "createdAt")`, organizations),
    ...insert(`"member" ("id", "organizationId", "userId", "role", "createdAt")`, members),
    ...insert(
      `"session" ("id", "expiresAt", "token", "createdAt", "updatedAt", "userId", "activeOrganizationId", "signedInAt")`,
      sessions,
    ),
  ];
}

function insert(into: string, rows: readonly string[]): string[] {
  const statements: string[] = [];
  for (let start = 0; start < rows.length; start += ROWS_A_STATEMENT) {
    statements.push(`INSERT INTO ${into} VALUES ${rows.slice(start, start + ROWS_A_STATEMENT).join(",")};`);
  }
  return statements;
}

/** Well formed, and nobody's. */
function unknownToken(): string {
  return mintToken((bytes) => webcrypto.getRandomValues(bytes), crc32);
}

const RUN = randomBytes(8).toString("hex");

function sessionToken(organization: number, member: number, session: number): string {
  return `bench${RUN}${organization}x${member}x${session}`;
}
