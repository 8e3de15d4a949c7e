// Bytes on a socket, as no HTTP library would send them.
import { connect } from "node:net";

const PATIENCE_MS = 20_000;

export type RawAnswer = {
  /** 0 when the connection was closed without an answer. */
  readonly status: number;
  readonly text: string;
};

/** Sends the bytes and reads the first answer, up to the end of the connection or of its announced length. */
export function sendBytes(port: number, bytes: string | Uint8Array): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    const socket = connect(port, "127.0.0.1", () => socket.write(bytes));
    const finish = (): void => {
      socket.destroy();
      const text = Buffer.concat(chunks).toString("latin1");
      resolve({ status: Number(/^HTTP\/1\.1 (\d{3})/.exec(text)?.[1] ?? 0), text });
    };
    socket.setTimeout(PATIENCE_MS, () => {
      socket.destroy();
      reject(new Error(`no answer within ${PATIENCE_MS} ms to ${String(bytes).slice(0, 80)}`));
    });
    socket.on("data", (chunk: Buffer) => {
      chunks.push(chunk);
      if (isComplete(Buffer.concat(chunks).toString("latin1"))) finish();
    });
    socket.on("close", finish);
    // A server that cuts a bad request off is within its rights.
    socket.on("error", finish);
  });
}

/** A request without a body. */
export function head(target: string, fields: Readonly<Record<string, string>> | readonly string[]): string {
  const lines = Array.isArray(fields)
    ? fields
    : Object.entries(fields).map(([name, value]) => `${name}: ${value}`);
  return `${[`GET ${target} HTTP/1.1`, ...lines].join("\r\n")}\r\nconnection: close\r\n\r\n`;
}

function isComplete(text: string): boolean {
  const end = text.indexOf("\r\n\r\n");
  if (end === -1) return false;
  const length = /\r\ncontent-length: *(\d+)/i.exec(text.slice(0, end))?.[1];
  if (length !== undefined) return text.length >= end + 4 + Number(length);
  return /\r\ntransfer-encoding: *chunked/i.test(text.slice(0, end)) && text.endsWith("0\r\n\r\n");
}
