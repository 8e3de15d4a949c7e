/** The link that is the list, and the ways to take the data elsewhere. */
import { paths } from "../http/paths";
import { limits } from "../limits";
import type { BookView } from "./book-view";
import { Icon } from "./icons";

export function SharePanel({ view }: { readonly view: BookView }) {
  const { frame, code, shareUrl } = view;
  const words = frame.messages.book;
  const percent = Math.ceil((code.length / limits.codeLengthMax) * 100);
  return (
    <section class="card" id="share" aria-labelledby="share-heading">
      <h2 id="share-heading">{words.shareHeading}</h2>
      <p class="muted">{words.shareLead}</p>
      <div class="field">
        <label for="share-link">{words.shareLabel}</label>
        <input id="share-link" class="share-link" value={shareUrl} readonly />
      </div>
      <p class="hint">{words.shareRoom(percent)}</p>
      <ul class="exports">
        <li>
          <a href={paths.print(code)}>
            <Icon name="print" /> {words.print}
          </a>
        </li>
        <li>
          <a href={paths.csvExpenses(code)}>
            <Icon name="table" /> {words.csvExpenses}
          </a>
        </li>
        <li>
          <a href={paths.csvPayments(code)}>
            <Icon name="table" /> {words.csvPayments}
          </a>
        </li>
        <li>
          <a href={paths.json(code)}>
            <Icon name="code" /> {words.json}
          </a>
        </li>
      </ul>
    </section>
  );
}
