// A plain static site: what comes out is files, each asset named by a hash of its content.
import { defineConfig } from "astro/config";

export default defineConfig({
  outDir: "./dist",
  cacheDir: "./.astro/cache",
  trailingSlash: "always",
  build: { format: "directory", inlineStylesheets: "never" },
  devToolbar: { enabled: false },
  markdown: { syntaxHighlight: false },
  // No script is small enough to be put into the page.
  vite: { cacheDir: "./.astro/vite", build: { assetsInlineLimit: 0 } },
});
