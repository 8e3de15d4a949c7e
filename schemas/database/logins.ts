// Other ways in, as better-auth 1.7 has them: `oursynth login` (device authorization, RFC 8628) and passkeys.
import { index, integer, sqliteTable, text, uniqueIndex } from "drizzle-orm/sqlite-core";
import { user } from "./accounts.ts";

const timestamp = () => integer({ mode: "timestamp_ms" });

export const deviceCode = sqliteTable(
  "deviceCode",
  {
    id: text().primaryKey(),
    deviceCode: text().notNull(),
    userCode: text().notNull(),
    userId: text(),
    expiresAt: timestamp().notNull(),
    status: text().notNull(),
    lastPolledAt: timestamp(),
    pollingInterval: integer(),
    clientId: text(),
    scope: text(),
  },
  (table) => [
    uniqueIndex("device_code_device").on(table.deviceCode),
    uniqueIndex("device_code_user").on(table.userCode),
  ],
);

export const passkey = sqliteTable(
  "passkey",
  {
    id: text().primaryKey(),
    name: text(),
    publicKey: text().notNull(),
    userId: text()
      .notNull()
      .references(() => user.id, { onDelete: "cascade" }),
    credentialID: text().notNull(),
    counter: integer().notNull(),
    deviceType: text().notNull(),
    backedUp: integer({ mode: "boolean" }).notNull(),
    transports: text(),
    createdAt: timestamp(),
    aaguid: text(),
  },
  (table) => [index("passkey_user").on(table.userId), index("passkey_credential").on(table.credentialID)],
);
