// What the page and its verifying worker say to each other.
import type { CapsCheck, CapsTrust } from "./verify-caps.ts";

export type VerifyRequest =
  | { readonly kind: "verify"; readonly id: number; readonly file: Blob; readonly given: CapsTrust }
  | { readonly kind: "cancel"; readonly id: number };

export type VerifyReply =
  /** It is loaded: from now on no network is needed. */
  | { readonly kind: "ready" }
  | { readonly kind: "progress"; readonly id: number; readonly readBytes: number }
  | { readonly kind: "done"; readonly id: number; readonly check: CapsCheck }
  | { readonly kind: "cancelled"; readonly id: number }
  /** The file could not be read to its end. */
  | { readonly kind: "failed"; readonly id: number; readonly message: string };
