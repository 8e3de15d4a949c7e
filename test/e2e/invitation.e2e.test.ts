// The page of an invitation: who was invited decides, nobody else learns of it.
import { describe, expect, test } from "vitest";
import { whoamiSchema } from "../../schemas/api/access.ts";
import { Person } from "./support/person.ts";
import { executeShared } from "./support/shared-database.ts";

const DAY_MS = 86_400_000;

/** Puts an open invitation into the inviter's organization straight into the database. */
async function invite(inviter: Person, email: string, id: string, livesMs = DAY_MS): Promise<void> {
  const me = (await inviter.get("/api/whoami")).expect(200, whoamiSchema);
  const now = Date.now();
  await executeShared(
    `INSERT INTO "invitation" ("id", "organizationId", "email", "role", "status", "expiresAt", "createdAt", "inviterId")
     VALUES ('${id}', '${me.organization.id}', '${email}', 'viewer', 'pending', ${now + livesMs}, ${now}, '${me.user.id}');`,
  );
}

describe("an invitation", () => {
  test("is accepted by who was invited, through sign-up and back, and once", async () => {
    const inviter = await new Person({ name: "Ada" }).join();
    const invited = new Person({ name: "Grace" });
    const id = `inv_${invited.email.split("@")[0]}`;
    await invite(inviter, invited.email, id);
    const asked = await invited.get(`/invitation/${id}`);
    expect(asked.headers.get("location")).toBe(`/sign-in?next=%2Finvitation%2F${id}`);
    await invited.join();
    const page = await invited.get(`/invitation/${id}`);
    expect(page.status).toBe(200);
    expect(page.text).toContain("Join Ada&#39;s organization?");
    expect(page.text).toContain("viewer");

    const stranger = await new Person().join();
    expect((await stranger.get(`/invitation/${id}`)).status).toBe(404);
    expect((await stranger.post(`/invitation/${id}`, { decision: "accept" })).status).toBe(404);

    expect((await invited.post(`/invitation/${id}`, { decision: "accept" })).headers.get("location")).toBe(
      "/account/members",
    );
    const me = (await invited.get("/api/whoami")).expect(200, whoamiSchema);
    expect(me).toMatchObject({ organization: { name: "Ada's organization" }, role: "viewer" });
    expect((await invited.post(`/invitation/${id}`, { decision: "accept" })).status).toBe(409);
    expect((await stranger.get("/api/whoami")).text).not.toContain("Ada");
  });

  test("that is declined or has ended opens nothing", async () => {
    const inviter = await new Person().join();
    const invited = await new Person().join();
    const mark = invited.email.split("@")[0];
    await invite(inviter, invited.email, `inv_d${mark}`);
    await invite(inviter, invited.email, `inv_e${mark}`, -1);
    expect((await invited.post(`/invitation/inv_d${mark}`, { decision: "decline" })).status).toBe(303);
    for (const id of [`inv_d${mark}`, `inv_e${mark}`, "inv_none"]) {
      // Whoever was invited is told that it has ended; of one that never was there is nothing to tell.
      const status = id === "inv_none" ? 404 : 409;
      expect((await invited.post(`/invitation/${id}`, { decision: "accept" })).status, id).toBe(status);
    }
    const me = (await invited.get("/api/whoami")).expect(200, whoamiSchema);
    expect(me.role).toBe("owner");
  });
});
