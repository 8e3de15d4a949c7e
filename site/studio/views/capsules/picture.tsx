// A picture of a capsule. It is drawn onto a canvas from bytes that were fetched as an attachment: the page's policy lets no
// image of anybody else in, and a drawing can do nothing but be looked at.
import { useEffect, useRef, useState } from "preact/hooks";
import { CodeBlock } from "../../../halo/code-block.tsx";
import { dumpBytes } from "./file-content.ts";

type PictureProps = {
  readonly path: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly mediaType: string;
};

type Size = { readonly width: number; readonly height: number };

/** Bytes that no browser can draw are shown as bytes. */
export function Picture({ path, bytes, mediaType }: PictureProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [size, setSize] = useState<Size | "unreadable" | null>(null);
  useEffect(() => {
    let isCurrent = true;
    createImageBitmap(new Blob([bytes], { type: mediaType })).then(
      (bitmap) => {
        if (isCurrent && canvas.current !== null) draw(canvas.current, bitmap);
        if (isCurrent) setSize({ width: bitmap.width, height: bitmap.height });
        bitmap.close();
      },
      () => isCurrent && setSize("unreadable"),
    );
    return () => {
      isCurrent = false;
    };
  }, [bytes, mediaType]);
  if (size === "unreadable") {
    return (
      <>
        <p class="muted">By its name this is a picture, but it cannot be drawn. Its first bytes:</p>
        <CodeBlock code={dumpBytes(bytes)} />
      </>
    );
  }
  return (
    <figure class="caps-picture">
      <canvas ref={canvas} role="img" aria-label={`The picture ${path}`} />
      {size === null ? null : (
        <figcaption class="muted">
          {size.width} × {size.height} pixels
        </figcaption>
      )}
    </figure>
  );
}

function draw(canvas: HTMLCanvasElement, bitmap: ImageBitmap): void {
  canvas.width = bitmap.width;
  canvas.height = bitmap.height;
  canvas.getContext("2d")?.drawImage(bitmap, 0, 0);
}
