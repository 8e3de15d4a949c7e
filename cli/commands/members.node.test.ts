import { describe, expect, it } from "vitest";
import { FakePlatform, TOKEN } from "../test-support/fake-platform.ts";
import { runCli } from "../test-support/run-cli.ts";
import { temporaryFolder } from "../test-support/temporary-folder.ts";

/** Each run is a process of its own. */
const TIMEOUT_MS = 60_000;
const MEMBERS = "/api/organizations/org_1/members";
const ADA = {
  userId: "usr_ada",
  name: "Ada",
  email: "ada@example.org",
  role: "viewer",
  joinedAt: 1,
  isYou: false,
};

async function startPlatform(role = "admin") {
  const platform = await FakePlatform.start();
  const env = { OURSYNTH_URL: platform.url, OURSYNTH_TOKEN: TOKEN };
  platform.reply("GET /api/whoami", { role, organization: { id: "org_1", name: "House" } });
  platform.reply(`GET ${MEMBERS}`, { items: [ADA], nextCursor: null });
  platform.reply("GET /api/organizations/org_1/invitations", { items: [], nextCursor: null });
  return { platform, run: (...args: string[]) => runCli(args, { cwd: temporaryFolder(), env }) };
}

describe("oursynth members", { timeout: TIMEOUT_MS }, () => {
  it("lists members and open invitations", async () => {
    const { platform, run } = await startPlatform();
    platform.reply("GET /api/organizations/org_1/invitations", {
      items: [
        {
          invitationId: "inv_1",
          email: "new@example.org",
          role: "creator",
          invitedBy: { userId: "usr_ada", name: "Ada" },
          createdAt: 1,
          expiresAt: 2,
        },
      ],
      nextCursor: null,
    });
    const listed = await run("members");
    expect(listed.exitCode, listed.stderr).toBe(0);
    expect(listed.stdout).toMatch(/ada@example\.org +Ada +viewer/);
    expect(listed.stdout).toMatch(/new@example\.org +invited by Ada +creator/);
    const { items, invitations } = JSON.parse((await run("members", "list", "--json")).stdout);
    expect([items.length, invitations.length]).toEqual([1, 1]);
  });

  it("invites, changes a role and removes, naming a member by address or id", async () => {
    const { platform, run } = await startPlatform();
    platform.reply(
      "POST /api/organizations/org_1/invitations",
      { invitationId: "inv_1", email: "new@example.org", role: "creator", expiresAt: 1 },
      201,
    );
    expect((await run("members", "invite", "new@example.org", "--role", "editor")).exitCode).toBe(0);
    expect(platform.requestsTo("POST /api/organizations/org_1/invitations")[0]?.json).toEqual({
      email: "new@example.org",
      role: "creator",
    });
    platform.reply(`PATCH ${MEMBERS}/usr_ada`, { ...ADA, role: "creator" });
    const changed = await run("members", "role", "ADA@example.org", "creator");
    expect(changed.stdout).toContain("ada@example.org is creator now");
    expect(platform.requestsTo(`PATCH ${MEMBERS}/usr_ada`)[0]?.json).toEqual({ role: "creator" });
    platform.reply(`DELETE ${MEMBERS}/usr_ada`, {});
    expect((await run("members", "remove", "usr_ada")).exitCode).toBe(0);
    expect(platform.requestsTo(`DELETE ${MEMBERS}/usr_ada`)).toHaveLength(1);
  });

  it("says which roles could, before it asks and after it was refused", async () => {
    const { platform, run } = await startPlatform();
    const above = await run("members", "role", "usr_ada", "owner");
    expect(above.exitCode).toBe(1);
    expect(above.stderr).toContain("Who could: owner.");
    expect(platform.requestsTo(`PATCH ${MEMBERS}/usr_ada`)).toEqual([]);
    platform.problem(`DELETE ${MEMBERS}/usr_ada`, 403, "forbidden", "Your role may not do that.", {
      permission: "members:write",
      allowedRoles: ["owner", "admin"],
    });
    const refused = await run("members", "remove", "usr_ada");
    expect(refused.exitCode).toBe(1);
    expect(refused.stderr).toContain("Roles that may: owner, admin. No token may");
  });

  it("knows no other role, and nobody of that address", async () => {
    const { run } = await startPlatform("owner");
    expect((await run("members", "role", "usr_ada", "king")).exitCode).toBe(2);
    const nobody = await run("members", "remove", "nobody@example.org");
    expect(nobody.exitCode).toBe(1);
    expect(nobody.stderr).toContain("Nobody with the address nobody@example.org");
  });
});

describe("oursynth tokens", { timeout: TIMEOUT_MS }, () => {
  const TOKEN_FACTS = {
    tokenId: "tok_1",
    name: "ci",
    start: "osk_abcdef",
    scopes: ["projects:read"],
    projectId: null,
    createdAt: 1,
    expiresAt: null,
    lastUsedAt: 1_800_000_000_000,
    owner: { userId: "usr_ada", name: "Ada" },
  };

  it("shows when each was last used, and with --all whose it is", async () => {
    const { platform, run } = await startPlatform();
    platform.reply("GET /api/tokens", {
      items: [TOKEN_FACTS, { ...TOKEN_FACTS, lastUsedAt: null }],
      nextCursor: null,
    });
    const listed = await run("tokens");
    expect(listed.stdout).toMatch(/used 2027-01-15/);
    expect(listed.stdout).toContain("never used");
    expect(listed.stdout).not.toContain("Ada");
    expect((await run("tokens", "list", "--all")).stdout).toContain("Ada");
    expect(platform.requestsTo("GET /api/tokens").map(({ query }) => query.get("of"))).toEqual([null, "all"]);
  });

  it("ends after 90 days when nothing else is said", async () => {
    const { platform, run } = await startPlatform();
    platform.reply("POST /api/tokens", { token: "osk_new", tokenId: "tok_2" }, 201);
    await run("tokens", "create", "ci", "--scope", "projects:read");
    await run("tokens", "create", "ci", "--scope", "projects:read", "--no-end");
    expect(platform.requestsTo("POST /api/tokens").map(({ json }) => json)).toEqual([
      { name: "ci", scopes: ["projects:read"], expiresInDays: 90 },
      { name: "ci", scopes: ["projects:read"] },
    ]);
  });
});
