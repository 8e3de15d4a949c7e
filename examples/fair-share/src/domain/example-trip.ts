/** A filled-in book, so that a first visitor sees in one click what the app does. */
import type { Language } from "../i18n/language";
import type { Book, Expense } from "./book";

const everyone = [0, 1, 2, 3];

export function exampleTrip(language: Language): Book {
  const words = wordsByLanguage[language];
  const expense = (
    title: string,
    rest: Pick<Expense, "paidBy" | "amountMinor" | "date" | "split"> & Partial<Expense>,
  ): Expense => ({ currency: "EUR", ...rest, title });
  return {
    language,
    title: words.title,
    mainCurrency: "EUR",
    rates: [
      { currency: "CHF", rate: "1.06" },
      { currency: "GBP", rate: "1.17" },
    ],
    people: ["Amira", "Jonas", "Lucía", "Theo"],
    expenses: [
      expense(words.hut, { paidBy: 0, amountMinor: 38400, date: "2026-07-03", split: equal(everyone) }),
      expense(words.train, {
        paidBy: 1,
        amountMinor: 21260,
        currency: "CHF",
        date: "2026-07-03",
        split: equal(everyone),
      }),
      expense(words.groceries, {
        paidBy: 2,
        amountMinor: 9745,
        date: "2026-07-04",
        split: {
          kind: "parts",
          parts: [2, 1, 2, 1].map((size, person) => ({ person, size })),
        },
      }),
      expense(words.boat, { paidBy: 3, amountMinor: 6600, date: "2026-07-05", split: equal([0, 2, 3]) }),
      expense(words.dinner, {
        paidBy: 1,
        amountMinor: 13480,
        currency: "CHF",
        date: "2026-07-05",
        split: {
          kind: "exact",
          amounts: [3650, 4120, 2890, 2820].map((size, person) => ({ person, size })),
        },
      }),
      expense(words.repaid, {
        paidBy: 3,
        amountMinor: 8000,
        date: "2026-07-06",
        split: { kind: "repayment", to: 0 },
      }),
    ],
  };
}

function equal(among: readonly number[]): Expense["split"] {
  return { kind: "equal", among };
}

const wordsByLanguage = {
  en: {
    title: "Four days by the lake",
    hut: "Cabin, three nights",
    train: "Train tickets",
    groceries: "Groceries",
    boat: "Rowing boat",
    dinner: "Dinner at the harbour",
    repaid: "Bank transfer",
  },
  de: {
    title: "Vier Tage am See",
    hut: "Hütte, drei Nächte",
    train: "Bahnfahrt",
    groceries: "Einkauf",
    boat: "Ruderboot",
    dinner: "Abendessen am Hafen",
    repaid: "Überweisung",
  },
} as const satisfies Record<Language, Record<string, string>>;
