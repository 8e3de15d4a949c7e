// Who asks. Every query of tenant rows takes it (ARCHITECTURE.md "Who holds the truth"), so that none can forget whose
// rows it may see.
import type { ActorRef } from "../../schemas/event.ts";
import type { MemberRole, Permission } from "../../schemas/permissions.ts";

export type Actor = {
  readonly organizationId: string;
  readonly userId: string;
  readonly role: MemberRole;
  /** As it stands on the timeline. */
  readonly ref: ActorRef;
  /** What the role allows; of a token, what its scopes and the role allow both. */
  readonly permissions: ReadonlySet<Permission>;
  /** A token for one project sees no other. */
  readonly projectId: string | null;
  readonly login: Login;
};

/** What speaks for the person: only a browser session may answer for what a person must confirm. */
export type Login =
  | { readonly kind: "token"; readonly id: string; readonly expiresAt: number | null }
  | { readonly kind: "session" | "device"; readonly id: string; readonly signedInAt: number };
