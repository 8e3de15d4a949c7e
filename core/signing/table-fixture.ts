// Tables of the docs as rows of a test: what stands there is what is tried, so that the two cannot drift apart.

/** The rows of the one Markdown table whose first heading is `firstHeading`, each by heading. Throws when there is none. */
export function readTable(markdown: string, firstHeading: string): Readonly<Record<string, string>>[] {
  const lines = markdown.split("\n");
  const start = lines.findIndex((line) => splitRow(line)[0] === firstHeading);
  if (start < 0) throw new Error(`no table begins with ${firstHeading}`);
  const headings = splitRow(lines[start] ?? "");
  const rows: Record<string, string>[] = [];
  for (const line of lines.slice(start + 2)) {
    const cells = splitRow(line);
    if (cells.length === 0) break;
    rows.push(Object.fromEntries(headings.map((heading, index) => [heading, cells[index] ?? ""])));
  }
  return rows;
}

/** The cell's meaning; throws when the docs say something that the test does not know. */
export function meaningOf<Meaning>(
  meanings: Readonly<Record<string, Meaning>>,
  cell: string | undefined,
): Meaning {
  if (cell === undefined || !Object.hasOwn(meanings, cell)) throw new Error(`no test knows "${cell}"`);
  return meanings[cell] as Meaning;
}

function splitRow(line: string): string[] {
  if (!line.startsWith("|")) return [];
  return line
    .slice(1, -1)
    .split("|")
    .map((cell) => cell.trim());
}
