/** The currencies on offer and how many decimals each has (ISO 4217, "minor unit"). */

const decimalsByCode = {
  AUD: 2,
  BGN: 2,
  BRL: 2,
  CAD: 2,
  CHF: 2,
  CLP: 0,
  CNY: 2,
  CZK: 2,
  DKK: 2,
  EUR: 2,
  GBP: 2,
  HKD: 2,
  HUF: 2,
  IDR: 2,
  ILS: 2,
  INR: 2,
  ISK: 0,
  JPY: 0,
  KRW: 0,
  KWD: 3,
  MAD: 2,
  MXN: 2,
  MYR: 2,
  NOK: 2,
  NZD: 2,
  PHP: 2,
  PLN: 2,
  RON: 2,
  RSD: 2,
  SEK: 2,
  SGD: 2,
  THB: 2,
  TND: 3,
  TRY: 2,
  TWD: 2,
  UAH: 2,
  USD: 2,
  VND: 0,
  ZAR: 2,
} as const;

export type CurrencyCode = keyof typeof decimalsByCode;

export const currencyCodes = Object.keys(decimalsByCode).filter(isCurrencyCode);

/** `Object.hasOwn` and not `in`: "constructor" is no currency. */
export function isCurrencyCode(text: string): text is CurrencyCode {
  return Object.hasOwn(decimalsByCode, text);
}

export function decimalsOf(currency: CurrencyCode): number {
  return decimalsByCode[currency];
}
