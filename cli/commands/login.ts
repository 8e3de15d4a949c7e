// `oursynth login` and `oursynth logout`: a terminal signed in by its person in a browser (RFC 8628).
import { spawn } from "node:child_process";
import type { Command } from "commander";
import { type CommandContext, type ContextOf, examples } from "../command-context.ts";
import { PlatformClient, ProblemError } from "../http/client.ts";
import { platformUrl, type Whoami } from "../http/connection.ts";
import { forgetLogin, keepLogin, loginFile, readLogin } from "../login/login-file.ts";
import { CLIENT_ID, type DeviceCode, pollDeviceToken } from "../login/poll-device-token.ts";
import { CliError } from "../output/cli-error.ts";
import { printable } from "../output/format.ts";

const HALF_CODE = 4;

export function addLogin(program: Command, contextOf: ContextOf): void {
  program
    .command("login")
    .description("sign this terminal in: it shows a code, and you approve it in a browser")
    .option("--open", "open the browser as well, when this is a terminal")
    .addHelpText("after", examples("oursynth login", "oursynth login --url https://platform.example"))
    .action((options: { open?: boolean }, command: Command) =>
      login(contextOf(command), options.open ?? false),
    );
  program
    .command("logout")
    .description("end the login of this terminal; it stops working at once")
    .addHelpText("after", examples("oursynth logout"))
    .action((_options: unknown, command: Command) => logout(contextOf(command)));
}

async function login(context: CommandContext, isToOpen: boolean): Promise<void> {
  const { reporter, connection, environment, cwd, signal } = context;
  const url = await platformUrl(connection, environment, cwd);
  const nobody = new PlatformClient({ url, token: null, signal });
  const code = await nobody.post<DeviceCode>("/api/auth/device/code", { client_id: CLIENT_ID });
  const shown = `${code.user_code.slice(0, HALF_CODE)}-${code.user_code.slice(HALF_CODE)}`;
  reporter.note(`Open ${code.verification_uri} in a browser and type this code:\n\n  ${shown}\n`);
  reporter.note(`Or open ${code.verification_uri_complete} and compare it. Waiting …`);
  if (isToOpen && reporter.isTerminal) openBrowser(code.verification_uri_complete);
  const { access_token: credential } = await pollDeviceToken(nobody, code, signal);
  const before = await readLogin(url, environment);
  await keepLogin(url, credential, environment);
  // The login that this one takes the place of would live on for weeks, with nobody to use it.
  if (before !== null) await endLogin(new PlatformClient({ url, token: before, signal }));
  const me = await new PlatformClient({ url, token: credential, signal }).get<Whoami>("/api/whoami");
  reporter.result({ url: url.origin, user: me.user, organization: me.organization, role: me.role }, [
    `Signed in to ${url.origin} as ${printable(me.user.name)}, ${me.role} of ${printable(me.organization.name)}.`,
  ]);
}

async function logout({ reporter, connection, environment, cwd, signal }: CommandContext): Promise<void> {
  const url = await platformUrl(connection, environment, cwd);
  const credential = await readLogin(url, environment);
  if (credential === null) {
    throw new CliError(`This terminal is not signed in to ${url.origin} by a login.`, {
      hint: `Logins are kept in ${loginFile(environment)}.`,
    });
  }
  await endLogin(new PlatformClient({ url, token: credential, signal }));
  await forgetLogin(url, environment);
  reporter.result({ url: url.origin, isSignedIn: false }, [`Signed out of ${url.origin}.`]);
}

/** Ends it on the platform; one that has ended already is as good. */
async function endLogin(client: PlatformClient): Promise<void> {
  try {
    await client.requestJson("/api/sessions/current", { method: "DELETE" });
  } catch (error) {
    if (!(error instanceof ProblemError && error.status === 401)) throw error;
  }
}

/** Only an http(s) address that the platform named; whether a browser comes is its own affair. */
function openBrowser(address: string): void {
  if (!/^https?:\/\/[^\s"]+$/.test(address)) return;
  const [program, ...words] =
    process.platform === "win32"
      ? ["rundll32", "url.dll,FileProtocolHandler", address]
      : [process.platform === "darwin" ? "open" : "xdg-open", address];
  spawn(program ?? "xdg-open", words, { stdio: "ignore", detached: true })
    .on("error", () => undefined)
    .unref();
}
