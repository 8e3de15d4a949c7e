// The mails of sign-in, and what carries them here.
import { createBindingMailer } from "../../adapters/mail/binding-mailer.ts";
import { type Mail, MailError, type Mailer } from "../../adapters/mail/mailer.ts";
import { createOutboxMailer } from "../../adapters/mail/outbox-mailer.ts";

type MailEnv = Pick<Cloudflare.Env, "DB" | "MAIL" | "OURSYNTH_LOCAL" | "OURSYNTH_MAIL_FROM">;

const GREETING = "OurSynth";

/** The outbox of a local platform, else the mail binding; a platform with neither says so when it should send. */
export function openMailer(env: MailEnv): Mailer {
  if (isLocalPlatform(env)) return createOutboxMailer(env.DB, Date.now);
  const { MAIL: binding, OURSYNTH_MAIL_FROM: from } = env;
  if (binding !== undefined && from !== undefined) return createBindingMailer(binding, from);
  return {
    send: async () => {
      throw new MailError("no mail is set up: docs/operating.md says how (binding MAIL, OURSYNTH_MAIL_FROM)");
    },
  };
}

/** Whether `npm start` or a test runs this platform: only then are mails kept and shown. */
export function isLocalPlatform(env: Pick<Cloudflare.Env, "OURSYNTH_LOCAL">): boolean {
  return env.OURSYNTH_LOCAL === "1";
}

/** @param link the page where the address is confirmed */
export function verificationMail(to: string, link: string): Mail {
  return compose(to, "Confirm your e-mail address", [
    "Somebody signed up at OurSynth with this address. If it was you, confirm it here within an hour:",
    link,
    "If it was not you, do nothing: the account cannot be used until the address is confirmed.",
  ]);
}

export function resetMail(to: string, link: string): Mail {
  return compose(to, "Set a new password", [
    "Somebody asked for a new password for your account at OurSynth. Set it here within an hour:",
    link,
    "If it was not you, do nothing: your password stays as it is.",
  ]);
}

export function passwordChangedMail(to: string, origin: string): Mail {
  return compose(to, "Your password was changed", [
    "The password of your account at OurSynth was changed, and everybody who was signed in with it was signed out.",
    `If it was not you, set a new one at once: ${origin}/reset`,
  ]);
}

/** To who signs up twice: the page itself does not tell a stranger whose addresses have accounts. */
export function alreadySignedUpMail(to: string, origin: string): Mail {
  return compose(to, "You have an account already", [
    "Somebody, perhaps you, tried to sign up at OurSynth with this address, which has an account already.",
    `Sign in: ${origin}/sign-in`,
    `Or set a new password: ${origin}/reset`,
  ]);
}

export function invitationMail(
  to: string,
  invitation: { readonly organization: string; readonly inviter: string; readonly role: string },
  link: string,
): Mail {
  const { organization, inviter, role } = invitation;
  return compose(to, "You are invited to an organization", [
    `${oneLine(inviter)} invites you to join ${oneLine(organization)} at OurSynth as ${role}.`,
    `Look at it and decide, within a week: ${link}`,
    "If you do not know them, do nothing.",
  ]);
}

function compose(to: string, subject: string, paragraphs: readonly string[]): Mail {
  return { to, subject: `${subject} – ${GREETING}`, text: `${paragraphs.join("\n\n")}\n` };
}

/** Names are typed by people: no line of their own making stands in our mail. */
function oneLine(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}
