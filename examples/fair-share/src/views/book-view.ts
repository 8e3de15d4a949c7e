/** What the panels of a book's page share. */
import type { Book } from "../domain/book";
import type { FieldProblem } from "../domain/problem";
import type { Summary } from "../domain/summarize";
import type { PageFrame } from "../http/page-frame";

export type BookView = {
  readonly frame: PageFrame;
  readonly book: Book;
  readonly code: string;
  readonly summary: Summary;
  readonly problems: readonly FieldProblem[];
  /** What was typed into a form that was refused, by field name. */
  readonly typed: ReadonlyMap<string, string>;
  /** This page's full address, for copying. */
  readonly shareUrl: string;
};
