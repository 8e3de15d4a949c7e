// The Web Worker in which runs are simulated again: a long trace must not hold up the page.
import { webHashing } from "../../../../core/capsule/web-hashing.ts";
import type { Result } from "../../../../schemas/result.ts";
import { type RehearsedRun, type RehearseRequest, rehearseAgain } from "./rehearse-again.ts";

export type RehearseAnswer = Result<RehearsedRun, string>;

/** The worker's own side, as far as it is used: the page's types know only the other. */
type WorkerSide = {
  addEventListener(type: "message", listener: (event: MessageEvent<RehearseRequest>) => void): void;
  postMessage(answer: RehearseAnswer, transfer: Transferable[]): void;
};

const worker = globalThis as unknown as WorkerSide;

worker.addEventListener("message", ({ data }) => {
  rehearseAgain(data, webHashing)
    .catch((error: unknown): RehearseAnswer => ({ ok: false, reason: `It could not be run here: ${error}` }))
    .then((answer) => {
      const columns = answer.ok ? Object.values(answer.value.run.packets) : [];
      worker.postMessage(
        answer,
        columns.map(({ buffer }) => buffer as ArrayBuffer),
      );
    });
});
