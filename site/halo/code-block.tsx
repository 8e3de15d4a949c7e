// Code to read and to copy.
import { useState } from "preact/hooks";
import { Button } from "./button.tsx";
import { CodeLine } from "./code-line.tsx";
import { CopyButton } from "./copy-button.tsx";
import { type CodeLanguage, languageOf } from "./highlight-code.ts";
import { scrollable } from "./scrollable.ts";
import { useCodeTokens } from "./use-code-tokens.ts";
import "./code-block.css";

type CodeBlockProps = {
  readonly code: string;
  /** Shown above, and tells the language when none is given. */
  readonly path?: string;
  readonly language?: CodeLanguage;
  readonly hasLineNumbers?: boolean;
  /** Long lines are wrapped rather than scrolled. */
  readonly isWrapped?: boolean;
  /** As tall as it is, where the page itself scrolls. */
  readonly isWholeHeight?: boolean;
};

/** More is shown when it is asked for. */
const LINES_AT_ONCE = 2_000;

/** A block of code with its name, its language and a copy button; the highlighting comes when it has been fetched. */
export function CodeBlock(props: CodeBlockProps) {
  const { code, path, hasLineNumbers = false, isWrapped = false, isWholeHeight = false } = props;
  const language = props.language ?? (path === undefined ? null : languageOf(path));
  const lines = useCodeTokens(code.endsWith("\n") ? code.slice(0, -1) : code, language);
  const [lineCountMax, setLineCountMax] = useState(LINES_AT_ONCE);
  const hiddenCount = lines.length - lineCountMax;
  return (
    <figure class="halo-code">
      <figcaption class="halo-code__head">
        <span class="halo-code__path">{path ?? language ?? "text"}</span>
        <CopyButton text={code} label={path === undefined ? "Copy the code" : `Copy ${path}`} hasWord />
      </figcaption>
      <pre
        class="halo-code__text"
        data-numbered={hasLineNumbers}
        data-wrapped={isWrapped}
        data-whole={isWholeHeight}
        {...scrollable(path ?? "Code")}
      >
        <code>
          {lines.slice(0, lineCountMax).map((tokens, index) => (
            <span key={index} class="halo-code__line">
              <CodeLine tokens={tokens} />
            </span>
          ))}
        </code>
      </pre>
      {hiddenCount > 0 && (
        <div class="halo-code__more">
          <Button size="small" onClick={() => setLineCountMax(lineCountMax + LINES_AT_ONCE)}>
            Show more: {hiddenCount} lines are left
          </Button>
        </div>
      )}
    </figure>
  );
}
