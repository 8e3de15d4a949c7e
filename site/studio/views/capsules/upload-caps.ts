// Sends a `.caps` to a project as it lies there. fetch() says nothing of how far an upload is; XMLHttpRequest does.
import type { AcceptedCapsule } from "../../../../schemas/api/capsules.ts";
import type { Problem } from "../../../../schemas/problem.ts";
import { ApiProblem, StrangeAnswer, Unreachable } from "../../data/problem.ts";

type Upload = {
  readonly file: Blob;
  readonly projectId: string;
  readonly branch: string;
  /** Of the push: sent again with the same one, it is done once. */
  readonly idempotencyKey: string;
  readonly signal: AbortSignal;
  readonly onProgress: (sentBytes: number) => void;
};

const CREATED = 201;

/** Gives what was accepted, or null when it was stopped; throws ApiProblem, Unreachable or StrangeAnswer. */
export function uploadCaps(upload: Upload): Promise<AcceptedCapsule | null> {
  const { file, projectId, branch, idempotencyKey, signal, onProgress } = upload;
  const request = new XMLHttpRequest();
  const query = new URLSearchParams({ projectId, branch });
  request.open("POST", `/api/capsules/upload?${query}`);
  request.setRequestHeader("content-type", "application/octet-stream");
  request.setRequestHeader("accept", "application/json");
  request.setRequestHeader("idempotency-key", idempotencyKey);
  request.upload.addEventListener("progress", ({ loaded }) => onProgress(loaded));
  signal.addEventListener("abort", () => request.abort());
  return new Promise((resolve, reject) => {
    request.addEventListener("abort", () => resolve(null));
    request.addEventListener("error", () => reject(new Unreachable(null)));
    request.addEventListener("load", () => {
      const answer = parseJson(request.responseText);
      if (answer === null) reject(new StrangeAnswer(request.status));
      else if (request.status === CREATED) resolve(answer as AcceptedCapsule);
      else reject(new ApiProblem(answer as Problem, null));
    });
    request.send(file);
  });
}

function parseJson(text: string): object | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" ? value : null;
  } catch {
    // Not the API's own answer: said as such.
    return null;
  }
}
