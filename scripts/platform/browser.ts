// The browser of the tests: one that is named (CHROMIUM_PATH), or the Chromium that comes as an npm package on Linux, or
// the one that is installed.
import { existsSync } from "node:fs";
import { platform } from "node:os";
import chromium from "@sparticuz/chromium";

const INSTALLED = [
  "/usr/bin/chromium",
  "/usr/bin/google-chrome",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe",
  "C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe",
];

/** What lets hosted apps be opened, and keeps the browser from asking anything of the network. */
export const BROWSER_FLAGS: readonly string[] = [
  "--no-sandbox",
  "--disable-dev-shm-usage",
  "--disable-background-networking",
  "--disable-component-update",
  "--no-first-run",
  "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost, EXCLUDE *.localhost",
];

/** The path of a Chromium that can be started; throws in plain words when there is none. */
export async function ensureBrowser(): Promise<string> {
  const named = process.env.CHROMIUM_PATH;
  if (named !== undefined) {
    if (existsSync(named)) return named;
    throw new Error(`CHROMIUM_PATH is ${named}, but there is nothing there.`);
  }
  if (platform() === "linux" && process.arch === "x64") return await chromium.executablePath();
  const installed = INSTALLED.find((path) => existsSync(path));
  if (installed !== undefined) return installed;
  throw new Error("The browser tests need Chrome, Edge or Chromium: install one, or set CHROMIUM_PATH.");
}
