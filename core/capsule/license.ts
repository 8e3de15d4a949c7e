// SPDX licence expressions (SPDX specification, annex "SPDX license expressions"): syntax only, not the list of ids.

const TOKEN = /\s*(\(|\)|(?:DocumentRef-[A-Za-z0-9.-]+:)?[A-Za-z0-9.-]+\+?)\s*/y;
const LICENSE_ID =
  /^(?:(?:DocumentRef-[A-Za-z0-9.-]+:)?LicenseRef-[A-Za-z0-9.-]+|[A-Za-z0-9][A-Za-z0-9.-]*\+?)$/;
const EXCEPTION_ID = /^[A-Za-z0-9][A-Za-z0-9.-]*$/;
const OPERATORS: ReadonlySet<string> = new Set(["AND", "OR", "WITH"]);

/** Whether the text is a well-formed SPDX licence expression. Operators are written in capitals. */
export function isLicenseExpression(text: string): boolean {
  const tokens = tokenize(text);
  if (tokens === null) return false;
  let openCount = 0;
  let expects: "operand" | "operator" | "exception" = "operand";
  let canTakeException = false;
  for (const token of tokens) {
    if (expects === "exception") {
      if (OPERATORS.has(token) || !EXCEPTION_ID.test(token)) return false;
      expects = "operator";
      canTakeException = false;
    } else if (expects === "operand") {
      if (token === "(") openCount++;
      else {
        if (OPERATORS.has(token) || !LICENSE_ID.test(token)) return false;
        expects = "operator";
        canTakeException = true;
      }
    } else if (token === ")") {
      openCount--;
      if (openCount < 0) return false;
      canTakeException = false;
    } else {
      if (!OPERATORS.has(token) || (token === "WITH" && !canTakeException)) return false;
      expects = token === "WITH" ? "exception" : "operand";
    }
  }
  return expects === "operator" && openCount === 0;
}

function tokenize(text: string): string[] | null {
  const tokens: string[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.length) {
    const match = TOKEN.exec(text);
    if (match?.[1] === undefined) return null;
    tokens.push(match[1]);
  }
  return tokens;
}
