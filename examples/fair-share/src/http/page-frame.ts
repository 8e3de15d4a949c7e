/** What every page needs to know besides its content. */
import { type AppContext, appTitle } from "../env";
import { decimalMarkOf, type Language } from "../i18n/language";
import { type Messages, messagesFor } from "../i18n/messages";
import { pickLanguage } from "../i18n/pick-language";

export type PageFrame = {
  readonly appTitle: string;
  readonly language: Language;
  readonly messages: Messages;
  readonly decimalMark: "." | ",";
};

/** A book's language wins; without a book the `lang` parameter or the browser's wish decides. */
export function frameFor(c: AppContext, bookLanguage?: Language): PageFrame {
  const language = bookLanguage ?? pickLanguage(c.req.query("lang"), c.req.header("accept-language"));
  return {
    appTitle: appTitle(c),
    language,
    messages: messagesFor(language),
    decimalMark: decimalMarkOf(language),
  };
}
