// The `.caps` that was dropped in this browser: it stays while one goes from view to view.
import { signal } from "@preact/signals";
import { CapsVerifier } from "../../../verification/caps-verifier.ts";
import type { CapsCheck, CapsTrust } from "../../../verification/verify-caps.ts";
import { sayError } from "../../data/problem.ts";

export type CapsCheckState =
  | { readonly kind: "idle" }
  /** Chosen, while the project's keys are still on their way. */
  | { readonly kind: "waiting"; readonly file: File }
  | { readonly kind: "checking"; readonly file: File; readonly readBytes: number }
  | {
      readonly kind: "done";
      readonly file: File;
      readonly check: CapsCheck;
      readonly given: CapsTrust;
      readonly elapsedMs: number;
    }
  | { readonly kind: "failed"; readonly file: File; readonly message: string };

export const capsCheck = signal<CapsCheckState>({ kind: "idle" });

let verifier: CapsVerifier | null = null;

/** Loads the verifier, so that later no network is needed. */
export function warmVerifier(): void {
  verifier ??= new CapsVerifier();
}

export function chooseCaps(file: File): void {
  verifier?.cancel();
  capsCheck.value = { kind: "waiting", file };
}

export function closeCaps(): void {
  verifier?.cancel();
  capsCheck.value = { kind: "idle" };
}

/** Checks what was chosen; another file or a close ends it. */
export async function runCheck(file: File, given: CapsTrust): Promise<void> {
  warmVerifier();
  const startedAt = performance.now();
  capsCheck.value = { kind: "checking", file, readBytes: 0 };
  const isCurrent = () => capsCheck.value.kind === "checking" && capsCheck.value.file === file;
  try {
    const check = await verifier?.verify(file, given, (readBytes) => {
      if (isCurrent()) capsCheck.value = { kind: "checking", file, readBytes };
    });
    if (check === null || check === undefined || !isCurrent()) return;
    capsCheck.value = { kind: "done", file, check, given, elapsedMs: performance.now() - startedAt };
  } catch (error) {
    if (isCurrent()) capsCheck.value = { kind: "failed", file, message: sayError(error) };
  }
}
