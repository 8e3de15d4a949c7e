/** The documentation of the JSON API. In English only: it is for programs and those who write them. */
import { settleExample } from "../api/settle-example";
import type { PageFrame } from "../http/page-frame";
import { limits } from "../limits";
import { Layout } from "./layout";

export function ApiPage({ frame, origin }: { readonly frame: PageFrame; readonly origin: string }) {
  const body = JSON.stringify(settleExample, null, 2);
  return (
    <Layout frame={frame} title="API">
      <article class="sheet" lang="en">
        <h1>API</h1>
        <p class="lead">One call settles a list. No key, nothing is stored.</p>
        <h2>
          <code>POST /api/settle</code>
        </h2>
        <p>
          Send JSON of at most {limits.bodyBytesMax / 1024} KiB. Amounts are decimal strings with a full stop.
        </p>
        <pre tabindex={0}>
          <code>{`curl ${origin}/api/settle \\\n  -H 'content-type: application/json' \\\n  -d '${body}'`}</code>
        </pre>
        <h3>Fields</h3>
        <dl class="fields">
          <dt>people</dt>
          <dd>Up to {limits.peopleCountMax} different names.</dd>
          <dt>currency</dt>
          <dd>The main currency, an ISO 4217 code. The result is in it.</dd>
          <dt>rates</dt>
          <dd>Optional. What one unit of each other currency is worth in the main one.</dd>
          <dt>expenses[].split</dt>
          <dd>
            Optional: equally by everyone. Otherwise <code>{'{"equal": ["Ana"]}'}</code>,{" "}
            <code>{'{"parts": {"Ana": 2}}'}</code>, <code>{'{"exact": {"Ana": "4.50"}}'}</code> or{" "}
            <code>{'{"repaymentTo": "Ana"}'}</code>.
          </dd>
          <dt>title, language, expenses[].title, expenses[].date</dt>
          <dd>Optional; they appear on the page behind the link in the answer.</dd>
        </dl>
        <h3>Answer</h3>
        <p>
          200 with <code>currency</code>, <code>total</code>, <code>balances</code>, <code>payments</code>{" "}
          (the fewest possible) and <code>link</code>, a page that shows the list. Errors are{" "}
          <code>application/problem+json</code> (RFC 9457): 400 for broken JSON, 413 for too much of it, 415
          for another type, 422 with a list of <code>errors</code> for values that do not fit.
        </p>
        <h2>
          <code>GET /s/…/summary.json</code>
        </h2>
        <p>The same answer for any list: add “/summary.json” to its link.</p>
      </article>
    </Layout>
  );
}
