/** Title and main currency. */
import { Hono } from "hono";
import { changeMainCurrency } from "../domain/change-currencies";
import { cleanText } from "../domain/clean-text";
import { isCurrencyCode } from "../domain/currency";
import type { Problem } from "../domain/problem";
import type { AppEnv } from "../env";
import { readForm } from "../http/read-form";
import { limits } from "../limits";
import { redirectTo } from "./redirect-to";
import { refuse } from "./show-book";

export const settingsRoutes = new Hono<AppEnv>();

settingsRoutes.post("/", async (c) => {
  const form = await readForm(c);
  const typedTitle = form.get("title") ?? "";
  const currency = form.get("currency") ?? "";
  const refuseField = (field: string) => (problem: Problem) =>
    refuse(c, {
      problems: [{ field, problem }],
      typed: [
        ["title", typedTitle],
        ["mainCurrency", currency],
      ],
    });
  const title = cleanText(typedTitle, limits.titleLengthMax);
  if (!title.ok) return refuseField("title")(title.failure);
  if (!isCurrencyCode(currency)) {
    return refuseField("mainCurrency")({ kind: "currency-unknown", currency: currency.slice(0, 8) });
  }
  const changed = changeMainCurrency({ ...c.get("book"), title: title.value }, currency);
  if (!changed.ok) return refuseField("mainCurrency")(changed.failure);
  return redirectTo(c, changed.value, "settings-changed", refuseField("mainCurrency"));
});
