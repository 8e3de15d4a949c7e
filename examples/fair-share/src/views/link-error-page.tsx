/** Why a shared link cannot be opened, and what to do about it. */
import type { DecodeFailure } from "../codec/decode-book";
import type { PageFrame } from "../http/page-frame";
import { MessagePage } from "./message-page";

export function LinkErrorPage({
  frame,
  failure,
}: {
  readonly frame: PageFrame;
  readonly failure: DecodeFailure;
}) {
  const { link } = frame.messages;
  const text = failure.kind === "code-invalid" ? link["code-invalid"](failure.detail) : link[failure.kind];
  return <MessagePage frame={frame} heading={link.heading} text={text} />;
}
