// What the door costs among 200 organizations of 50 members: a request to the platform with a session and one with a
// token, each beside the same request with neither; and the check alone, in a Worker that does nothing else, because the
// platform also counts every caller's requests. A permission check is a look into a set and asks the database nothing.
import { randomBytes, webcrypto } from "node:crypto";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { Agent, request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { crc32 } from "node:zlib";
import { toPermissionTable } from "../schemas/permissions.ts";
import { executeLocally } from "../scripts/platform/owner-link.ts";
import { ROOT } from "../scripts/platform/state-folder.ts";
import { SESSION_COOKIE, signForCookie } from "../workers/identity/session-credential.ts";
import { sessionSecret } from "../workers/identity/session-secret.ts";
import { hashToken, mintToken } from "../workers/identity/token-format.ts";
import { startBenchPlatform } from "./bench-platform.ts";
import { startBenchWorker } from "./dev-server.ts";
import { type BenchOptions, type Figure, median, percentile } from "./figure.ts";
import { readSessionSecret } from "./read-session-secret.ts";

const ORGANIZATIONS = 200;
const MEMBERS = 50;
const SESSIONS_EACH = 2;
const ROWS_A_STATEMENT = 500;
const ROUNDS = 1_000;
const WARM_UP = 200;
const SESSION_GOAL_MS = 3;
const TOKEN_GOAL_MS = 1;
const TEN_DAYS_MS = 10 * 86_400_000;
/** A question that none of the callers may ask: with neither it is 401, else 403, and nothing else is done. */
const PATH = "/api/tokens";

type Caller = {
  readonly name: string;
  readonly path: string;
  readonly status: number;
  readonly headers: Record<string, string>;
};
type Times = ReadonlyMap<string, readonly number[]>;

export async function benchIdentity(options: BenchOptions): Promise<readonly Figure[]> {
  return [...(await benchRequests(options)), ...(await benchChecks(options))];
}

/** Whole requests to the platform. */
async function benchRequests({ isQuick, say }: BenchOptions): Promise<readonly Figure[]> {
  const platform = await startBenchPlatform(say);
  try {
    say(`filling in ${ORGANIZATIONS} organizations of ${MEMBERS} members`);
    await executeLocally(platform.state, fillStatements(Date.now()).join("\n"));
    const secret = await readSessionSecret(platform.state);
    const narrow = await platform.client.post<{ token: string }>("/api/tokens", {
      name: "bench",
      scopes: ["projects:read"],
    });
    const callers: readonly Caller[] = [
      { name: "neither", path: PATH, status: 401, headers: {} },
      { name: "session", path: PATH, status: 403, headers: { cookie: await cookieOf(secret) } },
      { name: "token", path: PATH, status: 403, headers: bearer(narrow.token) },
    ];
    const times = await measureCallers(platform.port, callers, isQuick ? ROUNDS / 5 : ROUNDS);
    const beside = [besideOf(times, "neither", "the same request with neither")];
    const sessionMs = added(times, "session", "neither");
    return [
      {
        name: `what a session adds, among ${ORGANIZATIONS} × ${MEMBERS} members`,
        value: sessionMs,
        unit: "ms",
        beside: [...beside, slowest(times, "session")],
        goal: { text: `at most ${SESSION_GOAL_MS} ms`, isMet: sessionMs <= SESSION_GOAL_MS },
      },
      {
        name: "what a token adds, the count of its requests included",
        value: added(times, "token", "neither"),
        unit: "ms",
        beside: [...beside, slowest(times, "token")],
        goal: null,
      },
    ];
  } finally {
    await platform.stop();
  }
}

/** The check alone, by the platform's code and as many rows. */
async function benchChecks({ isQuick, say }: BenchOptions): Promise<readonly Figure[]> {
  const folder = await mkdtemp(join(tmpdir(), "oursynth-bench-door-"));
  const vaultKey = randomBytes(32).toString("base64");
  const server = await startBenchWorker(
    folder,
    join(ROOT, "bench", "door"),
    `\n[vars]\nOURSYNTH_VAULT_KEY = "${vaultKey}"\n`,
  );
  try {
    say("the door alone");
    const token = newToken();
    const statements = [
      ...(await readMigrations()),
      ...fillStatements(Date.now()),
      await tokenStatement(token, Date.now()),
    ];
    const filled = await fetch(`http://127.0.0.1:${server.port}/`, {
      method: "POST",
      body: JSON.stringify(statements),
    });
    if (!filled.ok) throw new Error(`the door's database was not filled: ${await filled.text()}`);
    const callers = Object.entries({
      token: bearer(token),
      session: { cookie: await cookieOf(await sessionSecret({ OURSYNTH_VAULT_KEY: vaultKey })) },
    }).flatMap(([name, headers]): Caller[] => [
      { name: `${name} unasked`, path: "/", status: 200, headers },
      { name, path: "/door", status: 200, headers },
    ]);
    const times = await measureCallers(server.port, callers, isQuick ? ROUNDS / 5 : ROUNDS);
    const tokenMs = added(times, "token", "token unasked");
    return [
      {
        name: "a token's check alone, warm",
        value: tokenMs,
        unit: "ms",
        beside: [
          besideOf(times, "token unasked", "the same request unasked"),
          { name: "a session's check alone", value: added(times, "session", "session unasked"), unit: "ms" },
        ],
        goal: { text: `at most ${TOKEN_GOAL_MS} ms`, isMet: tokenMs <= TOKEN_GOAL_MS },
      },
    ];
  } finally {
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

function added(times: Times, name: string, floor: string): number {
  return median(times.get(name) ?? []) - median(times.get(floor) ?? []);
}

function besideOf(times: Times, name: string, text: string) {
  return { name: text, value: median(times.get(name) ?? []), unit: "ms" as const };
}

function slowest(times: Times, name: string) {
  return {
    name: "the whole request, 95 of 100",
    value: percentile(times.get(name) ?? [], 95),
    unit: "ms" as const,
  };
}

/** One request after another, the callers in turns, so that a slow moment hits all. */
async function measureCallers(port: number, callers: readonly Caller[], rounds: number): Promise<Times> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const times = new Map<string, number[]>(callers.map(({ name }) => [name, []]));
  for (let round = -WARM_UP; round < rounds; round += 1) {
    for (const caller of callers) {
      const startMs = performance.now();
      const status = await ask(agent, port, caller);
      if (status !== caller.status) throw new Error(`${caller.name}: ${status} instead of ${caller.status}`);
      if (round >= 0) times.get(caller.name)?.push(performance.now() - startMs);
    }
  }
  agent.destroy();
  return times;
}

function ask(agent: Agent, port: number, { path, headers }: Caller): Promise<number> {
  return new Promise((resolve, reject) => {
    const sent = request({ agent, host: "127.0.0.1", port, path, headers }, (answer) => {
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
      members.push(`('mem_${id}', 'org_b${organization}', 'usr_${id}', 'buyer', ${now})`);
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

function newToken(): string {
  return mintToken((bytes) => webcrypto.getRandomValues(bytes), crc32);
}

/** Of a member in the middle of them all. */
async function tokenStatement(token: string, now: number): Promise<string> {
  const permissions = JSON.stringify(toPermissionTable(["projects:read"]));
  const metadata = JSON.stringify({ organizationId: "org_b123", projectId: null });
  return `INSERT INTO "apikey" ("id", "referenceId", "key", "enabled", "lastRequest", "createdAt", "updatedAt", "permissions", "metadata")
    VALUES ('tok_bench', 'usr_b123x7', '${await hashToken(token)}', 1, ${now}, ${now}, ${now}, '${permissions}', '${metadata}');`;
}

async function cookieOf(secret: string): Promise<string> {
  return `${SESSION_COOKIE}=${await signForCookie(sessionToken(123, 7, 0), secret)}`;
}

function bearer(token: string): Record<string, string> {
  return { authorization: `Bearer ${token}` };
}

async function readMigrations(): Promise<string[]> {
  const folder = join(ROOT, "migrations");
  const names = (await readdir(folder)).filter((name) => name.endsWith(".sql")).sort();
  const texts = await Promise.all(names.map((name) => readFile(join(folder, name), "utf8")));
  return texts.flatMap((text) => text.split("--> statement-breakpoint"));
}

const RUN = randomBytes(8).toString("hex");

function sessionToken(organization: number, member: number, session: number): string {
  return `bench${RUN}${organization}x${member}x${session}`;
}
