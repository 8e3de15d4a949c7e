// One simulation (MESH.md M1, M2, M14), named by its simId. It observes with nodes, simulates, and has the result sealed by
// its project, through a desk that can do nothing else there (M3). Killed at any point it resumes or ends with the reason.
import { DurableObject } from "cloudflare:workers";
import { workerdHashing } from "../../adapters/hashing/workerd-hashing.ts";
import {
  beginRehearsalPhase,
  completeRehearsalPhase,
  createRehearsal,
  failRehearsal,
  isRehearsalEnded,
  REHEARSAL_LEASE_MS,
  type Rehearsal,
  type RehearsalFailure,
} from "../../core/mesh/rehearsal.ts";
import { assembleResult } from "../../core/mesh/simulate-seeds.ts";
import type { MeshEvent } from "../../schemas/mesh-event.ts";
import type { MeshSimResult } from "../../schemas/mesh-result.ts";
import { fail, ok, type Result } from "../../schemas/result.ts";
import { Waiters } from "../waiters.ts";
import { observeNodes } from "./observe-nodes.ts";
import { simulateSlice } from "./simulate-slice.ts";
import type { SimulationDesk, SimulationPlan } from "./simulation-plan.ts";
import { SimulationStorage } from "./simulation-storage.ts";
import { writeEvents } from "./watch-stream.ts";

type PhaseResult = Result<"done" | "paused", RehearsalFailure>;

/** `ctx.exports` as far as it matters here: the desk of one simulation in its project. */
type LoopbackExports = {
  readonly MeshDesk?: (options: {
    props: { readonly organizationId: string; readonly projectId: string; readonly simId: string };
  }) => SimulationDesk;
};

export type SimulationFacts = {
  readonly rehearsal: Rehearsal;
  readonly seedCount: number;
  readonly pace: number;
  readonly lastEventId: number;
  /** Ended, and the last message is written. */
  readonly isTold: boolean;
};

/** How long watchers may still look at how it went. */
const KEEP_EVENTS_MS = 7 * 86_400_000;
const RETRY_MS = 5_000;
/** A project that cannot be told how it ended is left alone after this. */
const GIVE_UP_MS = 86_400_000;
const MAX_WATCHERS = 200;

export class MeshSimulationObject extends DurableObject<Cloudflare.Env> {
  readonly #storage: SimulationStorage;
  /** For news. */
  readonly #waiters = new Waiters();
  #isDriving = false;
  #watcherCount = 0;
  #onCancel: () => void = () => undefined;

  constructor(ctx: DurableObjectState, env: Cloudflare.Env) {
    super(ctx, keepLittle(env) as Cloudflare.Env);
    this.#storage = new SimulationStorage(ctx.storage.sql);
    // An object lives once: what is unfinished now was cut off together with the object before this one.
    const rehearsal = this.#storage.find("rehearsal");
    if (rehearsal !== null && !this.#isSettled(rehearsal)) ctx.waitUntil(this.#drive());
  }

  /** Starts it; starting it again changes nothing. */
  async start(plan: SimulationPlan): Promise<void> {
    if (this.#storage.find("plan") !== null) return;
    this.ctx.storage.transactionSync(() => {
      this.#storage.put("plan", plan);
      this.#storage.put("rehearsal", createRehearsal(plan.startedAt, plan.observed !== null));
      if (plan.observed !== null) this.#storage.put("observed", plan.observed);
    });
    await this.ctx.storage.setAlarm(Date.now() + REHEARSAL_LEASE_MS);
    this.ctx.waitUntil(this.#drive());
  }

  /** Null when it was never started. */
  facts(): SimulationFacts | null {
    const rehearsal = this.#storage.find("rehearsal");
    const plan = this.#storage.find("plan");
    if (rehearsal === null || plan === null) return null;
    const { seeds, pace } = plan.params;
    const lastEventId = this.#storage.lastEventId();
    return { rehearsal, seedCount: seeds.length, pace, lastEventId, isTold: this.#isSettled(rehearsal) };
  }

  /** Asks it to stop before its next step; what is sealed stays. */
  async cancel(): Promise<Rehearsal | null> {
    const rehearsal = this.#storage.find("rehearsal");
    if (rehearsal === null || isRehearsalEnded(rehearsal)) return rehearsal;
    const asked = { ...rehearsal, isCancelRequested: true };
    this.#storage.put("rehearsal", asked);
    this.#onCancel();
    await this.ctx.storage.setAlarm(Date.now());
    return asked;
  }

  /** Server-sent events; the door has parsed and checked `since` and `pace`. */
  override fetch(request: Request): Response {
    if (this.#watcherCount >= MAX_WATCHERS) return new Response(null, { status: 503 });
    const { searchParams } = new URL(request.url);
    const { readable, writable } = new IdentityTransformStream();
    const written = writeEvents(writable, {
      since: Number(searchParams.get("since")),
      pace: Number(searchParams.get("pace")),
      events: (since, limit) => this.#storage.events(since, limit),
      isEnded: () => {
        const rehearsal = this.#storage.find("rehearsal");
        return rehearsal === null || this.#isSettled(rehearsal);
      },
      waitForNews: (timeoutMs) => this.#waiters.wait(timeoutMs),
    });
    this.#watcherCount += 1;
    this.ctx.waitUntil(written.finally(() => (this.#watcherCount -= 1)));
    return new Response(readable, { headers: { "content-type": "text/event-stream; charset=utf-8" } });
  }

  /** Takes up what has lapsed or paused; a week after the end it forgets what watchers were shown. */
  override async alarm(): Promise<void> {
    const rehearsal = this.#storage.find("rehearsal");
    if (rehearsal === null) return;
    if (this.#isSettled(rehearsal)) return this.#storage.forgetEvents();
    await this.ctx.storage.setAlarm(Date.now() + REHEARSAL_LEASE_MS);
    await this.#drive();
  }

  /** Takes it to its end, or to a pause. Whoever calls while it is being driven changes nothing. */
  async #drive(): Promise<void> {
    const plan = this.#storage.find("plan");
    if (plan === null || this.#isDriving) return;
    this.#isDriving = true;
    const nextAlarm = await this.#driveAlone(plan);
    this.#isDriving = false;
    if (nextAlarm !== null) await this.ctx.storage.setAlarm(nextAlarm);
  }

  /** Gives when to look again; null when nothing is left to try. */
  async #driveAlone(plan: SimulationPlan): Promise<number | null> {
    try {
      await this.#begin(plan);
      if (!(await this.#runPhases(plan))) return Date.now();
      await this.#settle(plan);
      return Date.now() + KEEP_EVENTS_MS;
    } catch (error) {
      console.error(`simulation ${plan.simId} could not go on`, error);
      const now = Date.now();
      return now - plan.startedAt > GIVE_UP_MS ? null : now + RETRY_MS;
    }
  }

  /** Stands on the project's timeline before anything else happens. */
  async #begin(plan: SimulationPlan): Promise<void> {
    if (this.#storage.find("isBegun") === true) return;
    const { simId, kind, environment, replayOf, artifactDigest, actor, capsule, params } = plan;
    const begun = await this.#desk(plan).begin({
      simId,
      kind,
      environment,
      replayOf,
      artifactDigest,
      actor,
      capsuleDigest: capsule.digest,
      nodeCount: params.nodes,
      seedCount: params.seeds.length,
    });
    if (!begun.ok) this.#save(failRehearsal(this.#rehearsal, begun.reason, Date.now()));
    this.#storage.put("isBegun", true);
  }

  /** False when it paused. */
  async #runPhases(plan: SimulationPlan): Promise<boolean> {
    for (;;) {
      const begun = beginRehearsalPhase(this.#rehearsal, Date.now());
      this.#save(begun);
      if (isRehearsalEnded(begun)) return true;
      await this.ctx.storage.setAlarm(Date.now() + REHEARSAL_LEASE_MS);
      const result = await this.#performPhase(plan, begun);
      // Somebody may have asked to stop while the phase was at work.
      const latest = this.#rehearsal;
      if (result.ok && result.value === "paused") {
        this.#save({ ...latest, attempt: 0 });
        return false;
      }
      const now = Date.now();
      this.#save(result.ok ? completeRehearsalPhase(latest, now) : failRehearsal(latest, result.reason, now));
    }
  }

  async #performPhase(plan: SimulationPlan, { phase }: Rehearsal): Promise<PhaseResult> {
    try {
      switch (phase) {
        case "observing":
          return await this.#observe(plan);
        case "simulating":
          return await this.#simulate(plan);
        case "sealing":
          return await this.#seal(plan);
      }
    } catch (error) {
      console.error(`simulation ${plan.simId} failed while ${phase}`, error);
      const message = `something went wrong here while ${phase}; the platform's log tells what, under ${plan.simId}`;
      return fail({ code: "internal", message });
    }
  }

  async #observe(plan: SimulationPlan): Promise<PhaseResult> {
    const { MESH_NODES } = this.env;
    const cancelled = new Promise<null>((resolve) => {
      this.#onCancel = () => resolve(null);
    });
    const observing = observeNodes(
      plan,
      (node) => MESH_NODES.getByName(`${plan.simId}/${node}`),
      (event) => this.#tell([event]),
    );
    // Nodes that wait for an app's answer are left alone.
    const observed = await Promise.race([observing, cancelled]);
    if (observed === null) {
      observing.catch(() => undefined);
      return ok("paused");
    }
    this.#storage.put("observed", observed);
    return ok("done");
  }

  async #simulate(plan: SimulationPlan): Promise<PhaseResult> {
    const observed = this.#storage.find("observed");
    if (observed === null) throw new Error("nothing was observed");
    return ok(
      await simulateSlice({
        plan,
        observed,
        current: () => this.#rehearsal,
        storedRuns: () => this.#storage.runs(),
        saveRun: (place, report, rehearsal) =>
          this.ctx.storage.transactionSync(() => {
            this.#storage.addRun(place, report);
            this.#storage.put("rehearsal", rehearsal);
          }),
        tell: (events) => this.#tell(events),
      }),
    );
  }

  async #seal(plan: SimulationPlan): Promise<PhaseResult> {
    const sealed = await this.#desk(plan).seal(await this.#assemble(plan), {
      replayOf: plan.replayOf,
      actor: plan.actor,
    });
    if (!sealed.ok) return fail(sealed.reason);
    this.#storage.put("sealed", sealed.value);
    return ok("done");
  }

  /** The result but for who signs it, which the project adds. */
  async #assemble(plan: SimulationPlan): Promise<MeshSimResult> {
    const observed = this.#storage.find("observed");
    if (observed === null) throw new Error("nothing was observed");
    const { simId, kind, artifactDigest, toolchainVersion, capsule, params, startedAt } = plan;
    return await assembleResult(
      {
        capsule,
        parameters: params,
        observations: observed.observations,
        frame: {
          simId,
          kind,
          artifactDigest,
          toolchainVersion,
          observedBy: "platform",
          startedAt: new Date(startedAt).toISOString(),
          signedBy: [],
          measured: observed.measured,
        },
      },
      this.#storage.runs(),
      workerdHashing,
    );
  }

  /** Tells the project and the watchers how it ended. */
  async #settle(plan: SimulationPlan): Promise<void> {
    const { status, failure } = this.#rehearsal;
    if (status === "error" || status === "cancelled") {
      const { simId, actor } = plan;
      await this.#desk(plan).end({ simId, status, failure, actor });
    }
    this.ctx.storage.transactionSync(() => {
      this.#storage.addEvents([this.#describeEnd()], true);
      this.#storage.put("isEndTold", true);
      this.#storage.forgetRuns();
    });
    this.#waiters.wake();
  }

  #describeEnd(): MeshEvent {
    const { status, failure } = this.#rehearsal;
    const ts = Date.now();
    const sealed = this.#storage.find("sealed");
    if (status === "done" && sealed !== null) {
      return { nodeId: null, phase: "sealed", status: "ok", details: { ts, ...sealed } };
    }
    return { nodeId: null, phase: "failed", status: "error", details: { ts, status, failure } };
  }

  #desk({ organizationId, projectId, simId }: SimulationPlan): SimulationDesk {
    const { MeshDesk }: LoopbackExports = this.ctx.exports;
    if (MeshDesk === undefined) throw new Error("the Worker does not export MeshDesk");
    return MeshDesk({ props: { organizationId, projectId, simId } });
  }

  get #rehearsal(): Rehearsal {
    const rehearsal = this.#storage.find("rehearsal");
    if (rehearsal === null) throw new Error("this simulation was never started");
    return rehearsal;
  }

  /** Ended, and everybody knows. */
  #isSettled(rehearsal: Rehearsal): boolean {
    return isRehearsalEnded(rehearsal) && this.#storage.find("isEndTold") === true;
  }

  #save(rehearsal: Rehearsal): void {
    this.#storage.put("rehearsal", rehearsal);
  }

  /** What comes late, after the end, is told to nobody. */
  #tell(events: readonly MeshEvent[]): void {
    if (isRehearsalEnded(this.#rehearsal)) return;
    this.ctx.storage.transactionSync(() => this.#storage.addEvents(events, false));
    this.#waiters.wake();
  }
}

/** What a simulation may touch besides its desk: its nodes. */
function keepLittle({ MESH_NODES }: Cloudflare.Env): Pick<Cloudflare.Env, "MESH_NODES"> {
  return { MESH_NODES };
}
