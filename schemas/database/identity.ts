// What sign-in keeps beside better-auth's tables: how often somebody tried, and the mails of a local platform.
import { index, integer, sqliteTable, text } from "drizzle-orm/sqlite-core";

/** One window of attempts. The key is a hash: addresses and e-mail addresses are not kept. */
export const signInLimit = sqliteTable(
  "sign_in_limit",
  {
    key: text().primaryKey(),
    count: integer().notNull(),
    windowEndsAt: integer().notNull(),
  },
  (table) => [index("sign_in_limit_window").on(table.windowEndsAt)],
);

/** Mails that a local platform "sent": the page /outbox shows them. Empty in production. */
export const outboxMail = sqliteTable("outbox_mail", {
  id: integer().primaryKey({ autoIncrement: true }),
  recipient: text().notNull(),
  subject: text().notNull(),
  text: text().notNull(),
  sentAt: integer().notNull(),
});
