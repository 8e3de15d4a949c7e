// A run that is simulated again in a Web Worker, for a view.
import { useEffect, useState } from "preact/hooks";
import type { Manifest } from "../../../../schemas/manifest.ts";
import type { MeshSimResult } from "../../../../schemas/mesh-result.ts";
import type { RehearsedRun, RehearseRequest } from "./rehearse-again.ts";
import type { RehearseAnswer } from "./rehearse-worker.ts";

export type Rehearsing =
  | { readonly kind: "none" }
  | { readonly kind: "running" }
  | { readonly kind: "done"; readonly rehearsed: RehearsedRun }
  | { readonly kind: "failed"; readonly message: string };

/** Begins when both are there, anew with each seed; whoever leaves ends it. */
export function useRehearsedRun(
  result: MeshSimResult | null,
  manifest: Manifest | null,
  seed: number | null,
): Rehearsing {
  const [state, setState] = useState<Rehearsing>({ kind: "none" });
  useEffect(() => {
    if (result === null || manifest === null || seed === null) return;
    setState({ kind: "running" });
    const worker = new Worker(new URL("./rehearse-worker.ts", import.meta.url), { type: "module" });
    worker.addEventListener("message", ({ data }: MessageEvent<RehearseAnswer>) => {
      setState(data.ok ? { kind: "done", rehearsed: data.value } : { kind: "failed", message: data.reason });
    });
    worker.addEventListener("error", () => {
      setState({ kind: "failed", message: "The simulator did not load; reload the page to try again." });
    });
    worker.postMessage({ result, manifest, seed } satisfies RehearseRequest);
    return () => worker.terminate();
  }, [result, manifest, seed]);
  return state;
}
