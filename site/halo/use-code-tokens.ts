// A code's tokens: plain at once, highlighted when the highlighter has come.
import { useEffect, useMemo, useState } from "preact/hooks";
import { type CodeToken, plainTokens } from "./code-tokens.ts";
import { type CodeLanguage, highlightCode } from "./highlight-code.ts";

type Highlighted = { readonly code: string; readonly language: CodeLanguage; readonly lines: CodeToken[][] };

/** The tokens by line. Without a language, or without the network, they stay plain: the code can be read either way. */
export function useCodeTokens(
  code: string,
  language: CodeLanguage | null,
): readonly (readonly CodeToken[])[] {
  const plain = useMemo(() => plainTokens(code), [code]);
  const [highlighted, setHighlighted] = useState<Highlighted | null>(null);
  useEffect(() => {
    if (language === null) return;
    let isCurrent = true;
    highlightCode(code, language).then(
      (lines) => isCurrent && setHighlighted({ code, language, lines }),
      (error: unknown) => console.warn("this code stays plain:", error),
    );
    return () => {
      isCurrent = false;
    };
  }, [code, language]);
  const isCurrent = highlighted !== null && highlighted.code === code && highlighted.language === language;
  return isCurrent ? highlighted.lines : plain;
}
