// A project's deploy runs as they are asked for and looked at: started, followed, cancelled, tried again. The runner
// (deploy-runner.ts) takes each through its phases.
import type { OutboxEntry } from "../../adapters/database/outbox-entry.ts";
import { newId } from "../../adapters/random/new-id.ts";
import {
  createDeployRun,
  type DeployRun,
  isEnded,
  LEASE_MS,
  type RunConfirmation,
  requestCancel,
} from "../../core/deploy/deploy-run.ts";
import type { EventDraft } from "../../core/timeline/seal-event.ts";
import type { Environment } from "../../schemas/environment.ts";
import type { ActorRef } from "../../schemas/event.ts";
import { fail, ok, type Result } from "../../schemas/result.ts";
import { Waiters } from "../waiters.ts";
import { draftRunEvent } from "./event-drafts.ts";
import { notFound, type ProjectFailure } from "./project-failure.ts";
import type { RunLogLevel, RunLogLine, RunStorage } from "./run-storage.ts";

export type DeployStart = {
  readonly capsuleDigest: string;
  readonly environment: Environment;
  readonly actor: ActorRef;
  readonly confirmation: RunConfirmation | null;
};

/** A run, and its log from some line on. */
export type FollowedRun = { readonly run: DeployRun; readonly log: readonly RunLogLine[] };

export type RunBookOptions = {
  readonly runs: RunStorage;
  readonly owner: () => { readonly organizationId: string; readonly projectId: string };
  /** The sequence number under which a capsule was accepted; null when it was not. */
  readonly findAccepted: (capsuleDigest: string) => number | null;
  readonly transact: (change: () => readonly EventDraft[]) => void;
  readonly addToOutbox: (entry: OutboxEntry) => void;
  readonly flushOutbox: () => Promise<void>;
  readonly setAlarm: () => Promise<void>;
  /** Takes a run to its end, however long that takes. */
  readonly drive: (deployId: string) => void;
};

const MAX_WAIT_MS = 20_000;

export class RunBook {
  readonly #options: RunBookOptions;
  /** For a run to move. */
  readonly #waiters = new Waiters();

  constructor(options: RunBookOptions) {
    this.#options = options;
  }

  /** Stores the run before anything is waited for: what a person confirmed ends together with it (carry-out.ts). */
  async start(input: DeployStart): Promise<Result<DeployRun, ProjectFailure>> {
    const { runs, owner, transact, addToOutbox } = this.#options;
    if (this.#options.findAccepted(input.capsuleDigest) === null) {
      return fail(notFound(`this project has no capsule ${input.capsuleDigest}`));
    }
    const run = createDeployRun({ ...input, deployId: newId("deploy"), startedAt: Date.now() });
    transact(() => {
      runs.add(run);
      runs.update(run, Date.now() + LEASE_MS);
      const { deployId: id, startedAt } = run;
      const { organizationId: orgId, projectId } = owner();
      addToOutbox({ kind: "deploy", deploy: { id, orgId, projectId, startedAt } });
      return [draftRunEvent("capsule.deploy.started", run)];
    });
    await this.#options.setAlarm();
    await this.#options.flushOutbox();
    this.#options.drive(run.deployId);
    return ok(run);
  }

  find(id: string): DeployRun | null {
    return this.#options.runs.find(id);
  }

  /** With `waitMs` it waits until there is something new or the run has ended; null when there is no such run. */
  async follow(id: string, since: number, limit: number, waitMs: number): Promise<FollowedRun | null> {
    const { runs } = this.#options;
    const deadline = Date.now() + Math.min(waitMs, MAX_WAIT_MS);
    for (;;) {
      const run = runs.find(id);
      if (run === null) return null;
      const log = runs.logs(id, since, limit);
      const remainingMs = deadline - Date.now();
      if (log.length > 0 || isEnded(run) || remainingMs <= 0) return { run, log };
      await this.#waiters.wait(remainingMs);
    }
  }

  cancel(id: string): Result<DeployRun, ProjectFailure> {
    const run = this.find(id);
    if (run === null) return fail(noRun(id));
    if (isEnded(run)) return fail({ code: "conflict", message: `the run has ended (${run.status})` });
    const asked = requestCancel(run);
    this.#options.runs.update(asked, Date.now() + LEASE_MS);
    return ok(asked);
  }

  /** Deploys the same capsule to the same environment again, as a new run. */
  async retry(id: string, actor: ActorRef): Promise<Result<DeployRun, ProjectFailure>> {
    const run = this.find(id);
    if (run === null) return fail(noRun(id));
    if (!isEnded(run)) return fail({ code: "conflict", message: "the run is still under way" });
    const { capsuleDigest, environment } = run;
    return await this.start({ capsuleDigest, environment, actor, confirmation: null });
  }

  /** Stores how far the run is with its events in one transaction, and renews its lease. */
  save(run: DeployRun, events: readonly EventDraft[]): void {
    const { runs, transact } = this.#options;
    transact(() => {
      runs.update(run, isEnded(run) ? null : Date.now() + LEASE_MS);
      return events;
    });
    this.#waiters.wake();
  }

  log(runId: string, level: RunLogLevel, message: string): void {
    this.#options.runs.log(runId, Date.now(), level, message);
    this.#waiters.wake();
  }
}

function noRun(id: string): ProjectFailure {
  return notFound(`this project has no run ${id}`);
}
