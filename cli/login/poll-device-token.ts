// Asks until the person has decided (RFC 8628 §3.4 and §3.5).
import { setTimeout as delay } from "node:timers/promises";
import type * as z from "zod";
import type {
  deviceCodeSchema,
  deviceTokenRequestSchema,
  deviceTokenSchema,
} from "../../schemas/api/sessions.ts";
import { type PlatformClient, ProblemError } from "../http/client.ts";
import { CliError } from "../output/cli-error.ts";

export type DeviceCode = z.infer<typeof deviceCodeSchema>;
type DeviceToken = z.infer<typeof deviceTokenSchema>;
type DeviceTokenRequest = z.infer<typeof deviceTokenRequestSchema>;

/** How the command line names itself (workers/identity/accounts.ts). */
export const CLIENT_ID = "oursynth-cli";
/** §3.5: each `slow_down` adds so much, for good. */
const SLOW_DOWN_MS = 5_000;
const AGAIN = "Run `oursynth login` again.";

/** The login's credential. Throws a CliError when the person denies it or the code ends. */
export async function pollDeviceToken(
  client: PlatformClient,
  code: DeviceCode,
  signal: AbortSignal,
): Promise<DeviceToken> {
  const deadline = Date.now() + code.expires_in * 1_000;
  const request: DeviceTokenRequest = {
    grant_type: "urn:ietf:params:oauth:grant-type:device_code",
    device_code: code.device_code,
    client_id: CLIENT_ID,
  };
  for (let intervalMs = code.interval * 1_000; Date.now() < deadline; ) {
    await wait(intervalMs, signal);
    try {
      return await client.post<DeviceToken>("/api/auth/device/token", request);
    } catch (error) {
      const reason = reasonOf(error);
      if (reason === "authorization_pending") continue;
      if (reason === "slow_down") intervalMs += SLOW_DOWN_MS;
      else if (reason === "access_denied")
        throw new CliError("You denied it in the browser.", { code: "denied" });
      else if (reason === "expired_token" || reason === "invalid_grant") break;
      else throw error;
    }
  }
  throw new CliError("The code ended before anybody approved it.", { code: "expired", hint: AGAIN });
}

async function wait(timeMs: number, signal: AbortSignal): Promise<void> {
  try {
    await delay(timeMs, undefined, { signal });
  } catch (error) {
    if (signal.aborted) throw new CliError("Interrupted; nothing was signed in.", { code: "interrupted" });
    throw error;
  }
}

function reasonOf(error: unknown): string | null {
  return error instanceof ProblemError && typeof error.problem.error === "string"
    ? error.problem.error
    : null;
}
