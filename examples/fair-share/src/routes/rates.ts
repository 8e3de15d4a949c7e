/** Set and remove exchange rates. */
import { Hono } from "hono";
import { removeRate, setRate } from "../domain/change-currencies";
import type { FieldProblem, Problem } from "../domain/problem";
import type { AppEnv } from "../env";
import { readRateForm } from "../forms/read-rate-form";
import { readForm } from "../http/read-form";
import { redirectTo } from "./redirect-to";
import { refuse } from "./show-book";

export const ratesRoutes = new Hono<AppEnv>();

ratesRoutes.post("/", async (c) => {
  const form = await readForm(c);
  const draft = { currency: form.get("currency") ?? "", rate: form.get("rate") ?? "" };
  const refuseRate = (problems: readonly FieldProblem[]) =>
    refuse(c, {
      problems,
      typed: [
        ["rateCurrency", draft.currency],
        ["rate", draft.rate],
      ],
    });
  const refuseCurrency = (problem: Problem) => refuseRate([{ field: "rateCurrency", problem }]);
  const rate = readRateForm(draft);
  if (!rate.ok) return refuseRate(rate.failure);
  const changed = setRate(c.get("book"), rate.value);
  return changed.ok
    ? redirectTo(c, changed.value, "rate-set", refuseCurrency)
    : refuseCurrency(changed.failure);
});

ratesRoutes.post("/:currency{[A-Z]{3}}/remove", (c) => {
  const refuseCurrency = (problem: Problem) => refuse(c, { problems: [{ field: "rateCurrency", problem }] });
  const changed = removeRate(c.get("book"), c.req.param("currency"));
  return changed.ok
    ? redirectTo(c, changed.value, "rate-removed", refuseCurrency)
    : refuseCurrency(changed.failure);
});
