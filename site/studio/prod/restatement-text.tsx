// The sentences of a restatement.
import type { Restatement } from "../../../schemas/restatement.ts";
import { restatementSections } from "./restatement-sections.ts";
import "./prod.css";

type RestatementTextProps = { readonly restatement: Restatement; readonly asker: string };

export function RestatementText({ restatement, asker }: RestatementTextProps) {
  return (
    <div class="restated">
      {restatementSections(restatement, asker).map(({ title, sentences, folded }) => (
        <section key={title}>
          <h3>{title}</h3>
          {sentences.map((sentence) => (
            <p key={sentence}>{sentence}</p>
          ))}
          {folded === undefined ? null : (
            <details>
              <summary>{folded.summary}</summary>
              <pre>{folded.lines.join("\n")}</pre>
            </details>
          )}
        </section>
      ))}
    </div>
  );
}
