// A Chromium of a bench's own that is signed in to a platform, and that other tools can reach at a debugging port.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type BrowserContext, chromium } from "playwright-core";
import { BROWSER_FLAGS, ensureBrowser } from "../../scripts/platform/browser.ts";
import { findFreePort } from "../../scripts/platform/free-port.ts";
import { executeLocally } from "../../scripts/platform/owner-link.ts";
import type { StateFolder } from "../../scripts/platform/state-folder.ts";
import { SESSION_COOKIE, signForCookie } from "../../workers/identity/session-credential.ts";
import { readSessionSecret } from "../read-session-secret.ts";

export type SignedInBrowser = {
  readonly context: BrowserContext;
  readonly debuggingPort: number;
  readonly close: () => Promise<void>;
};

const SESSION_MS = 3_600_000;

/** Signed in as the platform's owner, by a session row that the platform's own key has signed. */
export async function openSignedIn(state: StateFolder): Promise<SignedInBrowser> {
  const token = `bench${crypto.randomUUID()}`;
  const now = Date.now();
  await executeLocally(
    state,
    `INSERT INTO "session" ("id", "expiresAt", "token", "createdAt", "updatedAt", "userId", "activeOrganizationId", "signedInAt")
     SELECT 'ses_${token}', ${now + SESSION_MS}, '${token}', ${now}, ${now}, "userId", "organizationId", ${now}
     FROM "member" WHERE "role" = 'owner' LIMIT 1;`,
  );
  const folder = await mkdtemp(join(tmpdir(), "oursynth-bench-browser-"));
  const debuggingPort = await findFreePort();
  const context = await chromium.launchPersistentContext(folder, {
    executablePath: await ensureBrowser(),
    args: [...BROWSER_FLAGS, `--remote-debugging-port=${debuggingPort}`],
    viewport: { width: 1440, height: 900 },
  });
  await context.addCookies([
    {
      name: SESSION_COOKIE,
      value: await signForCookie(token, await readSessionSecret(state)),
      domain: "localhost",
      path: "/",
      secure: true,
      httpOnly: true,
      sameSite: "Lax",
    },
  ]);
  return {
    context,
    debuggingPort,
    async close() {
      await context.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
