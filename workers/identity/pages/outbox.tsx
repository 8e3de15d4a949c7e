/** @jsxImportSource hono/jsx */
// /outbox: the mails that a local platform did not send. Whoever reads it can take over any account, so it is there only
// where `npm start` or a test runs the platform.
import { type KeptMail, listMails } from "../../../adapters/database/outbox-mails.ts";
import { AppError } from "../../api/app-error.ts";
import { isLocalPlatform } from "../mails.ts";
import { Page } from "./layout.tsx";
import { formatMoment } from "./moment.ts";
import { createPages, findVisitor, showPage } from "./page-app.ts";

const LINK = /(https?:\/\/\S+)/;

export const outbox = createPages().get("/outbox", async (context) => {
  if (!isLocalPlatform(context.env)) {
    throw new AppError("not-found", "This platform sends its mails; it has no outbox.");
  }
  const visitor = (await findVisitor(context)) ? context.get("visitor") : null;
  const mails = await listMails(context.env.DB);
  return await showPage(
    context,
    <Page title="Outbox" visitor={visitor} isWide>
      <p class="muted lead">
        This platform runs on your machine and sends no mail. What it would have sent stands here for a week.
      </p>
      {mails.length === 0 ? (
        <div class="panel">
          <p>Nothing yet. Making an account, for one, sends a mail.</p>
        </div>
      ) : (
        mails.map((mail) => <KeptMailPanel mail={mail} />)
      )}
    </Page>,
  );
});

function KeptMailPanel({ mail }: { readonly mail: KeptMail }) {
  return (
    <article class="panel">
      <h2>{mail.subject}</h2>
      <p class="muted">
        To {mail.recipient},{" "}
        <time datetime={new Date(mail.sentAt).toISOString()}>{formatMoment(mail.sentAt)}</time>
      </p>
      <p class="mail">{mail.text.split(LINK).map((part) => linkify(part))}</p>
    </article>
  );
}

function linkify(part: string) {
  return LINK.test(part) ? <a href={part}>{part}</a> : part;
}
