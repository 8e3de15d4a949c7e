// Which project a command about keys is for.
import type { CommandContext } from "../command-context.ts";

/** Here no project means the whole organization, so none is guessed. */
export function projectOf({
  connection,
  environment,
}: Pick<CommandContext, "connection" | "environment">): string | undefined {
  return connection.project ?? (environment.OURSYNTH_PROJECT || undefined);
}
