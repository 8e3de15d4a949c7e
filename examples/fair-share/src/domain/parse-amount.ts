/** Read an amount the way people write it: 12.5, 12,50, 1.234,50, 1'234.50. */
import { limits } from "../limits";
import { type CurrencyCode, decimalsOf } from "./currency";
import type { Problem } from "./problem";
import { fail, type Result, succeed } from "./result";

const textLengthMax = 24;
const grouped = /^\d{1,3}([.,'])\d{3}(?:\1\d{3})*$/;

/**
 * Gives minor units of `currency`. A lone separator before three digits ("1,234") is read by the decimal
 * mark of the reader's language, so that a thousand never turns silently into one.
 */
export function parseAmount(
  text: string,
  currency: CurrencyCode,
  decimalMark: "." | ",",
): Result<number, Problem> {
  const compact = text.replace(/[\s\u00a0\u202f]/g, "").replaceAll("’", "'");
  if (compact.length === 0 || compact.length > textLengthMax) return fail({ kind: "amount-invalid" });
  const parts = splitAtDecimalMark(compact, decimalMark);
  if (parts === undefined) return fail({ kind: "amount-invalid" });
  const decimals = decimalsOf(currency);
  const fraction = parts.fraction.replace(/0+$/, "");
  if (fraction.length > decimals) return fail({ kind: "amount-too-precise", decimals });
  const amountMinor = Number(parts.whole + fraction.padEnd(decimals, "0"));
  if (amountMinor > limits.amountMinorMax) return fail({ kind: "amount-too-large" });
  return succeed(amountMinor);
}

type DecimalParts = { readonly whole: string; readonly fraction: string };

function splitAtDecimalMark(text: string, decimalMark: "." | ","): DecimalParts | undefined {
  if (/^\d+$/.test(text)) return { whole: text, fraction: "" };
  const group = grouped.exec(text)?.[1];
  const isGroupedWhole = group !== undefined && (group !== decimalMark || text.split(group).length > 2);
  if (isGroupedWhole) return { whole: text.replaceAll(group, ""), fraction: "" };
  const match = /^(.*)([.,])(\d*)$/.exec(text);
  const [whole, mark, fraction] = [match?.[1] ?? "", match?.[2] ?? "", match?.[3] ?? ""];
  if (whole + fraction === "" || mark === "") return undefined;
  if (/^\d*$/.test(whole)) return { whole: whole || "0", fraction };
  const wholeGroup = grouped.exec(whole)?.[1];
  if (wholeGroup === undefined || wholeGroup === mark) return undefined;
  return { whole: whole.replaceAll(wholeGroup, ""), fraction };
}
