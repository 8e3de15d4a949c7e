// The canary of the end-to-end tests: secrets that tests plant, and everything that clients were answered, kept for the
// search at the end of the run (global-setup.ts).
import { randomBytes, randomUUID } from "node:crypto";
import { appendFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { inject } from "vitest";

export const PLANTED_FILE = "planted.jsonl";
export const ANSWERS_FOLDER = "answers";

/** Where a token is shown this once, and so is no leak. */
const SHOWS_TOKEN = /^POST \/api\/tokens(?:\?|$)/;

/** A new secret value that must never be seen again. It holds what encodings change. */
export function plantSecret(name: string): string {
  const value = `canary/${name}+"ü" ${randomBytes(18).toString("base64url")}`;
  rememberSecret(name, value);
  return value;
}

/** Something that exists already and must not be seen again. */
export function rememberSecret(name: string, value: string): void {
  appendFileSync(join(inject("platform").canaryPath, PLANTED_FILE), `${JSON.stringify({ name, value })}\n`);
}

/** Keeps an answer for the search. A token that is shown once is remembered, and left out of this one answer. */
export function keepAnswer(request: string, headers: Headers, bytes: Uint8Array): void {
  let body = Buffer.from(bytes);
  const token = SHOWS_TOKEN.test(request) ? readToken(body) : null;
  if (token !== null) {
    rememberSecret("a token that was shown once", token);
    body = Buffer.from(body.toString().replaceAll(token, "(shown this once)"));
  }
  const head = Buffer.from(`${request}\n${JSON.stringify([...headers])}\n\n`);
  writeFileSync(newFile(request), Buffer.concat([head, body]));
}

/** The same for an answer that comes in pieces: gives it on as it comes. */
export function keepStream(request: string, response: Response): Response {
  const path = newFile(request);
  writeFileSync(path, `${request}\n${JSON.stringify([...response.headers])}\n\n`);
  if (response.body === null) return response;
  const kept = new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      appendFileSync(path, chunk);
      controller.enqueue(chunk);
    },
  });
  const { status, statusText, headers } = response;
  return new Response(response.body.pipeThrough(kept), { status, statusText, headers });
}

/** Frames of a socket, each as it comes. */
export function keepFrame(text: string): void {
  appendFileSync(join(inject("platform").canaryPath, ANSWERS_FOLDER, "frames.txt"), `${text}\n`);
}

/** Its name says what was asked, for whoever finds something there. */
function newFile(request: string): string {
  const name = request.replace(/[^\w.-]+/g, "_").slice(0, 150);
  return join(inject("platform").canaryPath, ANSWERS_FOLDER, `${name}-${randomUUID()}.bin`);
}

function readToken(body: Buffer): string | null {
  try {
    const { token } = JSON.parse(body.toString());
    return typeof token === "string" ? token : null;
  } catch {
    return null;
  }
}
