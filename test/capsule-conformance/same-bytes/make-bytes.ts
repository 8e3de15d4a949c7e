// Makes one capsule from parts that are given, in whatever runtime this is bundled for or run in (CAPSULE.md C10).
import { completeManifest, parseAuthoredManifest } from "../../../core/capsule/authored-manifest.ts";
import { joinBytes, toHex } from "../../../core/capsule/bytes.ts";
import { canonicalBytes } from "../../../core/capsule/canonical-json.ts";
import { describeFile } from "../../../core/capsule/capsule-files.ts";
import { writeContainer } from "../../../core/capsule/container-writer.ts";
import { webHashing } from "../../../core/capsule/web-hashing.ts";
import given from "./given.json" with { type: "json" };

export type MadeBytes = {
  readonly manifestSha256: string;
  readonly containerSha256: string;
  readonly containerBytes: number;
  /** What the runtime takes for its own. */
  readonly timeZone: string;
  readonly locale: string;
};

const encoder = new TextEncoder();

/** @param isReversed whether files, documents and envelopes come in the other order */
export async function makeBytes(isReversed: boolean): Promise<MadeBytes> {
  const inOrder = <Item>(items: readonly Item[]): Item[] => (isReversed ? items.toReversed() : [...items]);
  const contents = new Map(
    given.files.map(({ path, text, repeat }) => [path, encoder.encode(text.repeat(repeat))]),
  );
  const read = (path: string): Uint8Array => contents.get(path) ?? new Uint8Array(0);
  const files: Awaited<ReturnType<typeof describeFile>>["file"][] = [];
  for (const { path, isExecutable } of inOrder(given.files)) {
    files.push((await describeFile(path, isExecutable ? "executable" : "file", read(path), webHashing)).file);
  }
  const documents = new Map(
    inOrder(given.documents).map(({ path, text }) => [path, encoder.encode(text)] as const),
  );
  const attestations: { type: string; sha256: string; path: string; meta: unknown }[] = [];
  for (const [path, bytes] of documents) {
    attestations.push({ type: "log", sha256: toHex(await webHashing.sha256(bytes)), path, meta: {} });
  }
  const authored = parseAuthoredManifest(encoder.encode(given.authored));
  if (!authored.ok) throw new Error(JSON.stringify(authored.reason));
  const manifest = completeManifest(authored.value, { files, attestations, folderName: "x", createdAt: 0 });
  if (!manifest.ok) throw new Error(JSON.stringify(manifest.reason));
  const chunks: Uint8Array[] = [];
  const parts = {
    manifest: manifest.value,
    attestations: documents,
    envelopes: inOrder(given.envelopes).map((envelope) => encoder.encode(envelope)),
    hashing: webHashing,
    openFile: ({ path }: { readonly path: string }) => read(path),
  };
  for await (const chunk of writeContainer(parts)) chunks.push(chunk.slice());
  const container = joinBytes(chunks);
  const { timeZone, locale } = new Intl.DateTimeFormat().resolvedOptions();
  return {
    manifestSha256: toHex(await webHashing.sha256(canonicalBytes(manifest.value))),
    containerSha256: toHex(await webHashing.sha256(container)),
    containerBytes: container.length,
    timeZone,
    locale,
  };
}
