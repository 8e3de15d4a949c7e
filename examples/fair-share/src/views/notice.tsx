/** What just happened, and how to take it back. */
import type { PageFrame } from "../http/page-frame";
import type { NoticeKind } from "../i18n/messages";
import { Icon } from "./icons";

export function Notice({
  frame,
  kind,
}: {
  readonly frame: PageFrame;
  readonly kind: NoticeKind | undefined;
}) {
  if (kind === undefined) return null;
  return (
    <output class="notice">
      <Icon name="check" />
      <strong>{frame.messages.notices[kind]}</strong> <span>{frame.messages.book.undoHint}</span>
    </output>
  );
}
