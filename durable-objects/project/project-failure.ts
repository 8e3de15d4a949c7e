// What a project object answers instead of throwing: an error's own properties do not survive RPC (STYLE 29).

export type ProjectFailure = {
  readonly code: "not-found" | "conflict" | "head-moved" | "revision-moved" | "trust-moved";
  readonly message: string;
};

export function notFound(message: string): ProjectFailure {
  return { code: "not-found", message };
}
