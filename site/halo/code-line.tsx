// One line of code, coloured.
import type { CodeToken } from "./code-tokens.ts";
import "./code-line.css";

/** The tokens of one line; an empty line keeps its height. */
export function CodeLine({ tokens }: { readonly tokens: readonly CodeToken[] }) {
  if (tokens.length === 0) return <>{"\n"}</>;
  return (
    <>
      {tokens.map(({ text, kind }, index) =>
        kind === null ? (
          text
        ) : (
          <span key={index} class={`code-${kind}`}>
            {text}
          </span>
        ),
      )}
    </>
  );
}
