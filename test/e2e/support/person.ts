// A person at a browser: keeps the cookies, sends the headers that a browser sends with a form, reads their mail.
import { randomBytes, randomInt } from "node:crypto";
import { inject } from "vitest";
import { Answer, type RequestOptions } from "./api-client.ts";

export const PASSWORD = "seven green bottles on a wall";
const SESSION_COOKIE = "__Host-oursynth-session";
/** A mail is sent behind the answer: it may come a moment later. */
const MAX_LOOKS = 40;
const LOOK_MS = 100;

type PersonOptions = {
  /** Another platform than the shared one. */
  readonly url?: string;
  readonly name?: string;
  readonly email?: string;
  readonly address?: string;
};

export class Person {
  readonly url: string;
  readonly name: string;
  readonly email: string;
  /** Where they come from; each has an address of their own, so that no test runs into another's limit. */
  readonly address: string;
  /** The browser's cookies by name. */
  readonly cookies = new Map<string, string>();

  constructor(options: PersonOptions = {}) {
    this.url = options.url ?? inject("platform").url;
    const mark = randomBytes(6).toString("hex");
    this.name = options.name ?? `Person ${mark}`;
    this.email = options.email ?? `${mark}@people.example`;
    this.address = options.address ?? `10.${randomInt(256)}.${randomInt(256)}.${randomInt(256)}`;
  }

  /** The value of the session cookie; undefined when signed out. */
  get session(): string | undefined {
    return this.cookies.get(SESSION_COOKIE);
  }

  get(path: string, headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
    return this.send("GET", path, { headers });
  }

  /** Sends a form as a page of the platform would; redirects are not followed. */
  post(
    path: string,
    fields: Readonly<Record<string, string>> = {},
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Answer> {
    return this.send("POST", path, {
      body: new URLSearchParams(fields),
      headers: { origin: this.url, "sec-fetch-site": "same-origin", ...headers },
    });
  }

  async send(method: string, path: string, options: RequestOptions): Promise<Answer> {
    const { json, body, headers } = options;
    const sent = json === undefined ? body : JSON.stringify(json);
    const response = await fetch(this.url + path, {
      method,
      redirect: "manual",
      headers: {
        cookie: [...this.cookies].map(([name, value]) => `${name}=${value}`).join("; "),
        "cf-connecting-ip": this.address,
        ...(json === undefined ? {} : { "content-type": "application/json" }),
        ...headers,
      },
      ...(sent === undefined ? {} : { body: sent }),
    });
    for (const cookie of response.headers.getSetCookie()) this.#keep(cookie);
    return new Answer(response.status, response.headers, new Uint8Array(await response.arrayBuffer()));
  }

  /** Makes an account, confirms the address by the mail's link, and signs in. */
  async join(): Promise<this> {
    const { name, email } = this;
    const made = await this.post("/sign-up", { name, email, password: PASSWORD });
    if (made.status !== 200) throw new Error(`sign-up answered ${made.status}: ${made.text}`);
    const token = (await this.readLink("Confirm your e-mail address")).searchParams.get("token") ?? "";
    const verified = await this.post("/verify-email", { token });
    if (verified.status !== 303)
      throw new Error(`verify-email answered ${verified.status}: ${verified.text}`);
    return await this.signIn();
  }

  async signIn(password = PASSWORD): Promise<this> {
    const answer = await this.post("/sign-in", { email: this.email, password });
    if (answer.status !== 303) throw new Error(`sign-in answered ${answer.status}: ${answer.text}`);
    return this;
  }

  /** The same person at another browser. */
  elsewhere(): Person {
    const { url, name, email, address } = this;
    return new Person({ url, name, email, address });
  }

  /** The link in the newest mail to this person with this subject. */
  async readLink(subject: string): Promise<URL> {
    for (let look = 0; look < MAX_LOOKS; look += 1) {
      const mail = (await this.mails()).find((text) => text.includes(subject));
      const link = mail?.match(/href="([^"]+)"/)?.[1]?.replaceAll("&amp;", "&");
      if (link !== undefined) return new URL(link);
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    }
    throw new Error(`no mail "${subject}" to ${this.email}`);
  }

  /** The mails to this person as the outbox shows them, the newest first. */
  async mails(): Promise<string[]> {
    const outbox = await fetch(`${this.url}/outbox`);
    const articles = (await outbox.text()).match(/<article.*?<\/article>/gs) ?? [];
    return articles.filter((article) => article.includes(`To ${this.email},`));
  }

  #keep(cookie: string): void {
    const [pair = "", ...attributes] = cookie.split(";");
    const [name = "", ...value] = pair.split("=");
    if (attributes.some((attribute) => attribute.trim().toLowerCase() === "max-age=0"))
      this.cookies.delete(name);
    else this.cookies.set(name, value.join("="));
  }
}
