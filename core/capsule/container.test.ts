import { strFromU8, unzipSync } from "fflate";
import { beforeAll, describe, expect, it } from "vitest";
import { joinBytes } from "./bytes.ts";
import { canonicalBytes } from "./canonical-json.ts";
import {
  type CapsuleFixture,
  collect,
  fixtureKey,
  inChunks,
  makeCapsule,
  provenanceEnvelope,
} from "./capsule-fixture.ts";
import { type ContainerHandlers, readContainer } from "./container-reader.ts";
import { type ContainerParts, containerSizeBytes, writeContainer } from "./container-writer.ts";
import { crc32 } from "./crc32.ts";
import { webHashing } from "./web-hashing.ts";

const encoder = new TextEncoder();
let capsule: CapsuleFixture;
beforeAll(async () => {
  capsule = await makeCapsule();
});

function partsOf(fixture: CapsuleFixture, over: Partial<ContainerParts> = {}): ContainerParts {
  const { manifest, attestations, envelopes, files } = fixture;
  const openFile = ({ path }: { readonly path: string }) => files.get(path) ?? new Uint8Array(0);
  return { manifest, attestations, envelopes, hashing: webHashing, openFile, ...over };
}

async function codeOf(bytes: Uint8Array, handlers: ContainerHandlers = {}): Promise<string> {
  const result = await readContainer(inChunks(bytes), { hashing: webHashing, ...handlers });
  return result.ok ? "ok" : result.reason.code;
}

function offsetOf(bytes: Uint8Array, text: string, from = 0): number {
  const needle = encoder.encode(text);
  for (let at = from; at <= bytes.length - needle.length; at++) {
    if (needle.every((byte, index) => bytes[at + index] === byte)) return at;
  }
  throw new Error(`${text} is not in the bytes`);
}

describe("writeContainer", () => {
  it("[K1] another unzip tool reads the entries in the dictated order", () => {
    const entries = unzipSync(capsule.container);
    const hash = /^envelopes\/[0-9a-f]{64}\.json$/;
    expect(Object.keys(entries)).toEqual([
      "capsule.json",
      "attestations/build.log",
      expect.stringMatching(hash),
      "files/bin/run.sh",
      "files/index.html",
    ]);
    expect(entries["capsule.json"]).toEqual(canonicalBytes(capsule.manifest));
    expect(strFromU8(entries["files/index.html"] ?? new Uint8Array(0))).toBe("<h1>Hello</h1>");
  });

  it("[K2] fixes every header field", () => {
    const { container } = capsule;
    const view = new DataView(container.buffer, container.byteOffset);
    expect(Array.from(container.subarray(0, 14))).toEqual([
      0x50, 0x4b, 3, 4, 20, 0, 0, 8, 0, 0, 0, 0, 0x21, 0,
    ]);
    const central = offsetOf(container, "PK\u0001\u0002");
    expect(view.getUint16(central + 4, true)).toBe(0x0314);
    expect(view.getUint32(central + 38, true)).toBe((0o100644 << 16) >>> 0);
    const executable = offsetOf(container, "files/bin/run.sh", central) - 46;
    expect(view.getUint32(executable + 38, true)).toBe((0o100755 << 16) >>> 0);
  });

  it("[C10] same parts give the same bytes, however they come", async () => {
    const streamed = partsOf(capsule, {
      envelopes: [...capsule.envelopes, ...capsule.envelopes],
      openFile: ({ path }) => inChunks(capsule.files.get(path) ?? new Uint8Array(0), 3),
    });
    expect(await collect(writeContainer(streamed))).toEqual(capsule.container);
    const known = {
      ...streamed,
      crc32Of: ({ path }: { readonly path: string }) =>
        crc32(capsule.files.get(path) ?? new Uint8Array(0), 0),
    };
    expect(await collect(writeContainer(known))).toEqual(capsule.container);
    expect(await collect(writeContainer({ ...known, contentCheck: "crc32" }))).toEqual(capsule.container);
    const openFile = partsOf(capsule).openFile;
    expect(await collect(writeContainer({ ...known, openFile, contentCheck: "length" }))).toEqual(
      capsule.container,
    );
    expect(containerSizeBytes(partsOf(capsule))).toBe(capsule.container.length);
  });

  it("[K1] sorts envelopes by the hash of their bytes", async () => {
    const keys = await Promise.all([2, 3, 4, 5].map(fixtureKey));
    const envelopes = await Promise.all(keys.map((key) => provenanceEnvelope(capsule.manifest, [key])));
    const names = Object.keys(unzipSync(await collect(writeContainer(partsOf(capsule, { envelopes })))));
    const inContainer = names.filter((name) => name.startsWith("envelopes/"));
    expect(inContainer).toEqual([...inContainer].sort());
    expect(inContainer).toHaveLength(4);
  });

  it("[C4] stops at a file that is not what the manifest says", async () => {
    const other = encoder.encode("<h1>Hellp</h1>");
    const openings: ContainerParts["openFile"][] = [
      () => other,
      () => inChunks(other),
      () => inChunks(encoder.encode("longer than it was")),
    ];
    for (const openFile of openings) {
      await expect(collect(writeContainer(partsOf(capsule, { openFile })))).rejects.toThrow(/not the file/);
    }
    const tooShort = partsOf(capsule, { openFile: () => encoder.encode("x"), contentCheck: "length" });
    await expect(collect(writeContainer(tooShort))).rejects.toThrow(/not the file/);
    const wrongCrc = partsOf(capsule, { crc32Of: () => 1, contentCheck: "crc32" });
    await expect(collect(writeContainer(wrongCrc))).rejects.toThrow(/not the file/);
  });

  it("[C6] wants every document, as listed, and not too many envelopes", async () => {
    await expect(collect(writeContainer(partsOf(capsule, { attestations: new Map() })))).rejects.toThrow(
      /missing/,
    );
    const changed = new Map([["attestations/build.log", encoder.encode("other")]]);
    await expect(collect(writeContainer(partsOf(capsule, { attestations: changed })))).rejects.toThrow(
      /not the document/,
    );
    const envelopes = Array.from({ length: 65 }, (_, index) => encoder.encode(String(index)));
    await expect(collect(writeContainer(partsOf(capsule, { envelopes })))).rejects.toThrow(/64 envelopes/);
  });
});

describe("readContainer", () => {
  it("[K3] gives back what was written, whatever the chunks", async () => {
    for (const chunkBytes of [1, 7, 100, 65_536]) {
      const seen = new Map<string, Uint8Array>();
      const result = await readContainer(inChunks(capsule.container, chunkBytes), {
        hashing: webHashing,
        onAttestation: ({ path }, bytes) => void seen.set(path, bytes.slice()),
        onEnvelope: (bytes, sha256) => void seen.set(sha256, bytes.slice()),
        onFile: async ({ path }, content) => void seen.set(path, await collect(content)),
      });
      expect(result).toMatchObject({ ok: true, value: { manifest: capsule.manifest } });
      expect([...seen.values()]).toEqual([
        ...capsule.attestations.values(),
        ...capsule.envelopes,
        capsule.files.get("bin/run.sh"),
        capsule.files.get("index.html"),
      ]);
    }
  });

  it("[K3] reads a capsule without files or envelopes", async () => {
    const empty = await makeCapsule([]);
    const bare = await collect(writeContainer(partsOf(empty, { envelopes: [] })));
    expect(await codeOf(bare)).toBe("ok");
    expect(await codeOf(empty.container)).toBe("ok");
  });

  it("[K3] no flipped bit, no missing and no added byte gets through", async () => {
    const { container } = capsule;
    for (let index = 0; index < container.length; index++) {
      const flipped = container.slice();
      flipped[index] = (flipped[index] ?? 0) ^ (1 << (index % 8));
      if ((await codeOf(flipped)) === "ok") expect.fail(`byte ${index} may be changed`);
    }
    for (let length = 0; length < container.length; length += 13) {
      if ((await codeOf(container.subarray(0, length))) === "ok") expect.fail(`may be cut to ${length}`);
    }
    expect(await codeOf(joinBytes([container, Uint8Array.of(0)]))).toBe("trailing-bytes");
    expect(await codeOf(joinBytes([Uint8Array.of(0), container]))).toBe("header-mismatch");
    expect(await codeOf(joinBytes([container, container]))).toBe("trailing-bytes");
    expect(await codeOf(new Uint8Array(0))).toBe("truncated");
  });

  it("[K3] rejects entries in another order, twice, or too many", async () => {
    const { container } = capsule;
    const run = offsetOf(container, "files/bin/run.sh") - 30;
    const index = offsetOf(container, "files/index.html") - 30;
    const central = offsetOf(container, "PK\u0001\u0002");
    const [head, first, second, tail] = [
      container.subarray(0, run),
      container.subarray(run, index),
      container.subarray(index, central),
      container.subarray(central),
    ];
    expect(await codeOf(joinBytes([head, first, second, tail]))).toBe("ok");
    for (const order of [
      [head, second, first, tail],
      [head, first, first, second, tail],
      [head, first, tail],
      [head, first, second, second, tail],
    ]) {
      expect(["header-mismatch", "directory-mismatch"]).toContain(await codeOf(joinBytes(order)));
    }
  });

  it("[K3] rejects a size that lies before it reads that much", async () => {
    const lying = capsule.container.slice();
    new DataView(lying.buffer).setUint32(18, 0xfffffff0, true);
    new DataView(lying.buffer).setUint32(22, 0xfffffff0, true);
    expect(await codeOf(lying)).toBe("limit");
  });

  it("[K1] rejects an envelope that is not canonical", async () => {
    const envelopes = [encoder.encode('{"a": 1}')];
    expect(await codeOf(await collect(writeContainer(partsOf(capsule, { envelopes }))))).toBe(
      "envelope-mismatch",
    );
  });

  it("[C4] a large file streams, and its stream throws when the content is wrong", async () => {
    const text = "0123456789abcdef".repeat(40_000);
    const large = await makeCapsule([
      { path: "large.txt", text },
      { path: "small.txt", text: "s" },
    ]);
    let readBytes = 0;
    const onFile: ContainerHandlers["onFile"] = async (_file, content) => {
      for await (const chunk of content) readBytes += chunk.length;
    };
    expect(await codeOf(large.container, { onFile })).toBe("ok");
    expect(readBytes).toBe(text.length + 1);
    expect(
      await codeOf(large.container, {
        onFile: async (_file, content) => void (await content[Symbol.asyncIterator]().next()),
      }),
    ).toBe("ok");
    const changed = large.container.slice();
    changed[offsetOf(changed, "0123456789") + 600_000] = 0;
    expect(await codeOf(changed, { onFile })).toBe("file-mismatch");
    expect(await codeOf(changed)).toBe("file-mismatch");
    const ignoring: ContainerHandlers["onFile"] = (_file, content) =>
      collect(content).then(
        () => undefined,
        () => undefined,
      );
    expect(await codeOf(changed, { onFile: ignoring })).toBe("file-mismatch");
  });

  it("lets a handler's own error through", async () => {
    const onFile = () => Promise.reject(new Error("disk full"));
    await expect(codeOf(capsule.container, { onFile })).rejects.toThrow("disk full");
  });
});
