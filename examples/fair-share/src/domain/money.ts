/** Money is an integer count of minor units; a float never holds an amount that is added up. */
import { type CurrencyCode, decimalsOf } from "./currency";

/** `1250` EUR becomes `"12.50"`: for the API, CSV and form fields, with a full stop and no grouping. */
export function toDecimalText(amountMinor: number, currency: CurrencyCode): string {
  const decimals = decimalsOf(currency);
  const digits = String(Math.abs(amountMinor)).padStart(decimals + 1, "0");
  const sign = amountMinor < 0 ? "-" : "";
  if (decimals === 0) return sign + digits;
  return `${sign}${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
}
