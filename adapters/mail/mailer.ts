// One way to send a mail, whatever carries it: the outbox of a local platform, or Cloudflare's mail binding.

export type Mail = {
  /** One address. */
  readonly to: string;
  readonly subject: string;
  /** Plain text: nothing in our mails needs more, and what a person typed stays text. */
  readonly text: string;
};

export type Mailer = {
  /** Resolves when the mail was taken over; throws MailError when it was not. */
  send(mail: Mail): Promise<void>;
};

export const MAX_SUBJECT_CHARACTERS = 200;
export const MAX_TEXT_CHARACTERS = 20_000;
const MAX_ADDRESS_CHARACTERS = 254;
/** Enough to keep a header or a second recipient from being slipped in; the carrier knows whether it exists. */
const ADDRESS = /^[^\s@<>,;:"()[\]\\]+@[^\s@<>,;:"()[\]\\]+$/;
/** Line ends and other controls have no place in a header. */
const CONTROL = /\p{Cc}/u;

export class MailError extends Error {
  override readonly name = "MailError";
}

/** Throws a MailError when this cannot be a mail: an address that is none, or a header that would begin another. */
export function checkMail({ to, subject, text }: Mail): void {
  if (to.length > MAX_ADDRESS_CHARACTERS || !ADDRESS.test(to)) {
    throw new MailError("the recipient is not one e-mail address");
  }
  if (subject === "" || subject.length > MAX_SUBJECT_CHARACTERS || CONTROL.test(subject)) {
    throw new MailError(`the subject is empty, over ${MAX_SUBJECT_CHARACTERS} characters, or has line ends`);
  }
  if (text === "" || text.length > MAX_TEXT_CHARACTERS) {
    throw new MailError(`the text is empty or over ${MAX_TEXT_CHARACTERS} characters`);
  }
}
