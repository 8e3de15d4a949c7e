// The page of signing keys in a real browser, on a telephone and on a desk, with no script at all.
import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import type * as z from "zod";
import { fingerprintOf } from "../../core/signing/fingerprint.ts";
import { formatPublicKey } from "../../core/signing/key-format.ts";
import { addedKeySchema, keySchema } from "../../schemas/api/access.ts";
import { pageSchema } from "../../schemas/api/common.ts";
import { awaitingSignaturesSchema, ownerKeysAnswerSchema } from "../../schemas/api/keys.ts";
import { BROWSER_FLAGS, ensureBrowser } from "../../scripts/platform/browser.ts";
import { newKey } from "./support/capsule-maker.ts";
import { ageSignIn, type House, makeHouse, type Person } from "./support/people.ts";
import { idOf, publicText, signAwaiting, stateOf } from "./support/signing-keys.ts";
import { makeProject } from "./support/test-project.ts";

const { url } = inject("platform");
const PATH = "/account/keys";
const PHONE = { width: 390, height: 844 };
const DESK = { width: 1440, height: 900 };

let browser: Browser;
let house: House;
let other: House;

beforeAll(async () => {
  browser = await chromium.launch({ executablePath: await ensureBrowser(), args: [...BROWSER_FLAGS] });
  house = await makeHouse(["owner", "creator", "viewer", "buyer"]);
  other = await makeHouse(["owner"]);
});
afterAll(() => browser.close());

function at(index: number, of: House = house): Person {
  const person = of.people[index];
  if (person === undefined) throw new Error(`nobody is number ${index}`);
  return person;
}

/** The page as this person sees it, in a browser that runs no script unless the test measures with one. */
async function visit(person: Person, viewport = DESK, javaScriptEnabled = false): Promise<Page> {
  const context: BrowserContext = await browser.newContext({ viewport, javaScriptEnabled });
  const [name = "", value = ""] = (person.browser.cookie ?? "").split(/=(.*)/s);
  await context.addCookies([
    { name, value, domain: "localhost", path: "/", secure: true, httpOnly: true, sameSite: "Lax" },
  ]);
  const page = await context.newPage();
  expect((await page.goto(url + PATH))?.status()).toBe(200);
  expect(new URL(page.url()).pathname).toBe(PATH);
  return page;
}

function row(page: Page, text: string) {
  return page.locator(".rows > li", { hasText: text });
}

async function keysOf(person: Person): Promise<z.infer<typeof keySchema>[]> {
  return (await person.api.get("/api/keys")).expect(200, pageSchema(keySchema)).items;
}

async function keyNamed(person: Person, name: string) {
  const found = (await keysOf(person)).find((key) => key.name === name);
  if (found === undefined) throw new Error(`no key is called ${name}`);
  return found;
}

async function register(page: Page, name: string, publicKey: string): Promise<void> {
  await page.locator("#register-name").fill(name);
  await page.getByLabel("Public key", { exact: true }).fill(publicKey);
  await page.getByRole("button", { name: "Register the key" }).click();
}

async function make(page: Page, name: string): Promise<void> {
  await page.locator("#make-name").fill(name);
  await page.getByRole("button", { name: "Make the key" }).click();
}

describe("/account/keys", () => {
  test("registers a key as PEM and as base64, and shows it with its fingerprint", async () => {
    const page = await visit(at(0));
    const [pem, base64] = [await newKey(), await newKey()];
    await register(page, "laptop", formatPublicKey(pem.publicKey));
    expect(new URL(page.url()).pathname).toBe(PATH);
    await register(page, "desk", publicText(base64));
    for (const [name, key] of [
      ["laptop", pem],
      ["desk", base64],
    ] as const) {
      const shown = await row(page, name).textContent();
      expect(shown).toContain(fingerprintOf(await idOf(key)));
      expect(shown).toContain("Registered");
      expect(shown).toContain("in use");
      expect((await keyNamed(at(0), name)).keyId).toBe(await idOf(key));
    }
    // Who holds it outside goes on at the command line.
    await row(page, "desk").getByText("Rotate…").click();
    expect(await row(page, "desk").locator("pre").first().textContent()).toContain(
      `oursynth keys rotate ${await idOf(base64)} `,
    );
  });

  test("refuses what is no key beside its field, and keeps what was typed", async () => {
    const page = await visit(at(0));
    const before = await keysOf(at(0));
    await register(page, "not a key", "bm9uc2Vuc2U=");
    expect(await page.locator("#publicKey-error").textContent()).toContain("not an Ed25519 public key");
    expect(await page.locator("#register-name").inputValue()).toBe("not a key");
    expect(await page.locator("#publicKey").inputValue()).toBe("bm9uc2Vuc2U=");
    expect(await page.locator("#make-name").inputValue()).toBe("");
    await register(page, " ", "");
    expect(await page.locator("#register-name-error").textContent()).toContain("name");
    expect(await page.locator("#publicKey-error").textContent()).toContain("Give the public key");
    await make(page, "");
    expect(await page.locator("#make-name-error").textContent()).toContain("name");
    expect(await page.locator("#register-name-error").count()).toBe(0);
    expect(await keysOf(at(0))).toEqual(before);
  });

  test("makes a key in the vault, rotates it to a successor, and revokes that with the time of its leak", async () => {
    const page = await visit(at(0));
    await make(page, "signer");
    expect(await row(page, "signer").textContent()).toContain("Made in the vault");
    const first = await keyNamed(at(0), "signer");
    expect(first.isInVault).toBe(true);

    await row(page, first.fingerprint).getByText("Rotate…").click();
    await row(page, first.fingerprint).getByRole("button", { name: "Rotate signer" }).click();
    const details = row(page, first.fingerprint).locator("details").first();
    expect(await details.getAttribute("open")).not.toBeNull();
    expect(await details.locator(".error").textContent()).toContain("Say why");
    await details.getByLabel("Why").fill("yearly");
    await details.getByRole("button", { name: "Rotate signer" }).click();
    expect(new URL(page.url()).pathname).toBe(PATH);
    const rotated = (await keysOf(at(0))).find(({ keyId }) => keyId === first.keyId);
    expect(rotated?.state).toMatchObject({ kind: "rotated", reason: "yearly" });
    const successorId = rotated?.state?.successorKeyId ?? "";
    const old = page.locator(".rows > li", { hasText: first.keyId });
    expect(await old.locator(".tag").textContent()).toBe("rotated");
    expect(await old.textContent()).toContain(`Its successor is ${fingerprintOf(successorId)}`);
    expect(await old.getByText("Rotate…").count()).toBe(0);

    const successor = page.locator(".rows > li", { hasText: successorId });
    await successor.getByText("Revoke…").click();
    await successor.locator('input[name="compromisedSince"]').fill("2999-01-01T00:00");
    await successor.locator('input[name="reason"]').last().fill("laptop stolen");
    await successor.getByRole("button", { name: "Revoke signer" }).click();
    expect(await successor.locator(".error").textContent()).toContain("future");
    await successor.locator('input[name="compromisedSince"]').fill("2026-01-02T03:04");
    await successor.getByRole("button", { name: "Revoke signer" }).click();
    expect(await successor.locator(".tag").textContent()).toBe("revoked");
    const shown = await successor.textContent();
    expect(shown).toContain("laptop stolen");
    expect(shown).toContain("leaked since 2026-01-02 03:04 UTC");
    const state = (await keysOf(at(0))).find(({ keyId }) => keyId === successorId)?.state;
    expect(state).toMatchObject({ kind: "revoked", compromisedSince: Date.UTC(2026, 0, 2, 3, 4) });
  });

  test("revokes in every project that trusts the key", async () => {
    const project = await makeProject(at(0).api);
    const keyId = await idOf(project.key);
    const page = await visit(at(0));
    const line = page.locator(".rows > li", { hasText: keyId });
    await line.getByText("Revoke…").click();
    await line.locator('input[name="reason"]').fill("lost");
    await line.getByRole("button", { name: "Revoke e2e" }).click();
    expect(await line.locator(".tag").textContent()).toBe("revoked");
    expect(await stateOf(project, keyId)).toMatchObject({ kind: "revoked" });
  });

  test("shows the list alone to who may only read, and nothing to who may not", async () => {
    const made = await at(0).api.post("/api/keys", { name: "to be seen", make: true });
    const { keyId } = made.expect(201, addedKeySchema);
    for (const person of [at(1), at(2)]) {
      const page = await visit(person);
      expect(await row(page, "to be seen").count()).toBe(1);
      expect(await page.locator("main form").count()).toBe(0);
      expect(await page.locator("details").count()).toBe(0);
    }
    const buyer = await visit(at(3));
    expect(await buyer.content()).not.toContain(keyId);
    // The forms that they do not see refuse them, too.
    for (const path of [`${PATH}/make`, `${PATH}/${keyId}/rotate`, `${PATH}/${keyId}/revoke`]) {
      const body = new URLSearchParams({ name: "smuggled", reason: "smuggled" });
      const answer = await fetch(url + path, {
        method: "POST",
        body,
        headers: at(2).browser,
        redirect: "manual",
      });
      expect(answer.status, path).toBe(403);
    }
    expect((await keyNamed(at(0), "to be seen")).state).toBeUndefined();
  });

  test("never shows or changes another tenant's keys", async () => {
    const made = await at(0, other).api.post("/api/keys", { name: "of the others", make: true });
    const { keyId } = made.expect(201, addedKeySchema);
    const page = await visit(at(0));
    expect(await page.content()).not.toContain(keyId);
    for (const verb of ["rotate", "revoke"]) {
      const body = new URLSearchParams({ reason: "not mine" });
      const headers = at(0).browser;
      const path = `${url}${PATH}/${keyId}/${verb}`;
      const answer = await fetch(path, { method: "POST", body, headers, redirect: "manual" });
      expect(answer.status, verb).toBe(404);
    }
    expect((await keyNamed(at(0, other), "of the others")).state).toBeUndefined();
  });

  test("asks for the password once more when the sign-in is old, and comes back", async () => {
    const page = await visit(at(0));
    await ageSignIn(at(0).browserSessionId, 16 * 60_000);
    await make(page, "too late");
    expect(new URL(page.url()).pathname).toBe("/account/confirm");
    expect(await page.locator('input[name="next"]').inputValue()).toBe(PATH);
    await ageSignIn(at(0).browserSessionId, 0);
    expect((await keysOf(at(0))).some(({ name }) => name === "too late")).toBe(false);
  });
});

describe("with owners' keys", () => {
  test("says who must sign a rotation, and with which commands", async () => {
    const owner = at(0, await makeHouse(["owner"]));
    const holder = await newKey();
    const asked = { threshold: 1, publicKeys: [publicText(holder)], expectedRevision: 0 };
    const awaiting = (await owner.api.send("PUT", "/api/owner-keys", { json: asked })).expect(
      202,
      awaitingSignaturesSchema,
    );
    const json = { ...asked, envelope: await signAwaiting(awaiting, [holder]) };
    (await owner.api.send("PUT", "/api/owner-keys", { json })).expect(200, ownerKeysAnswerSchema);

    const page = await visit(owner);
    expect(await page.getByRole("status").textContent()).toContain("1 of its owners' keys");
    await make(page, "signer");
    const { keyId } = await keyNamed(owner, "signer");
    await row(page, "signer").getByText("Rotate…").click();
    await row(page, "signer").locator('input[name="reason"]').first().fill("it's time");
    await row(page, "signer").getByRole("button", { name: "Rotate signer" }).click();
    expect(await page.getByRole("status").textContent()).toContain("Nothing has changed yet");
    const commands = await page.locator("pre").allTextContents();
    expect(commands).toEqual([
      `oursynth keys rotate ${keyId} --reason 'it'\\''s time' --out rotation.json`,
      "oursynth keys sign rotation.json --key key.pem",
      `oursynth keys rotate ${keyId} --reason 'it'\\''s time' --envelope rotation.json`,
    ]);
    expect(await page.locator("main").textContent()).toContain(fingerprintOf(await idOf(holder)));
    expect((await keyNamed(owner, "signer")).state).toBeUndefined();

    // An owner's own key is changed among the owners first.
    await page.goto(url + PATH);
    await register(page, "of an owner", publicText(holder));
    expect(await row(page, "of an owner").getByText("of the owners").count()).toBe(1);
    expect(await row(page, "of an owner").getByText("Rotate…").count()).toBe(0);
  });
});

describe("on a telephone and on a desk", () => {
  for (const viewport of [PHONE, DESK]) {
    test(`nothing overflows at ${viewport.width} px, every field has a label, and there is no script`, async () => {
      const page = await visit(at(0), viewport, true);
      for (const summary of await page.locator("summary").all()) await summary.click();
      const { scrollWidth, clientWidth } = await page.evaluate(() => {
        const { scrollWidth, clientWidth } = document.documentElement;
        return { scrollWidth, clientWidth };
      });
      expect(scrollWidth).toBeLessThanOrEqual(clientWidth);
      expect(await page.locator("script").count()).toBe(0);
      for (const field of await page.locator('input:not([type="hidden"]), textarea').all()) {
        const id = await field.getAttribute("id");
        expect(await page.locator(`label[for="${id}"]`).count(), `${id}`).toBe(1);
      }
    });
  }
});
