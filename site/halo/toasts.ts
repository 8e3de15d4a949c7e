// The notices that are shown right now. Anybody may add one; the ToastRegion shows them.
import { signal } from "@preact/signals";
import type { Tone } from "./badge.tsx";

/** What is said; `action` undoes it, or leads to it. */
export type ToastNotice = {
  readonly message: string;
  readonly tone?: Exclude<Tone, "live">;
  readonly action?: { readonly label: string; readonly run: () => void };
  /** How long it stays; null for until it is closed. A failure, and what can be undone, stays longer. */
  readonly stayMs?: number | null;
};

/** A notice on the page. */
export type ShownToast = ToastNotice & { readonly id: number };

/** Older ones give way. */
const MAX_SHOWN = 4;
const STAY_MS = 5_000;
const STAY_WITH_ACTION_MS = 10_000;

export const shownToasts = signal<readonly ShownToast[]>([]);
let lastId = 0;

/** Shows a notice, and gives what takes it away again. */
export function showToast(notice: ToastNotice): () => void {
  const id = ++lastId;
  shownToasts.value = [...shownToasts.value, { ...notice, id }].slice(-MAX_SHOWN);
  return () => closeToast(id);
}

export function closeToast(id: number): void {
  shownToasts.value = shownToasts.value.filter((toast) => toast.id !== id);
}

/** How long a notice stays, in milliseconds; null for until it is closed. */
export function stayOf({ stayMs, action, tone }: ToastNotice): number | null {
  if (stayMs !== undefined) return stayMs;
  return action === undefined && tone !== "bad" ? STAY_MS : STAY_WITH_ACTION_MS;
}
