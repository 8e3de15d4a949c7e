// What a project object answers instead of throwing: an error's own properties do not survive RPC (STYLE 29).

export type ProjectFailure = {
  readonly code:
    | "not-found"
    | "conflict"
    | "head-moved"
    | "revision-moved"
    | "gate-moved"
    | "trust-moved"
    | "secrets-missing"
    | "confirmation-void"
    | "confirmation-needed";
  readonly message: string;
};

export function notFound(message: string): ProjectFailure {
  return { code: "not-found", message };
}

/** What to say when a branch no longer stands where the caller last saw it; null when it does. 0: not there yet. */
export function findMovedHead(
  branch: string,
  actualHead: number,
  expectedHead: number,
): ProjectFailure | null {
  if (actualHead === expectedHead) return null;
  const where =
    actualHead === 0 ? "does not exist yet (expectedHead 0)" : `was last moved by event ${actualHead}`;
  return { code: "head-moved", message: `the branch ${branch} ${where}, not by event ${expectedHead}` };
}
