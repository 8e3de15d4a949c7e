// A picture out of a tenant's bytes. It is decoded and drawn here: the page's policy lets no foreign picture in, and need
// not, and nothing that a file holds besides pixels comes onto the page.
import { useEffect, useRef, useState } from "preact/hooks";
import { EmptyState } from "../../../halo/empty-state.tsx";

type PictureProps = {
  readonly type: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Read aloud. */
  readonly label: string;
};

/** Of an animation, its first picture. */
export function Picture({ type, bytes, label }: PictureProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [size, setSize] = useState<string | null>(null);
  const [isBroken, setIsBroken] = useState(false);
  useEffect(() => {
    let isGone = false;
    const draw = async (): Promise<void> => {
      const bitmap = await createImageBitmap(new Blob([bytes], { type }));
      const element = canvas.current;
      if (element !== null && !isGone) {
        element.width = bitmap.width;
        element.height = bitmap.height;
        element.getContext("2d")?.drawImage(bitmap, 0, 0);
        setSize(`${bitmap.width} × ${bitmap.height} pixels`);
      }
      bitmap.close();
    };
    setIsBroken(false);
    draw().catch(() => {
      // The bytes are no picture of this type: said instead of shown.
      if (!isGone) setIsBroken(true);
    });
    return () => {
      isGone = true;
    };
  }, [type, bytes]);
  if (isBroken) {
    return (
      <EmptyState icon="alert" title="Not a picture that can be shown">
        Its name says {type}, but it cannot be read as that. Download the file to look at it.
      </EmptyState>
    );
  }
  return (
    <figure class="file-image">
      <canvas ref={canvas} role="img" aria-label={label} />
      <figcaption class="muted">{size}</figcaption>
    </figure>
  );
}
