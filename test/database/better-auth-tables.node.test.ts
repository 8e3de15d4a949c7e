// Our accounts tables are better-auth's, column by column, with the columns that sessions have besides.
import { apiKey } from "@better-auth/api-key";
import { passkey } from "@better-auth/passkey";
import { getAuthTables } from "better-auth/db";
import { deviceAuthorization, organization } from "better-auth/plugins";
import { getTableColumns, getTableName } from "drizzle-orm";
import { getTableConfig } from "drizzle-orm/sqlite-core";
import { expect, test } from "vitest";
import * as accounts from "../../schemas/database/accounts.ts";
import * as logins from "../../schemas/database/logins.ts";

const tables = { ...accounts, ...logins };
type AccountTable = (typeof tables)[keyof typeof tables];
type Column = { type: string; isRequired: boolean; isUnique: boolean; refersTo: string | null };

const theirs = getAuthTables({
  plugins: [organization(), apiKey(), deviceAuthorization(), passkey()],
  session: {
    additionalFields: {
      kind: { type: "string", required: true },
      signedInAt: { type: "date", required: true },
    },
  },
});
const ours = new Map<string, AccountTable>(
  Object.values(tables).map((table: AccountTable) => [getTableName(table), table]),
);

/** What drizzle stores each of better-auth's types as. */
const TYPES: Readonly<Record<string, string>> = {
  string: "SQLiteText",
  number: "SQLiteInteger",
  boolean: "SQLiteBoolean",
  date: "SQLiteTimestamp",
};

function describeOurs(table: AccountTable): Record<string, Column> {
  const references = new Map(
    getTableConfig(table).foreignKeys.map((key) => {
      const { columns, foreignColumns, foreignTable } = key.reference();
      return [columns[0]?.name, `${getTableName(foreignTable)}.${foreignColumns[0]?.name}`];
    }),
  );
  return Object.fromEntries(
    Object.values(getTableColumns(table)).map((column) => [
      column.name,
      {
        type: column.columnType,
        isRequired: column.notNull,
        isUnique: column.isUnique,
        refersTo: references.get(column.name) ?? null,
      },
    ]),
  );
}

function describeTheirs(fields: (typeof theirs)[string]["fields"]): Record<string, Column> {
  const columns = Object.entries(fields).map(([name, field]): [string, Column] => {
    const { references } = field;
    return [
      field.fieldName ?? name,
      {
        type: TYPES[String(field.type)] ?? `unknown type ${String(field.type)}`,
        isRequired: field.required !== false,
        isUnique: field.unique === true,
        refersTo: references === undefined ? null : `${references.model}.${references.field}`,
      },
    ];
  });
  return {
    id: { type: "SQLiteText", isRequired: true, isUnique: false, refersTo: null },
    ...Object.fromEntries(columns),
  };
}

test("there is exactly one table of ours for each of better-auth's", () => {
  const names = Object.values(theirs).map((table) => table.modelName);
  expect([...ours.keys()].toSorted()).toEqual(names.toSorted());
});

for (const { modelName, fields } of Object.values(theirs)) {
  test(`${modelName} has exactly its columns, with type, nullability, uniqueness and references`, () => {
    const table = ours.get(modelName);
    expect(table && describeOurs(table)).toEqual(describeTheirs(fields));
  });
}

test("every table is keyed by its id", () => {
  for (const table of ours.values()) {
    const keys = Object.values(getTableColumns(table)).filter((column) => column.primary);
    expect(keys.map((column) => column.name)).toEqual(["id"]);
  }
});
