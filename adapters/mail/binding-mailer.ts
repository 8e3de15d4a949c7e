// Mails through Cloudflare's `send_email` binding, which composes the message (RFC 5322, MIME) from its parts.
// https://developers.cloudflare.com/email-service/api/send-emails/workers-api/
import { checkMail, type Mail, MailError, type Mailer } from "./mailer.ts";

const SENDER_NAME = "OurSynth";

/** @param from the address that mails come from; its domain must be set up for sending in the account */
export function createBindingMailer(binding: SendEmail, from: string): Mailer {
  return {
    async send(mail: Mail): Promise<void> {
      checkMail(mail);
      try {
        await binding.send({
          from: { email: from, name: SENDER_NAME },
          to: mail.to,
          subject: mail.subject,
          text: mail.text,
        });
      } catch (error) {
        throw new MailError(
          `the mail binding refused: ${error instanceof Error ? error.message : String(error)}`,
          {
            cause: error,
          },
        );
      }
    },
  };
}
