// One file of a capsule: text with highlighting, a picture, or the first bytes of whatever else it is.
import { ButtonLink } from "../../../halo/button.tsx";
import { CodeBlock } from "../../../halo/code-block.tsx";
import { CopyButton } from "../../../halo/copy-button.tsx";
import { Skeleton } from "../../../halo/skeleton.tsx";
import { sayBytes } from "../../../verification/say-bytes.ts";
import { sendApi } from "../../data/api-client.ts";
import { useProject } from "../../data/project-room.ts";
import { useResource } from "../../data/resource.ts";
import { ProblemNote } from "../../shell/problem-note.tsx";
import { fileUrl } from "./capsule-links.ts";
import type { OpenCapsule } from "./capsule-view.tsx";
import { type FileContent, MAX_SHOWN_BYTES, readContent } from "./file-content.ts";
import { Picture } from "./picture.tsx";

type FileReaderProps = { readonly capsule: OpenCapsule; readonly path: string };

export function FileReader({ capsule: { manifest, capsuleDigest }, path }: FileReaderProps) {
  const { projectId } = useProject();
  const url = fileUrl({ projectId, digest: capsuleDigest }, path);
  const file = manifest.files.find((candidate) => candidate.path === path);
  const line = file ?? manifest.attestations.find((candidate) => candidate.path === path);
  const isTooLarge = file !== undefined && file.sizeBytes > MAX_SHOWN_BYTES;
  const bytes = useResource(line === undefined || isTooLarge ? null : `file ${url}`, async (signal) => {
    const response = await sendApi(url, { signal });
    return new Uint8Array(await response.arrayBuffer());
  });
  if (line === undefined) {
    return (
      <p class="caps-reader">
        This capsule holds no file {path}. The list beside this has all that it holds.
      </p>
    );
  }
  return (
    <article class="caps-reader" aria-label={path}>
      <header class="caps-reader__head">
        <h2>{path}</h2>
        <span class="muted">
          {file === undefined ? "carried document" : sayBytes(file.sizeBytes)}
          {file?.mode === "executable" ? ", executable" : ""}
        </span>
        <CopyButton text={line.sha256} label={`Copy the SHA-256 of ${path}`} />
        <ButtonLink kind="quiet" size="small" icon="download" href={url} download>
          Download
        </ButtonLink>
      </header>
      {isTooLarge ? (
        <p class="muted">A file of {sayBytes(file.sizeBytes)} is not shown here; download it to read it.</p>
      ) : null}
      <ProblemNote error={bytes.error} retry={bytes.reload} />
      {bytes.value === undefined && bytes.isLoading ? (
        <Skeleton label={`Loading ${path}`} shape="text" count={12} />
      ) : null}
      {bytes.value === undefined ? null : <Content path={path} bytes={bytes.value} />}
    </article>
  );
}

function Content({ path, bytes }: { readonly path: string; readonly bytes: Uint8Array<ArrayBuffer> }) {
  const content: FileContent = readContent(path, bytes);
  switch (content.kind) {
    case "empty":
      return <p class="muted">This file is empty.</p>;
    case "text":
      return <CodeBlock code={content.text} path={path} hasLineNumbers isWholeHeight />;
    case "picture":
      return <Picture path={path} bytes={bytes} mediaType={content.mediaType} />;
    case "binary":
      return (
        <>
          <p class="muted">These bytes are no text. The first of them:</p>
          <CodeBlock code={content.dump} />
        </>
      );
  }
}
