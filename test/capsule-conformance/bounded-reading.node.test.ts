// A reader stops where a lie shows, and holds no more than its limits allow, however much is sent.
import { describe, expect, it } from "vitest";
import { nodeHashing } from "../../adapters/hashing/node-hashing.ts";
import { joinBytes, toHex } from "../../core/capsule/bytes.ts";
import { writeContainer } from "../../core/capsule/container-writer.ts";
import { verifyContainer } from "../../core/capsule/verify-capsule.ts";
import { type Manifest, manifestSchema } from "../../schemas/manifest.ts";
import { conformanceTrust } from "./craft/all-cases.ts";
import { changeEntry, craftCapsule, ENTRY } from "./craft/capsule-crafter.ts";
import { type CraftEntry, craftZip } from "./craft/zip-writer.ts";

const MEBIBYTE = 1_048_576;
const CHUNK = new Uint8Array(65_536);
const FAR_TOO_MUCH_BYTES = 1_024 * MEBIBYTE;

/** The head, then zeros without end; counts what is asked for. */
function endless(head: Uint8Array) {
  const counter = { sentBytes: 0 };
  async function* send(): AsyncGenerator<Uint8Array, void, undefined> {
    yield head;
    for (; counter.sentBytes < FAR_TOO_MUCH_BYTES; counter.sentBytes += CHUNK.length) yield CHUNK;
  }
  return { chunks: send(), counter };
}

async function sentFor(head: Uint8Array): Promise<{ sentBytes: number; code: string | undefined }> {
  const { chunks, counter } = endless(head);
  const report = await verifyContainer(chunks, { trust: await conformanceTrust(), hashing: nodeHashing });
  const failed = report.steps.find(({ status }) => status === "fail");
  return { sentBytes: counter.sentBytes, code: failed?.code };
}

async function headUpTo(index: number, change: Partial<CraftEntry> = {}): Promise<Uint8Array> {
  const { bytes, entries } = craftZip(changeEntry(await craftCapsule(), index, change));
  const next = entries[index + 1];
  return next === undefined ? bytes : bytes.slice(0, next);
}

describe("a reader that is sent a gigabyte", () => {
  it("[C6] stops at a size beyond a limit, before it reads that much", async () => {
    for (const index of [ENTRY.manifest, ENTRY.document, ENTRY.envelope]) {
      const lies = { size: 0xfffffffe, compressedSize: 0xfffffffe };
      const { sentBytes, code } = await sentFor(await headUpTo(index, { local: lies }));
      expect(code).toBe("limit");
      expect(sentBytes).toBe(0);
    }
  });

  it("[C6] reads a document up to its limit and no further", async () => {
    const lies = { size: 8 * MEBIBYTE, compressedSize: 8 * MEBIBYTE };
    const { sentBytes, code } = await sentFor(await headUpTo(ENTRY.document, { local: lies }));
    expect(code).toBe("crc-mismatch");
    expect(sentBytes).toBeLessThanOrEqual(8 * MEBIBYTE);
  });

  it("[K3] stops at the first byte behind the end, and at the first that is no header", async () => {
    const whole = craftZip(await craftCapsule()).bytes;
    expect(await sentFor(whole)).toEqual({ sentBytes: 0, code: "trailing-bytes" });
    expect((await sentFor(new Uint8Array(0))).sentBytes).toBeLessThanOrEqual(CHUNK.length);
    const beforeFiles = await headUpTo(ENTRY.envelope);
    expect((await sentFor(beforeFiles)).sentBytes).toBeLessThanOrEqual(2 * CHUNK.length);
    expect(await sentFor(joinBytes([Uint8Array.of(0), whole]))).toMatchObject({ sentBytes: 0 });
  });
});

describe("a capsule of 240 MiB", () => {
  it("[K3, C6] is written and verified in constant memory", async () => {
    const sizeBytes = 80 * MEBIBYTE;
    const sha256 = await hashOfZeros(sizeBytes);
    const files = ["a", "b", "c"].map((path) => ({ mode: "file" as const, path, sha256, sizeBytes }));
    const manifest: Manifest = { ...(await emptyManifest()), files };
    const base = process.memoryUsage().arrayBuffers;
    let peakBytes = 0;
    const chunks = writeContainer({
      manifest,
      attestations: new Map(),
      envelopes: [],
      hashing: nodeHashing,
      openFile: () => zeros(sizeBytes),
      crc32Of: () => undefined,
    });
    async function* watched(): AsyncGenerator<Uint8Array, void, undefined> {
      for await (const chunk of chunks) {
        peakBytes = Math.max(peakBytes, process.memoryUsage().arrayBuffers - base);
        yield chunk;
      }
    }
    const options = { trust: null, hashing: nodeHashing, policy: { requires: [] } };
    expect((await verifyContainer(watched(), options)).verdict).toBe("pass");
    expect(peakBytes).toBeLessThan(32 * MEBIBYTE);
  }, 60_000);
});

async function* zeros(sizeBytes: number): AsyncGenerator<Uint8Array, void, undefined> {
  for (let sent = 0; sent < sizeBytes; sent += CHUNK.length)
    yield CHUNK.subarray(0, Math.min(CHUNK.length, sizeBytes - sent));
}

async function hashOfZeros(sizeBytes: number): Promise<string> {
  const hash = nodeHashing.createSha256();
  for await (const chunk of zeros(sizeBytes)) await hash.update(chunk);
  return toHex(await hash.finish());
}

async function emptyManifest(): Promise<Manifest> {
  const { entries } = await craftCapsule({ files: [], documents: {} });
  return manifestSchema.parse(JSON.parse(new TextDecoder().decode(entries[0]?.content)));
}
