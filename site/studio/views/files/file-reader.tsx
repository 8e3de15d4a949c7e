// One file of the moment: text with its highlighting, a picture, or what it is.
import { Badge } from "../../../halo/badge.tsx";
import { Button, ButtonLink } from "../../../halo/button.tsx";
import { CodeBlock } from "../../../halo/code-block.tsx";
import { Digest } from "../../../halo/digest.tsx";
import { EmptyState } from "../../../halo/empty-state.tsx";
import { useActionBlock } from "../../data/project-room.ts";
import { useResource } from "../../data/resource.ts";
import { ProblemNote } from "../../shell/problem-note.tsx";
import type { FileFacts } from "./build-tree.ts";
import { type FileContent, MAX_SHOWN_BYTES } from "./file-content.ts";
import { askFile, downloadUrl, type FilePlace } from "./file-requests.ts";
import { formatBytes } from "./format-bytes.ts";
import { Picture } from "./picture.tsx";

type FileReaderProps = {
  readonly place: FilePlace;
  readonly file: FileFacts;
  /** Why it cannot be edited here besides what the person may; null when it can. */
  readonly whyNoEdit: string | null;
  readonly onEdit: (text: string) => void;
};

export function FileReader({ place, file, whyNoEdit, onEdit }: FileReaderProps) {
  const block = useActionBlock("capsules:write");
  const isTooLarge = file.sizeBytes > MAX_SHOWN_BYTES;
  // By content: the same bytes at another moment need not come again.
  const key = isTooLarge ? null : `file ${file.sha256} ${file.path}`;
  const content = useResource<FileContent>(key, (signal) => askFile(place, signal));
  const text = content.value?.kind === "text" ? content.value.text : null;
  return (
    <section class="file-reader" aria-label={file.path}>
      <div class="file-head">
        <h2>{file.path}</h2>
        {file.mode === "executable" ? <Badge>executable</Badge> : null}
        <span class="muted">{formatBytes(file.sizeBytes)}</span>
        <Digest value={file.sha256} of="the file" />
        <span class="file-buttons">
          <ButtonLink size="small" icon="download" href={downloadUrl(place)} download>
            Download
          </ButtonLink>
          {text === null ? null : (
            <Button size="small" icon="edit" disabledReason={block ?? whyNoEdit} onClick={() => onEdit(text)}>
              Edit
            </Button>
          )}
        </span>
      </div>
      <ProblemNote error={content.error} retry={content.reload} />
      {isTooLarge ? (
        <EmptyState icon="file" title="Too large to show here">
          It has {formatBytes(file.sizeBytes)}; up to {formatBytes(MAX_SHOWN_BYTES)} are shown. Download it to
          read it.
        </EmptyState>
      ) : (
        <Content file={file} content={content.value} isLoading={content.isLoading} />
      )}
    </section>
  );
}

type ContentProps = {
  readonly file: FileFacts;
  readonly content: FileContent | undefined;
  readonly isLoading: boolean;
};

function Content({ file, content, isLoading }: ContentProps) {
  if (content === undefined) return isLoading ? <p class="muted">Reading {file.path} …</p> : null;
  switch (content.kind) {
    case "text":
      return file.sizeBytes === 0 ? (
        <p class="muted">The file is empty.</p>
      ) : (
        <CodeBlock code={content.text} path={file.path} hasLineNumbers isWholeHeight />
      );
    case "image":
      return <Picture type={content.type} bytes={content.bytes} label={file.path} />;
    case "binary":
      return (
        <EmptyState icon="file" title="Not text">
          These {formatBytes(file.sizeBytes)} are no text that can be shown. Download the file to look at it.
        </EmptyState>
      );
  }
}
