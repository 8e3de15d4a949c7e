// One contract, which the outbox and the mail binding both keep; the binding is played at its documented interface.
// https://developers.cloudflare.com/email-service/api/send-emails/workers-api/
import { beforeAll, describe, expect, test } from "vitest";
import { listMails } from "../../../adapters/database/outbox-mails.ts";
import { createBindingMailer } from "../../../adapters/mail/binding-mailer.ts";
import { type Mail, MailError, type Mailer } from "../../../adapters/mail/mailer.ts";
import { createOutboxMailer } from "../../../adapters/mail/outbox-mailer.ts";
import { openDatabase } from "../open-database.ts";

const FROM = "hello@platform.example";
const MAIL: Mail = {
  to: "ada@people.example",
  subject: "Grüße – 你好",
  text: "Zeile eins\n\nhttps://x.example/?a=1&b=2\n",
};

type Carrier = { readonly mailer: Mailer; readonly sent: () => Promise<readonly Mail[]> };

let database: D1Database;
beforeAll(async () => {
  database = await openDatabase();
});

function openOutbox(): Carrier {
  let now = 1_700_000_000_000;
  return {
    mailer: createOutboxMailer(database, () => (now += 1)),
    async sent() {
      const kept = await listMails(database);
      return kept.map(({ recipient, subject, text }) => ({ to: recipient, subject, text }));
    },
  };
}

/** What the binding takes, and how it refuses. */
class PlayedBinding implements SendEmail {
  readonly taken: EmailMessageBuilder[] = [];
  refusal: Error | null = null;

  async send(builder: EmailMessage | EmailMessageBuilder): Promise<EmailSendResult> {
    if (this.refusal !== null) throw this.refusal;
    if (!("subject" in builder)) throw new Error("E_VALIDATION_ERROR: not a builder");
    if (builder.text === undefined && builder.html === undefined) throw new Error("E_CONTENT_MISSING");
    this.taken.push(builder);
    return { messageId: `<${this.taken.length}@platform.example>` };
  }
}

function openBinding(): Carrier {
  const binding = new PlayedBinding();
  return {
    mailer: createBindingMailer(binding, FROM),
    sent: async () =>
      binding.taken
        .map((taken) => ({ to: String(taken.to), subject: taken.subject, text: taken.text ?? "" }))
        .toReversed(),
  };
}

describe.each([
  ["the outbox", openOutbox],
  ["the mail binding", openBinding],
])("%s", (_name, open) => {
  test("carries recipient, subject and text as they are, the newest first", async () => {
    const { mailer, sent } = open();
    await mailer.send(MAIL);
    await mailer.send({ ...MAIL, subject: "the second" });
    const [second, first] = await sent();
    expect(second).toEqual({ ...MAIL, subject: "the second" });
    expect(first).toEqual(MAIL);
  });

  test.each<[string, Partial<Mail>]>([
    ["a second recipient", { to: "ada@people.example, eve@evil.example" }],
    ["a recipient that begins another header", { to: "ada@people.example\r\nBcc: eve@evil.example" }],
    ["a recipient in a name's clothes", { to: "Ada <ada@people.example>" }],
    ["no recipient", { to: "" }],
    ["a subject that begins another header", { subject: "Hello\r\nBcc: eve@evil.example" }],
    ["a subject without an end", { subject: "a".repeat(201) }],
    ["no subject", { subject: "" }],
    ["no text", { text: "" }],
    ["a text without an end", { text: "a".repeat(20_001) }],
  ])("takes no mail with %s", async (_what, wrong) => {
    const { mailer, sent } = open();
    const before = await sent();
    await expect(mailer.send({ ...MAIL, ...wrong })).rejects.toThrow(MailError);
    expect(await sent()).toEqual(before);
  });
});

test("the mail binding's refusal is told as one of ours, with its own words", async () => {
  const binding = new PlayedBinding();
  binding.refusal = new Error("E_SENDER_NOT_VERIFIED: the domain is not set up");
  const mailer = createBindingMailer(binding, FROM);
  await expect(mailer.send(MAIL)).rejects.toThrow(/mail binding refused: E_SENDER_NOT_VERIFIED/);
});

test("the mail binding is told the platform's own sender", async () => {
  const binding = new PlayedBinding();
  await createBindingMailer(binding, FROM).send(MAIL);
  expect(binding.taken[0]?.from).toEqual({ email: FROM, name: "OurSynth" });
});

test("the outbox forgets after a week", async () => {
  let now = 1_800_000_000_000;
  const mailer = createOutboxMailer(database, () => now);
  await mailer.send({ ...MAIL, subject: "old" });
  now += 7 * 86_400_000 + 1;
  await mailer.send({ ...MAIL, subject: "new" });
  expect((await listMails(database)).map(({ subject }) => subject)).toEqual(["new"]);
});
