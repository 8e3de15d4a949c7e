/** The start page: what the app does, an example one click away, and the form for a new list. */
import type { FieldProblem } from "../domain/problem";
import type { NewBookDraft } from "../forms/read-new-book-form";
import type { PageFrame } from "../http/page-frame";
import { paths } from "../http/paths";
import { Icon } from "./icons";
import { Layout } from "./layout";
import { NewBookForm } from "./new-book-form";

type HomePageProps = {
  readonly frame: PageFrame;
  readonly draft: NewBookDraft;
  readonly problems: readonly FieldProblem[];
};

export function HomePage({ frame, draft, problems }: HomePageProps) {
  const { home } = frame.messages;
  return (
    <Layout
      frame={frame}
      title={frame.appTitle}
      languageHref={(language) => `${paths.home}?lang=${language}`}
    >
      <div class="home">
        <section class="hero">
          <h1>{home.heading}</h1>
          <p class="lead">{home.lead}</p>
          <a class="button quiet" href={`${paths.example}?lang=${frame.language}`}>
            {home.example} <Icon name="arrow" />
          </a>
          <ul class="promises">
            {home.promises.map(([heading, text]) => (
              <li>
                <Icon name="check" />
                <div>
                  <strong>{heading}</strong>
                  <p>{text}</p>
                </div>
              </li>
            ))}
          </ul>
        </section>
        <NewBookForm frame={frame} draft={draft} problems={problems} />
      </div>
    </Layout>
  );
}
