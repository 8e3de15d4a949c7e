// One simulation while it runs and afterwards: what the platform streams (resumed by the browser where it was cut off), and
// the sealed result once there is one.
import { useEffect, useState } from "preact/hooks";
import type * as z from "zod";
import type {
  simulationProgressSchema,
  simulationResultSchema,
} from "../../../../schemas/api/simulations.ts";
import type { MeshEvent } from "../../../../schemas/mesh-event.ts";
import { apiPath, askApi } from "../../data/api-client.ts";

export type SealedSimulation = z.infer<typeof simulationResultSchema>;
export type SimulationProgress = z.infer<typeof simulationProgressSchema>;

export type Simulation = {
  readonly sealed: SealedSimulation | null;
  /** While there is no result, and when there will be none. */
  readonly progress: SimulationProgress | null;
  readonly events: readonly MeshEvent[];
  readonly stream: "closed" | "open" | "reconnecting";
  readonly error: unknown;
  readonly reload: () => void;
};

const ENDED: ReadonlySet<string> = new Set(["done", "error", "cancelled"]);
/** Between asking and asking again while no stream tells that it is over. */
const ASK_AGAIN_MS = 1_000;
/** More are not kept: the platform sends no more of one simulation. */
const MAX_EVENTS = 6_000;

type State = Omit<Simulation, "reload">;
const NOTHING: State = { sealed: null, progress: null, events: [], stream: "closed", error: undefined };

export function useSimulation(simId: string | null): Simulation {
  const [state, setState] = useState<State>(NOTHING);
  const [round, setRound] = useState(0);
  useEffect(() => {
    if (simId === null) return;
    const watcher = new SimulationWatcher(simId, (change) =>
      setState((before) => ({ ...before, ...change })),
    );
    setState(NOTHING);
    void watcher.ask();
    return () => watcher.stop();
  }, [simId, round]);
  return { ...state, reload: () => setRound((count) => count + 1) };
}

class SimulationWatcher {
  readonly #simId: string;
  readonly #tell: (change: Partial<State>) => void;
  readonly #abort = new AbortController();
  #events: MeshEvent[] = [];
  #source: EventSource | null = null;
  #timer: ReturnType<typeof setTimeout> | null = null;
  #frame: number | null = null;

  constructor(simId: string, tell: (change: Partial<State>) => void) {
    this.#simId = simId;
    this.#tell = tell;
  }

  /** Asks how it stands; goes on watching while it is under way. */
  async ask(): Promise<void> {
    try {
      const { signal } = this.#abort;
      const answer = await askApi<SealedSimulation | SimulationProgress>(
        apiPath`/api/mesh-sim/result/${this.#simId}`,
        { signal },
      );
      if (signal.aborted) return;
      if (!("result" in answer)) {
        this.#close();
        this.#tell({ sealed: answer, progress: null, error: undefined });
        return;
      }
      this.#tell({ progress: answer, error: undefined });
      if (ENDED.has(answer.status)) return this.#close();
      if (this.#source === null) this.#watch();
      this.#askLater();
    } catch (error) {
      if (this.#abort.signal.aborted) return;
      this.#tell({ error });
    }
  }

  stop(): void {
    this.#abort.abort();
    this.#close();
  }

  #watch(): void {
    const query = new URLSearchParams({ simId: this.#simId });
    const source = new EventSource(`/api/mesh-sim/events?${query}`);
    this.#source = source;
    source.addEventListener("open", () => this.#tell({ stream: "open" }));
    source.addEventListener("message", ({ data }: MessageEvent<string>) => this.#take(JSON.parse(data)));
    // The browser comes back by itself with Last-Event-ID; closed for good (204) means that all is told.
    source.addEventListener("error", () => {
      this.#tell({ stream: source.readyState === EventSource.CLOSED ? "closed" : "reconnecting" });
    });
  }

  #take(event: MeshEvent): void {
    if (this.#events.length >= MAX_EVENTS) return;
    this.#events.push(event);
    // Thousands may come at once: they are shown once a frame.
    this.#frame ??= requestAnimationFrame(() => {
      this.#frame = null;
      this.#tell({ events: [...this.#events] });
    });
    if (event.phase === "sealed" || event.phase === "failed") void this.ask();
  }

  #askLater(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.ask(), ASK_AGAIN_MS);
  }

  #close(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    if (this.#frame !== null) cancelAnimationFrame(this.#frame);
    this.#frame = null;
    this.#source?.close();
    this.#source = null;
    this.#tell({ stream: "closed" });
  }
}
