/** Exchange rates are decimal strings, read into an exact fraction: no float takes part in a conversion. */
import { limits } from "../limits";
import { type CurrencyCode, decimalsOf } from "./currency";
import type { Problem } from "./problem";
import { fail, type Result, succeed } from "./result";

const ratePattern = /^(\d{1,7})(?:\.(\d{1,8}))?$/;
const significantDigits = 8;

type Fraction = { readonly numerator: bigint; readonly denominator: bigint };

/** Accepts "0.92" or "0,92"; gives it with a full stop and without needless zeros. */
export function parseRate(text: string): Result<string, Problem> {
  const match = ratePattern.exec(text.trim().replace(",", "."));
  if (match === null) return fail({ kind: "rate-invalid" });
  const whole = (match[1] ?? "").replace(/^0+(?=\d)/, "");
  const fraction = (match[2] ?? "").replace(/0+$/, "");
  if (/^0*$/.test(whole + fraction)) return fail({ kind: "rate-invalid" });
  return succeed(fraction === "" ? whole : `${whole}.${fraction}`);
}

/** Convert minor units of one currency to minor units of another; halves round up. Amounts are not negative. */
export function convertMinor(
  amountMinor: number,
  rate: string,
  from: CurrencyCode,
  to: CurrencyCode,
): number {
  const { numerator, denominator } = toFraction(rate);
  const dividend = BigInt(amountMinor) * numerator * 10n ** BigInt(decimalsOf(to));
  const divisor = denominator * 10n ** BigInt(decimalsOf(from));
  return Number((2n * dividend + divisor) / (2n * divisor));
}

/** `rate / base` to eight decimals: how every rate is restated when another currency becomes the main one. */
export function divideRates(rate: string, base: string): Result<string, Problem> {
  const [top, bottom] = [toFraction(rate), toFraction(base)];
  const scale = 10n ** BigInt(significantDigits);
  const dividend = top.numerator * bottom.denominator * scale;
  const divisor = top.denominator * bottom.numerator;
  const digits = String((2n * dividend + divisor) / (2n * divisor)).padStart(significantDigits + 1, "0");
  return parseRate(`${digits.slice(0, -significantDigits)}.${digits.slice(-significantDigits)}`);
}

function toFraction(rate: string): Fraction {
  const [whole = "0", fraction = ""] = rate.split(".");
  const decimals = Math.min(fraction.length, limits.rateDecimalsMax);
  return { numerator: BigInt(whole + fraction.slice(0, decimals)), denominator: 10n ** BigInt(decimals) };
}
