// Who asks. Every query of tenant rows takes it (ARCHITECTURE.md "Who holds the truth"), so that none can forget whose
// rows it may see.
import type { ActorRef } from "../../schemas/event.ts";
import type { Scope } from "../../schemas/scopes.ts";

export type Actor = {
  readonly organizationId: string;
  readonly userId: string;
  /** As it stands on the timeline. */
  readonly ref: ActorRef;
  readonly scopes: ReadonlySet<Scope>;
  /** A token for one project sees no other. */
  readonly projectId: string | null;
};
