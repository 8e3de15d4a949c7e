// Asks for an environment's pointer to swap, if it still stands at the revision the caller has seen.
import type { RunConfirmation } from "../../core/deploy/deploy-run.ts";
import type { Environment } from "../../schemas/environment.ts";
import type { ActorRef } from "../../schemas/event.ts";

export type ActivationRequest = {
  readonly environment: Environment;
  readonly capsuleDigest: string;
  readonly expectedRevision: number;
  readonly actor: ActorRef;
  /** Null where nobody had to confirm. */
  readonly confirmation: RunConfirmation | null;
};
