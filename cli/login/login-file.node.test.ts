import { mkdir, readFile, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { temporaryFolder } from "../test-support/temporary-folder.ts";
import { forgetLogin, keepLogin, loginFile, readLogin } from "./login-file.ts";

const HERE = new URL("http://localhost:8787");
const THERE = new URL("https://platform.example");

describe("logins", () => {
  test("are kept where the system keeps settings, or where OURSYNTH_CONFIG says", () => {
    if (process.platform === "win32") return;
    expect(loginFile({ HOME: "/home/ada" })).toBe("/home/ada/.config/oursynth/logins.json");
    expect(loginFile({ HOME: "/home/ada", XDG_CONFIG_HOME: "/settings" })).toBe(
      "/settings/oursynth/logins.json",
    );
    expect(loginFile({ HOME: "/home/ada", XDG_CONFIG_HOME: " ", OURSYNTH_CONFIG: "/mine" })).toBe(
      "/mine/logins.json",
    );
  });

  test("are one a platform, private, and forgotten one at a time", async () => {
    const environment = { OURSYNTH_CONFIG: join(await temporaryFolder(), "new", "folder") };
    expect(await readLogin(HERE, environment)).toBeNull();
    await keepLogin(HERE, "osl_here", environment);
    await keepLogin(THERE, "osl_there", environment);
    await keepLogin(HERE, "osl_again", environment);
    expect(await readLogin(HERE, environment)).toBe("osl_again");
    expect(await readLogin(new URL("http://localhost:8788"), environment)).toBeNull();
    const path = loginFile(environment);
    if (process.platform !== "win32") {
      expect((await stat(path)).mode & 0o777).toBe(0o600);
      expect((await stat(dirname(path))).mode & 0o777).toBe(0o700);
    }
    await forgetLogin(HERE, environment);
    expect(await readLogin(HERE, environment)).toBeNull();
    expect(await readLogin(THERE, environment)).toBe("osl_there");
    expect(await readFile(path, "utf8")).not.toContain("osl_again");
  });

  test("that are not ours to read are told with what to do", async () => {
    const environment = { OURSYNTH_CONFIG: await temporaryFolder() };
    await mkdir(environment.OURSYNTH_CONFIG, { recursive: true });
    await writeFile(loginFile(environment), "{ not json");
    await expect(readLogin(HERE, environment)).rejects.toThrow(/is not what oursynth login writes/);
  });
});
