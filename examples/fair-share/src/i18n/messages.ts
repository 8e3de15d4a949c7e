/** The shape of a translation. English is written first; every other language must match it, key by key. */
import type { Problem } from "../domain/problem";
import { de } from "./de";
import { en } from "./en";
import type { Language } from "./language";

/** What an action did, as the redirect tells the next page. */
export const noticeKinds = [
  "book-created",
  "person-added",
  "person-renamed",
  "person-removed",
  "expense-added",
  "expense-changed",
  "expense-removed",
  "rate-set",
  "rate-removed",
  "settings-changed",
  "payment-recorded",
] as const;

export type NoticeKind = (typeof noticeKinds)[number];

export type ProblemTexts = {
  readonly [Kind in Problem["kind"]]: (problem: Extract<Problem, { readonly kind: Kind }>) => string;
};

export type Messages = typeof en;

const messagesByLanguage: Record<Language, Messages> = { en, de };

export function messagesFor(language: Language): Messages {
  return messagesByLanguage[language];
}
