// Mails of a local platform: kept in D1, shown at /outbox, sent to nobody.
import { keepMail } from "../database/outbox-mails.ts";
import { checkMail, type Mail, type Mailer } from "./mailer.ts";

export function createOutboxMailer(database: D1Database, now: () => number): Mailer {
  return {
    async send(mail: Mail): Promise<void> {
      checkMail(mail);
      await keepMail(database, mail, now());
    },
  };
}
