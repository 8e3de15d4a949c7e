// Where a capsule's bytes and documents are.
import { apiPath } from "../../data/api-client.ts";

type CapsuleRef = { readonly projectId: string; readonly digest: string };

/** The `.caps`; with its receipts, a retired key's signature can be decided offline. */
export function downloadUrl(
  { projectId, digest }: CapsuleRef,
  statements: "provenance" | "receipts" | "all",
): string {
  const query = new URLSearchParams({ projectId, statements });
  return `${apiPath`/api/capsules/${digest}/download`}?${query}`;
}

export function sbomUrl({ projectId, digest }: CapsuleRef): string {
  return `${apiPath`/api/capsules/${digest}/sbom`}?${new URLSearchParams({ projectId })}`;
}

/** A file of the capsule, or a document that it carries. */
export function fileUrl({ projectId, digest }: CapsuleRef, path: string): string {
  const segments = path.split("/").map(encodeURIComponent).join("/");
  return `${apiPath`/api/capsules/${digest}/files/`}${segments}?${new URLSearchParams({ projectId })}`;
}
