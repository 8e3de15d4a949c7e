/** The currencies panel's form: a currency and what one unit of it is worth. */
import type { Rate } from "../domain/book";
import { isCurrencyCode } from "../domain/currency";
import { parseRate } from "../domain/exchange-rate";
import type { FieldProblem } from "../domain/problem";
import { fail, type Result, succeed } from "../domain/result";

export type RateDraft = { readonly currency: string; readonly rate: string };

export function readRateForm(draft: RateDraft): Result<Rate, readonly FieldProblem[]> {
  const { currency } = draft;
  const rate = parseRate(draft.rate);
  if (!isCurrencyCode(currency)) {
    return fail([
      { field: "rateCurrency", problem: { kind: "currency-unknown", currency: currency.slice(0, 8) } },
    ]);
  }
  if (!rate.ok) return fail([{ field: "rate", problem: rate.failure }]);
  return succeed({ currency, rate: rate.value });
}
