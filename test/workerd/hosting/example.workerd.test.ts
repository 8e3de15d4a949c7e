// The demo app (examples/fair-share), compiled and run as a visitor meets it.
import { env, exports } from "cloudflare:workers";
import { expect, test } from "vitest";
import { checkHealth } from "../../../adapters/loader/health-check.ts";
import { authoredManifestSchema } from "../../../schemas/manifest.ts";
import { compile, launch, visit } from "./support.ts";

const { TEST_EXAMPLE } = env as Cloudflare.Env & { readonly TEST_EXAMPLE: Readonly<Record<string, string>> };
const { "capsule.json": authored = "{}", ...sources } = TEST_EXAMPLE;
const { framework, ...settings } = authoredManifestSchema.parse(JSON.parse(authored)).app;
const app = { ...settings, framework: framework ?? "worker" };

test("the demo app compiles without a warning, starts, is healthy and serves its first page", async () => {
  const compiled = await compile(sources, { app });
  expect(compiled).toMatchObject({ ok: true, value: { warnings: [] } });
  const { hostname, identity } = await launch(sources, { app });
  expect(await checkHealth(env, exports, identity)).toMatchObject({ ok: true, value: { status: 200 } });
  const page = await visit(hostname);
  expect(page.status).toBe(200);
  expect(await page.text()).toContain("Fair Share");
});
