/** Everything that can be wrong with what a person entered. The words for each live in `i18n`. */
export type Problem =
  | { readonly kind: "text-missing" }
  | { readonly kind: "text-too-long"; readonly lengthMax: number }
  | { readonly kind: "name-taken"; readonly name: string }
  | { readonly kind: "people-too-many"; readonly countMax: number }
  | { readonly kind: "people-too-few" }
  | { readonly kind: "person-unknown" }
  | { readonly kind: "person-in-use"; readonly name: string }
  | { readonly kind: "expenses-too-many"; readonly countMax: number }
  | { readonly kind: "expense-unknown" }
  | { readonly kind: "amount-invalid" }
  | { readonly kind: "amount-not-positive" }
  | { readonly kind: "amount-too-precise"; readonly decimals: number }
  | { readonly kind: "amount-too-large" }
  | { readonly kind: "currency-unknown"; readonly currency: string }
  | { readonly kind: "currency-in-use"; readonly currency: string }
  | { readonly kind: "currency-is-main"; readonly currency: string }
  | { readonly kind: "currency-needs-rate"; readonly currency: string }
  | { readonly kind: "rates-too-many"; readonly countMax: number }
  | { readonly kind: "rate-invalid" }
  | { readonly kind: "date-invalid" }
  | { readonly kind: "split-unknown" }
  | { readonly kind: "split-empty" }
  | { readonly kind: "parts-invalid"; readonly partsMax: number }
  | { readonly kind: "exact-missing"; readonly amount: string }
  | { readonly kind: "exact-exceeds"; readonly amount: string }
  | { readonly kind: "repayment-to-self" }
  | { readonly kind: "link-too-long" };

/** A problem and the form field it belongs to, so that the page can point at it. */
export type FieldProblem = { readonly field: string; readonly problem: Problem };
