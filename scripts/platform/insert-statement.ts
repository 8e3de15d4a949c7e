// SQL text that inserts one row, for wrangler's command line, which binds no values.

export function insertStatement(table: string, row: Readonly<Record<string, string | number>>): string {
  const columns = Object.keys(row).map((name) => `"${name}"`);
  const values = Object.values(row).map((value) =>
    typeof value === "number" ? String(value) : `'${value.replaceAll("'", "''")}'`,
  );
  return `INSERT INTO "${table}" (${columns.join(", ")}) VALUES (${values.join(", ")});`;
}
