// What the Files view asks of the API.
import type { TimelineEvent } from "../../../../schemas/event.ts";
import { apiPath, askApi, sendApi } from "../../data/api-client.ts";
import { type FileContent, readContent } from "./file-content.ts";

export type FilePlace = {
  readonly projectId: string;
  readonly branch: string;
  readonly path: string;
  /** Undefined: now. */
  readonly at: number | undefined;
};

export async function askFile(place: FilePlace, signal?: AbortSignal): Promise<FileContent> {
  const { branch, at, path } = place;
  const init = signal === undefined ? {} : { signal };
  const response = await sendApi(filePath(place), { query: { branch, at }, ...init });
  return readContent(path, new Uint8Array(await response.arrayBuffer()));
}

/** Where the browser downloads it from. */
export function downloadUrl(place: FilePlace): string {
  const query = new URLSearchParams({ branch: place.branch });
  if (place.at !== undefined) query.set("at", String(place.at));
  return `${filePath(place)}?${query}`;
}

/** Puts the text and moves the branch, if it still stands at `expectedHead`. Gives the event. */
export async function commitText(edit: {
  readonly projectId: string;
  readonly branch: string;
  readonly path: string;
  readonly text: string;
  readonly message: string;
  readonly expectedHead: number;
}): Promise<TimelineEvent> {
  const { projectId, branch, path, text, message, expectedHead } = edit;
  const bytes = new TextEncoder().encode(text);
  const sha256 = toHex(await crypto.subtle.digest("SHA-256", bytes));
  await askApi(apiPath`/api/blobs/${sha256}`, { method: "PUT", query: { projectId }, body: bytes });
  const json = { branch, expectedHead, message, files: [{ path, sha256 }] };
  const committed = await askApi<{ readonly event: TimelineEvent }>(
    apiPath`/api/projects/${projectId}/commits`,
    { method: "POST", json },
  );
  return committed.event;
}

function filePath({ projectId, path }: FilePlace): string {
  return `${apiPath`/api/projects/${projectId}/files/`}${path.split("/").map(encodeURIComponent).join("/")}`;
}

function toHex(buffer: ArrayBuffer): string {
  return Array.from(new Uint8Array(buffer), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
