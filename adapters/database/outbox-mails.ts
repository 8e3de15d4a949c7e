// The mails that a local platform kept instead of sending.
import { desc, lt } from "drizzle-orm";
import { outboxMail } from "../../schemas/database/identity.ts";
import { connect } from "./connection.ts";

export type KeptMail = {
  readonly id: number;
  readonly recipient: string;
  readonly subject: string;
  readonly text: string;
  readonly sentAt: number;
};

const MAX_SHOWN = 100;
const KEEP_MS = 7 * 86_400_000;

export async function keepMail(
  database: D1Database,
  mail: { readonly to: string; readonly subject: string; readonly text: string },
  now: number,
): Promise<void> {
  const connection = connect(database);
  await connection.batch([
    connection
      .insert(outboxMail)
      .values({ recipient: mail.to, subject: mail.subject, text: mail.text, sentAt: now }),
    connection.delete(outboxMail).where(lt(outboxMail.sentAt, now - KEEP_MS)),
  ]);
}

/** The newest first. */
export async function listMails(database: D1Database): Promise<KeptMail[]> {
  return await connect(database).select().from(outboxMail).orderBy(desc(outboxMail.id)).limit(MAX_SHOWN);
}
