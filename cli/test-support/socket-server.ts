// As much of a WebSocket server (RFC 6455) as the tests of the live protocol need: text frames and closing.
import { createHash } from "node:crypto";
import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";

export type ServerSocket = {
  send(value: unknown): void;
  close(code: number, reason: string): void;
  /** As when a cable is pulled. */
  destroy(): void;
  onMessage(listener: (value: unknown) => void): void;
};

const GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
const TEXT = 1;
const CLOSE = 8;

export function acceptSocket(request: IncomingMessage, stream: Duplex): ServerSocket {
  const accept = createHash("sha1").update(`${request.headers["sec-websocket-key"]}${GUID}`).digest("base64");
  stream.write(
    `HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: Upgrade\r\nsec-websocket-accept: ${accept}\r\n\r\n`,
  );
  const listeners: ((value: unknown) => void)[] = [];
  let buffered: Buffer = Buffer.alloc(0);
  stream.on("error", () => {});
  stream.on("data", (chunk: Buffer) => {
    buffered = Buffer.concat([buffered, chunk]);
    for (let frame = takeFrame(buffered); frame !== null; frame = takeFrame(buffered)) {
      buffered = frame.rest;
      if (frame.opcode === CLOSE) stream.end();
      if (frame.opcode === TEXT)
        for (const listener of listeners) listener(JSON.parse(frame.payload.toString()));
    }
  });
  return {
    send: (value) => stream.write(toFrame(TEXT, Buffer.from(JSON.stringify(value)))),
    close(code, reason) {
      const payload = Buffer.concat([Buffer.from([code >> 8, code & 255]), Buffer.from(reason)]);
      stream.write(toFrame(CLOSE, payload));
    },
    destroy: () => stream.destroy(),
    onMessage: (listener) => listeners.push(listener),
  };
}

function toFrame(opcode: number, payload: Buffer): Buffer {
  const header =
    payload.length < 126
      ? Buffer.from([0x80 | opcode, payload.length])
      : Buffer.from([0x80 | opcode, 127, ...lengthBytes(payload.length)]);
  return Buffer.concat([header, payload]);
}

function lengthBytes(length: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(BigInt(length));
  return bytes;
}

/** A client's frames are masked and, in these tests, shorter than 64 KiB. */
function takeFrame(bytes: Buffer): { opcode: number; payload: Buffer; rest: Buffer } | null {
  if (bytes.length < 2) return null;
  const short = (bytes[1] ?? 0) & 127;
  const headerBytes = short === 126 ? 4 : 2;
  if (bytes.length < headerBytes + 4) return null;
  const length = short === 126 ? bytes.readUInt16BE(2) : short;
  const end = headerBytes + 4 + length;
  if (bytes.length < end) return null;
  const mask = bytes.subarray(headerBytes, headerBytes + 4);
  const payload = Buffer.from(bytes.subarray(headerBytes + 4, end)).map(
    (byte, index) => byte ^ (mask[index % 4] ?? 0),
  );
  return { opcode: (bytes[0] ?? 0) & 15, payload: Buffer.from(payload), rest: bytes.subarray(end) };
}
