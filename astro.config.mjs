// The site lives inside the one Worker: Astro builds pages and the Worker's entry together (docs/decisions/0001).
import cloudflare from "@astrojs/cloudflare";
import preact from "@astrojs/preact";
import { defineConfig, sessionDrivers } from "astro/config";

// The tokens stand on `light-dark()`; for the Worker's own pages it would be rewritten for browsers from before 2024.
const cssAsWritten = {
  name: "css-as-written",
  enforce: "post",
  /** @param {string} _name @param {import("vite").EnvironmentOptions} options */
  configEnvironment(_name, options) {
    options.build = { ...options.build, cssTarget: ["chrome123", "edge123", "firefox120", "safari17.5"] };
  },
};

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
  // Only the site's own islands; the pages in workers/ are made with another JSX.
  integrations: [preact({ include: ["**/site/**/*.tsx"] })],
  vite: { plugins: [cssAsWritten] },
  adapter: cloudflare({
    configPath: "./.generated/wrangler.build.toml",
    imageService: "passthrough",
    prerenderEnvironment: "node",
  }),
});
