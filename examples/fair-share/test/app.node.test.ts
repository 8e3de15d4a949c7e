/** The app as a visitor meets it: forms, redirects, exports, the API and its errors. */
import { describe, expect, it } from "vitest";
import { settleExample } from "../src/api/settle-example.ts";
import app from "../src/index.ts";

const origin = "http://fair.test";
const env = { TITLE: "Fair Share", DEFAULT_CURRENCY: "EUR" };

function get(path: string): Response | Promise<Response> {
  return app.request(origin + path, {}, env);
}

function post(path: string, fields: Record<string, string>): Response | Promise<Response> {
  return app.request(origin + path, { method: "POST", body: new URLSearchParams(fields) }, env);
}

async function pathAfter(response: Response | Promise<Response>): Promise<string> {
  const answer = await response;
  expect(answer.status).toBe(303);
  return (answer.headers.get("location") ?? "").split("?")[0] ?? "";
}

describe("app", () => {
  it("goes from an empty start to a settled list by forms alone", async () => {
    let path = await pathAfter(post("/books", { title: "Flat", people: "Ana\nBen", currency: "EUR" }));
    const dinner = { title: "Dinner", amount: "30", currency: "EUR", paidBy: "0", date: "", kind: "equal" };
    path = await pathAfter(post(`${path}/expenses`, { ...dinner, "share-0": "1", "share-1": "1" }));
    expect(await (await get(path)).text()).toContain("€15.00");
    path = await pathAfter(post(`${path}/repayments`, { from: "1", to: "0", amount: "15.00" }));
    expect(await (await get(path)).text()).toContain("Everyone is even.");
  });

  it("keeps what was typed and says what is wrong", async () => {
    const path = await pathAfter(get("/example"));
    const answer = await post(`${path}/expenses`, {
      title: "<b>Boat</b>",
      amount: "x",
      kind: "equal",
      paidBy: "0",
    });
    const page = await answer.text();
    expect(answer.status).toBe(422);
    expect(page).toContain("&lt;b&gt;Boat&lt;/b&gt;");
    expect(page).not.toContain("<b>Boat");
    expect(page).toContain("Please enter an amount such as 12.50.");
  });

  it.each(["", "/print", "/expenses.csv", "/payments.csv", "/summary.json", "/expenses/new", "/expenses/4"])(
    "serves the example trip at %s",
    async (suffix) => {
      expect((await get((await pathAfter(get("/example?lang=de"))) + suffix)).status).toBe(200);
    },
  );

  it("removes, renames and re-rates", async () => {
    const path = await pathAfter(get("/example"));
    expect((await post(`${path}/people/0/remove`, {})).status).toBe(422);
    await pathAfter(post(`${path}/people/0`, { name: "Ami" }));
    await pathAfter(post(`${path}/expenses/0/remove`, {}));
    await pathAfter(post(`${path}/rates`, { currency: "USD", rate: "0,92" }));
    await pathAfter(post(`${path}/rates/GBP/remove`, {}));
    expect((await post(`${path}/rates/CHF/remove`, {})).status).toBe(422);
    await pathAfter(post(`${path}/settings`, { title: "Lake", currency: "CHF" }));
  });

  it("settles the documented API example and links to its page", async () => {
    const answer = await app.request(`${origin}/api/settle`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(settleExample),
    });
    const body = (await answer.json()) as { total: string; payments: unknown[]; link: string };
    expect(answer.status).toBe(200);
    expect(body.total).toBe("113.00");
    expect(body.payments).toHaveLength(2);
    expect((await app.request(body.link)).status).toBe(200);
  });

  it.each([
    ["text/plain", "{}", 415],
    ["application/json", "{", 400],
    ["application/json", "[]", 422],
    ["application/json", `"${"x".repeat(70_000)}"`, 413],
  ])("answers a bad API call (%s) with a problem document", async (type, body, status) => {
    const headers = { "content-type": type };
    const answer = await app.request(`${origin}/api/settle`, { method: "POST", headers, body });
    expect(answer.status).toBe(status);
    expect(answer.headers.get("content-type")).toContain("application/problem+json");
  });

  it("has a strict policy, a health check, and a friendly page for the unknown", async () => {
    const home = await get("/");
    expect(home.headers.get("content-security-policy")).toContain("default-src 'none'");
    expect(await home.text()).not.toMatch(/<script|style="/);
    expect(await (await get("/health")).json()).toEqual({ status: "ok" });
    expect((await get("/nowhere")).status).toBe(404);
    expect((await get("/s/broken")).status).toBe(400);
  });
});
