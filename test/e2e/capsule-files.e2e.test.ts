// Looking for a capsule, and reading what one holds, over HTTP.
import { beforeAll, describe, expect, test } from "vitest";
import { capsuleFactsSchema } from "../../schemas/api/capsules.ts";
import { pageSchema } from "../../schemas/api/common.ts";
import { ownerClient } from "./support/api-client.ts";
import { type MadeCapsule, makeCapsule } from "./support/capsule-maker.ts";
import { expectRefusal } from "./support/expect-refusal.ts";
import { makeProject, type TestProject } from "./support/test-project.ts";

const ODD_PATH = "notes/ü \u2028ß.html";

let project: TestProject;
let first: MadeCapsule;

beforeAll(async () => {
  project = await makeProject(ownerClient());
  first = await makeCapsule(
    project.key,
    { [ODD_PATH]: "<h1>Notes</h1>", "index.html": "<h1>One</h1>" },
    { version: "1.0.0" },
  );
  await project.push(first);
  await project.push(
    await makeCapsule(
      project.key,
      { "index.html": "<h1>Two</h1>" },
      { name: "100% Ünder_way", version: "2.0.0" },
    ),
  );
});

describe("a project's capsules", () => {
  async function find(q: string): Promise<string[]> {
    const answer = await project.api.get(project.path(`/capsules?q=${encodeURIComponent(q)}`));
    return answer.expect(200, pageSchema(capsuleFactsSchema)).items.map(({ version }) => version);
  }

  test("are found by name, by version, by the beginning of a digest, and by nothing else", async () => {
    expect(await find("")).toEqual(["2.0.0", "1.0.0"]);
    expect(await find("ÜNDER_W")).toEqual(["2.0.0"]);
    expect(await find("100%")).toEqual(["2.0.0"]);
    // Neither is a pattern.
    expect(await find("1%0")).toEqual([]);
    expect(await find("1_0")).toEqual([]);
    expect(await find("@1.0")).toEqual(["1.0.0"]);
    const hex = first.capsuleDigest.slice("sha256:".length);
    expect(await find(first.capsuleDigest.slice(0, 20))).toEqual(["1.0.0"]);
    expect(await find(hex.slice(0, 12).toUpperCase())).toEqual(["1.0.0"]);
    expect(await find(hex.slice(1, 40))).toEqual([]);
  });

  test("say in whose name they came in", async () => {
    const whoami = (await project.api.get("/api/whoami")).json() as { user: { id: string } };
    const answer = await project.api.get(project.path("/capsules"));
    const { items } = answer.expect(200, pageSchema(capsuleFactsSchema));
    expect(items.map(({ acceptedBy }) => acceptedBy)).toEqual([whoami.user.id, whoami.user.id]);
  });
});

describe("a capsule's files", () => {
  const path = (file: string, digest = first.capsuleDigest) =>
    `/api/capsules/${digest}/files/${file.split("/").map(encodeURIComponent).join("/")}`;

  test("go out one by one, as attachments that nothing runs, whatever their path holds", async () => {
    const answer = await project.api.get(path(ODD_PATH));
    expect([answer.status, answer.text]).toEqual([200, "<h1>Notes</h1>"]);
    expect(answer.headers.get("content-type")).toBe("application/octet-stream");
    expect(answer.headers.get("content-disposition")).toMatch(/^attachment/);
    expect(answer.headers.get("content-security-policy")).toMatch(/^sandbox/);
    expect(answer.headers.get("x-content-type-options")).toBe("nosniff");
  });

  test("that it does not hold are 404, and a digest that is none is 400", async () => {
    await expectRefusal(project, () => project.api.get(path("index.htm")), "not-found", /holds no file/);
    const other = `sha256:${"0".repeat(64)}`;
    await expectRefusal(project, () => project.api.get(path("index.html", other)), "not-found", /no capsule/);
    await expectRefusal(project, () => project.api.get(path("index.html", "x")), "validation", /digest/);
  });
});
