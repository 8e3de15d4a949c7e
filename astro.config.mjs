// The site lives inside the one Worker: Astro builds pages and the Worker's entry together (docs/decisions/0001).
import cloudflare from "@astrojs/cloudflare";
import preact from "@astrojs/preact";
import { defineConfig, sessionDrivers } from "astro/config";

export default defineConfig({
  srcDir: "./site",
  publicDir: "./site/public",
  output: "static",
  // No page of ours keeps an Astro session; without this the adapter asks for a KV namespace.
  session: { driver: sessionDrivers.null() },
  security: { csp: true },
  devToolbar: { enabled: false },
  // No page shows code; the highlighter would want inline styles.
  markdown: { syntaxHighlight: false },
  // Only the site is Preact: the Worker's own pages are hono/jsx, and nothing else needs a second transform.
  integrations: [preact({ include: ["**/site/**/*.tsx"] })],
  adapter: cloudflare({
    configPath: "./.generated/wrangler.build.toml",
    imageService: "passthrough",
    prerenderEnvironment: "node",
  }),
});
