// A digest in short, with the whole of it to copy.
import { CopyButton } from "./copy-button.tsx";
import { shortenDigest } from "./shorten-digest.ts";
import "./digest.css";

type DigestProps = {
  /** `sha256:…`, or a bare hash. */
  readonly value: string;
  /** What it is the digest of, for the copy button: "the capsule". */
  readonly of?: string;
  readonly hasCopy?: boolean;
};

/** The first and last digits, as many as a person compares; hovering shows all. */
export function Digest({ value, of = "", hasCopy = true }: DigestProps) {
  return (
    <span class="halo-digest">
      <code class="halo-digest__short" title={value}>
        {shortenDigest(value)}
      </code>
      {hasCopy && (
        <CopyButton text={value} label={of === "" ? "Copy the digest" : `Copy the digest of ${of}`} />
      )}
    </span>
  );
}
