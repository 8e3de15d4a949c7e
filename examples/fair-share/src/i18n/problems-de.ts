/** Problems in German. */
import type { ProblemTexts } from "./messages";

export const problemsDe: ProblemTexts = {
  "text-missing": () => "Bitte ausfüllen.",
  "text-too-long": ({ lengthMax }) => `Bitte höchstens ${lengthMax} Zeichen verwenden.`,
  "name-taken": ({ name }) =>
    `${name} steht schon auf der Liste. Ein Anfangsbuchstabe hilft beim Unterscheiden.`,
  "people-too-many": ({ countMax }) => `In einen Link passen bis zu ${countMax} Personen.`,
  "people-too-few": () => "Bitte mindestens zwei Personen angeben, ein Name pro Zeile.",
  "person-unknown": () => "Diese Person steht nicht auf der Liste. Bitte neu wählen.",
  "person-in-use": ({ name }) =>
    `${name} kommt in einer Ausgabe vor. Bitte zuerst diese ändern oder entfernen.`,
  "expenses-too-many": ({ countMax }) =>
    `In einen Link passen bis zu ${countMax} Ausgaben. Für weitere bitte eine zweite Liste beginnen.`,
  "expense-unknown": () => "Diese Ausgabe steht nicht mehr auf der Liste.",
  "amount-invalid": () => "Bitte einen Betrag wie 12,50 eingeben.",
  "amount-not-positive": () => "Der Betrag muss größer als null sein.",
  "amount-too-precise": ({ decimals }) =>
    decimals === 0
      ? "Diese Währung hat keine Nachkommastellen; bitte eine ganze Zahl eingeben."
      : `Bitte höchstens ${decimals} Nachkommastellen.`,
  "amount-too-large": () => "Dieser Betrag ist zu groß. Bitte Betrag und Kurs prüfen.",
  "currency-unknown": ({ currency }) => `Die Währung ${currency} steht nicht auf der Liste.`,
  "currency-in-use": ({ currency }) =>
    `${currency} wird verwendet. Bitte zuerst die Ausgaben in ${currency} ändern.`,
  "currency-is-main": ({ currency }) => `${currency} ist die Hauptwährung; ihr Kurs ist immer 1.`,
  "currency-needs-rate": ({ currency }) => `Bitte zuerst einen Kurs für ${currency} eintragen.`,
  "rates-too-many": ({ countMax }) => `In einen Link passen bis zu ${countMax} Wechselkurse.`,
  "rate-invalid": () =>
    "Bitte einen Kurs größer als null eingeben, etwa 0,92, mit bis zu 8 Nachkommastellen.",
  "date-invalid": () => "Bitte einen Tag eingeben, den es gibt, etwa 2026-07-03.",
  "split-unknown": () => "Bitte wählen, wie aufgeteilt wird.",
  "split-empty": () => "Bitte mindestens eine Person wählen, die mitzahlt.",
  "parts-invalid": ({ partsMax }) =>
    `Anteile sind ganze Zahlen von 1 bis ${partsMax}; alle anderen Felder bleiben leer.`,
  "exact-missing": ({ amount }) => `Die Beträge reichen nicht: Es fehlen noch ${amount.replace(".", ",")}.`,
  "exact-exceeds": ({ amount }) => `Die Beträge ergeben zu viel: ${amount.replace(".", ",")} über der Summe.`,
  "repayment-to-self": () => "Bitte zwei verschiedene Personen wählen.",
  "link-too-long": () => "Im Link ist kein Platz mehr. Bitte Titel kürzen oder eine zweite Liste beginnen.",
};
