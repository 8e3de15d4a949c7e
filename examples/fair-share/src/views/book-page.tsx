/** A list's main page: the result first, then what it is made of. */
import { encodeBook } from "../codec/encode-book";
import { paths } from "../http/paths";
import { formatMoney } from "../i18n/format-money";
import { isLanguage } from "../i18n/language";
import type { NoticeKind } from "../i18n/messages";
import type { BookView } from "./book-view";
import { ErrorSummary } from "./error-summary";
import { ExpensesPanel } from "./expenses-panel";
import { Layout } from "./layout";
import { Notice } from "./notice";
import { PaymentsPanel } from "./payments-panel";
import { PeoplePanel } from "./people-panel";
import { RatesPanel } from "./rates-panel";
import { SettingsPanel } from "./settings-panel";
import { SharePanel } from "./share-panel";

export function BookPage({
  view,
  notice,
}: {
  readonly view: BookView;
  readonly notice: NoticeKind | undefined;
}) {
  const { frame, book, summary, problems } = view;
  const { messages, language } = frame;
  const average = Math.round(summary.totalMinor / Math.max(1, book.people.length));
  const inLanguage = (wanted: string) =>
    paths.book(encodeBook({ ...book, language: isLanguage(wanted) ? wanted : language }));
  return (
    <Layout frame={frame} title={book.title} languageHref={inLanguage}>
      <Notice frame={frame} kind={notice} />
      <ErrorSummary frame={frame} problems={problems} />
      <header class="book-header">
        <h1>{book.title}</h1>
        <dl class="figures">
          <div>
            <dt>{messages.book.totalSpent}</dt>
            <dd>{formatMoney(summary.totalMinor, book.mainCurrency, language)}</dd>
          </div>
          <div>
            <dt>{messages.book.perPersonAverage}</dt>
            <dd>{formatMoney(average, book.mainCurrency, language)}</dd>
          </div>
        </dl>
      </header>
      <div class="columns">
        <div class="column">
          <PaymentsPanel view={view} />
          <ExpensesPanel view={view} />
        </div>
        <div class="column">
          <PeoplePanel view={view} />
          <SharePanel view={view} />
          <RatesPanel view={view} />
          <SettingsPanel view={view} />
          <p class="hint">{messages.book.undoHint}</p>
        </div>
      </div>
    </Layout>
  );
}
