/** Problems in English: what is wrong and what to do, in one sentence each. */
import type { ProblemTexts } from "./messages";

export const problemsEn: ProblemTexts = {
  "text-missing": () => "Please fill this in.",
  "text-too-long": ({ lengthMax }) => `Please use at most ${lengthMax} characters.`,
  "name-taken": ({ name }) => `There is already someone called ${name}. Add an initial to tell them apart.`,
  "people-too-many": ({ countMax }) => `A link holds up to ${countMax} people.`,
  "people-too-few": () => "Add at least two people, one name per line.",
  "person-unknown": () => "That person is not on the list. Please choose again.",
  "person-in-use": ({ name }) => `${name} appears in an expense. Change or remove that expense first.`,
  "expenses-too-many": ({ countMax }) =>
    `A link holds up to ${countMax} expenses. Start a second list for more.`,
  "expense-unknown": () => "That expense is no longer on the list.",
  "amount-invalid": () => "Please enter an amount such as 12.50.",
  "amount-not-positive": () => "The amount must be above zero.",
  "amount-too-precise": ({ decimals }) =>
    decimals === 0 ? "This currency has no cents; use a whole number." : `Use at most ${decimals} decimals.`,
  "amount-too-large": () => "That amount is too large for this app. Check the amount and the rate.",
  "currency-unknown": ({ currency }) => `The currency ${currency} is not on the list.`,
  "currency-in-use": ({ currency }) => `${currency} is in use. Change the expenses in ${currency} first.`,
  "currency-is-main": ({ currency }) => `${currency} is the main currency; its rate is always 1.`,
  "currency-needs-rate": ({ currency }) => `Add a rate for ${currency} first.`,
  "rates-too-many": ({ countMax }) => `A link holds up to ${countMax} exchange rates.`,
  "rate-invalid": () => "Please enter a rate above zero, such as 0.92, with up to 8 decimals.",
  "date-invalid": () => "Please enter a day that exists, such as 2026-07-03.",
  "split-unknown": () => "Please choose how to split this.",
  "split-empty": () => "Choose at least one person who shares this.",
  "parts-invalid": ({ partsMax }) => `Parts are whole numbers from 1 to ${partsMax}; leave the rest empty.`,
  "exact-missing": ({ amount }) => `The amounts fall short of the total: ${amount} are still missing.`,
  "exact-exceeds": ({ amount }) => `The amounts go beyond the total: ${amount} too much.`,
  "repayment-to-self": () => "Choose two different people.",
  "link-too-long": () => "There is no more room in the link. Shorten some titles or start a second list.",
};
