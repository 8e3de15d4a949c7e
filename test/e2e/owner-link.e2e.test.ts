// The first owner's one-time link, on a platform of its own: one cannot be made twice.
import { readFile, stat } from "node:fs/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { whoamiSchema } from "../../schemas/api/access.ts";
import { ownerLinkUrl, waitingOwnerLink } from "../../scripts/platform/owner-link.ts";
import { startTemporaryPlatform, type TemporaryPlatform } from "../../scripts/platform/temporary-platform.ts";
import { ApiClient } from "./support/api-client.ts";
import { PASSWORD, Person } from "./support/person.ts";

let platform: TemporaryPlatform;

beforeAll(async () => {
  platform = await startTemporaryPlatform();
});
afterAll(() => platform.stop());

test("the first owner's link is kept privately, works once, and is not printed again", async () => {
  const { state } = platform;
  const owner = new Person({ url: platform.url, name: "The Owner" });
  const link = await waitingOwnerLink(state);
  if (link === null) throw new Error("no link waits");
  expect((await stat(state.ownerLinkFile)).mode & 0o777).toBe(0o600);
  expect(link).toMatch(/\/welcome\/[\w-]{43}$/);
  // A second start prints the same one.
  expect(await waitingOwnerLink(state)).toBe(link);
  const { pathname } = new URL(link);

  expect((await owner.get(pathname)).status).toBe(200);
  expect((await owner.get(`${pathname.slice(0, -1)}_`)).status).toBe(410);
  const form = { name: owner.name, email: owner.email, password: PASSWORD };
  expect((await owner.post(pathname, { ...form, password: "short" })).status).toBe(422);
  expect((await owner.post(pathname, form, { origin: "https://evil.example" })).status).toBe(403);

  const rivals = [owner, new Person({ url: platform.url }), new Person({ url: platform.url })];
  const answers = await Promise.all(
    rivals.map((person) => person.post(pathname, { ...form, email: person.email })),
  );
  expect(answers.map(({ status }) => status).toSorted()).toEqual([303, 410, 410]);
  const winner = rivals[answers.findIndex(({ status }) => status === 303)];
  const me = (await winner?.get("/api/whoami"))?.expect(200, whoamiSchema);
  expect(me).toMatchObject({ user: { name: "The Owner" }, organization: { name: "Home" }, role: "owner" });

  // The owner of the token in the state folder is the same person.
  const token = (await readFile(state.tokenFile, "utf8")).trim();
  const byToken = (await new ApiClient(platform.url, token).get("/api/whoami")).expect(200, whoamiSchema);
  expect(byToken.user.id).toBe(me?.user.id);

  expect((await owner.get(pathname)).status).toBe(410);
  expect(await waitingOwnerLink(state)).toBeNull();
  expect((await readFile(state.ownerLinkFile, "utf8")).trim()).toBe("used");
});

test("a made-up link opens nothing", async () => {
  const link = new URL(ownerLinkUrl(platform.url, "A".repeat(43)));
  const stranger = new Person({ url: platform.url });
  expect((await stranger.get(link.pathname)).status).toBe(410);
  const form = { name: "X", email: stranger.email, password: PASSWORD };
  expect((await stranger.post(link.pathname, form)).status).toBe(410);
});
