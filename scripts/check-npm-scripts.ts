// npm runs scripts by cmd.exe on Windows and by sh elsewhere: only what both read alike is allowed.
import { readFile } from "node:fs/promises";

/** `program argument …`: no pipes, chains, variables, quotes, globs or redirections. */
const PLAIN_COMMAND = /^[a-z0-9-]+( [a-zA-Z0-9@:=_./-]+)*$/;

/** A sentence for each script of a package.json that is more than one plain command. */
export async function findScriptProblems(packageFile: string): Promise<string[]> {
  const { scripts } = JSON.parse(await readFile(packageFile, "utf8")) as { scripts: Record<string, string> };
  return Object.entries(scripts)
    .filter(([, command]) => !PLAIN_COMMAND.test(command))
    .map(
      ([name, command]) =>
        `The npm script ${name} is not one plain command: ${command}. Put it into scripts/.`,
    );
}
