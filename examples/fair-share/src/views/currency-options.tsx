/** The options of a currency list. */
import type { CurrencyCode } from "../domain/currency";
import { currencyLabel } from "../i18n/format-money";
import type { Language } from "../i18n/language";

type CurrencyOptionsProps = {
  readonly currencies: readonly CurrencyCode[];
  readonly selected: string;
  readonly language: Language;
};

export function CurrencyOptions({ currencies, selected, language }: CurrencyOptionsProps) {
  return (
    <>
      {currencies.map((currency) => (
        <option value={currency} selected={currency === selected}>
          {currencyLabel(currency, language)}
        </option>
      ))}
    </>
  );
}
