// Which library's JSX an app is written in, when a file does not say so itself.
import type { ManifestFile } from "../../schemas/manifest.ts";

const DEFAULT_SOURCE = "hono/jsx";
const CONFIGURATION_FILES = ["tsconfig.json", "jsconfig.json"];

/** `compilerOptions.jsxImportSource` of the capsule, else preact when it depends on it, else Hono's. */
export async function chooseJsxImportSource(
  files: ReadonlyMap<string, ManifestFile>,
  read: (file: ManifestFile) => Promise<string>,
): Promise<string> {
  for (const name of CONFIGURATION_FILES) {
    const file = files.get(name);
    const chosen = file === undefined ? null : findJsxImportSource(await read(file));
    if (chosen !== null) return chosen;
  }
  const packageFile = files.get("package.json");
  if (packageFile !== undefined && dependsOnPreact(await read(packageFile))) return "preact";
  return DEFAULT_SOURCE;
}

/** These files hold comments and trailing commas, so they are not parsed; whole-line comments are skipped. */
function findJsxImportSource(text: string): string | null {
  const uncommented = text.replace(/^\s*\/\/.*$/gm, "").replace(/\/\*[\s\S]*?\*\//g, "");
  return /"jsxImportSource"\s*:\s*"([^"]+)"/.exec(uncommented)?.[1] ?? null;
}

function dependsOnPreact(text: string): boolean {
  try {
    const parsed: unknown = JSON.parse(text);
    if (typeof parsed !== "object" || parsed === null || !("dependencies" in parsed)) return false;
    const { dependencies } = parsed;
    return typeof dependencies === "object" && dependencies !== null && "preact" in dependencies;
  } catch {
    // A broken package.json matters to no one here: the compiler reads nothing else from it.
    return false;
  }
}
