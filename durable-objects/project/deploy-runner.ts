// Drives deploy runs through their phases (core/deploy/deploy-run.ts). Each phase may run twice with the same outcome;
// runs into one environment go one after another.
import { compileStored, readStoredManifest } from "../../adapters/build/compile-stored.ts";
import { verifyStoredCapsule } from "../../adapters/capsules/verify-stored.ts";
import type { StatementRow } from "../../adapters/database/outbox-entry.ts";
import { readConfiguration } from "../../adapters/loader/build-store.ts";
import { checkHealth } from "../../adapters/loader/health-check.ts";
import { forgetPointer } from "../../adapters/loader/pointer-cache.ts";
import {
  type CapsuleName,
  type SignedReceipt,
  signDeployStatement,
} from "../../adapters/vault/platform-statements.ts";
import { findDecidingStep } from "../../core/capsule/deciding-step.ts";
import { maskSecrets } from "../../core/capsule/secret-scan.ts";
import { beginPhase, completePhase, type DeployRun, failRun, isEnded } from "../../core/deploy/deploy-run.ts";
import { neededSecrets } from "../../core/deploy/runnable.ts";
import type { FindReceipts } from "../../core/signing/receipt.ts";
import type { EventDraft } from "../../core/timeline/seal-event.ts";
import type { Environment } from "../../schemas/environment.ts";
import { fail, ok, type Result } from "../../schemas/result.ts";
import type { ActivationRequest } from "./activation-request.ts";
import type { Activation, Build, EnvironmentStorage } from "./environment-storage.ts";
import { draftActivation, draftRunEvent } from "./event-drafts.ts";
import type { GateFailure, GateKeeper, GateRevisions, GateVerdict } from "./gate-keeper.ts";
import type { GateSummaries } from "./gate-summaries.ts";
import type { ProjectFailure } from "./project-failure.ts";
import type { ProjectSecrets } from "./project-secrets.ts";
import type { RunBook } from "./run-book.ts";

type PhaseFailure = { readonly code: string; readonly message: string };
type PhaseResult = Result<Partial<Build>, PhaseFailure>;

export type ProjectIdentity = {
  readonly projectId: string;
  readonly organizationId: string;
  readonly label: string;
  readonly platformKeyId: string;
};

/** What the platform signed about an activation, stored and not yet true. */
export type ActivationStatements = {
  readonly statement: StatementRow;
  /** The gate's decision; null where it asks for nothing. */
  readonly summary: StatementRow | null;
  readonly receipts: readonly SignedReceipt[];
};

export type DeployRunnerOptions = {
  readonly env: Cloudflare.Env;
  readonly exports: object;
  readonly facts: () => ProjectIdentity;
  readonly environments: EnvironmentStorage;
  readonly secrets: ProjectSecrets;
  readonly secretsRevision: (environment: Environment) => number;
  readonly findReceipts: FindReceipts;
  readonly signReceipts: (
    capsule: CapsuleName,
    envelopeSha256s: readonly string[],
  ) => Promise<SignedReceipt[]>;
  readonly runs: RunBook;
  /** Swaps the pointer if its revision has not moved. */
  readonly commitActivation: (
    activation: Activation,
    statements: ActivationStatements,
    event: EventDraft,
    restsOn: GateRevisions,
  ) => Result<null, ProjectFailure>;
  readonly gate: GateKeeper;
  /** Whether nobody deploys there without a person's confirmation. */
  readonly asksPerson: (environment: Environment) => boolean;
  readonly summaries: GateSummaries;
  readonly flushOutbox: () => Promise<void>;
};

/** How often a swap that found the pointer moved is tried anew. */
const MAX_SWAP_ATTEMPTS = 5;

export class DeployRunner {
  readonly #options: DeployRunnerOptions;
  readonly #driving = new Set<string>();
  readonly #lanes = new Map<Environment, Promise<void>>();

  constructor(options: DeployRunnerOptions) {
    this.#options = options;
  }

  /** Takes a run to its end. Whoever calls it for a run that is being driven already gets no second driver. */
  async drive(deployId: string): Promise<void> {
    const run = this.#options.runs.find(deployId);
    if (run === null || this.#driving.has(deployId)) return;
    this.#driving.add(deployId);
    const before = this.#lanes.get(run.environment) ?? Promise.resolve();
    const mine = before.then(() => this.#driveAlone(deployId));
    // A run that could not even be stored must not stop those behind it.
    this.#lanes.set(
      run.environment,
      mine.catch(() => undefined),
    );
    try {
      await mine;
    } finally {
      this.#driving.delete(deployId);
    }
  }

  /** Swaps an environment's pointer to what is built, with a statement signed by the project's platform key. */
  async activate(
    request: ActivationRequest,
    build: Build,
    deployId: string,
  ): Promise<Result<Activation, ProjectFailure | GateFailure>> {
    const { env, facts, environments, secrets } = this.#options;
    const { environment, capsuleDigest, confirmation } = request;
    const { secrets: needed } = await readConfiguration(env.BLOBS, build.configurationDigest);
    const missing = secrets.findMissing(environment, needed, facts().label);
    if (missing !== null) return fail(missing);
    const judged = await this.#judge(request);
    if (!judged.ok) return judged;
    const { decision, revisions } = judged.value;
    const previous = environments.findLive(environment);
    const activation: Activation = {
      ...build,
      environment,
      capsuleDigest,
      deployId,
      revision: request.expectedRevision + 1,
      activatedAt: Date.now(),
      gateBasis: decision.basis,
    };
    const { id: manifestId } = await readStoredManifest(env.BLOBS, capsuleDigest);
    const capsule = { capsuleDigest, manifestId };
    const statement = await signDeployStatement(env, facts(), capsule, {
      projectId: facts().projectId,
      env: environment,
      deployId,
      artifactDigest: build.artifactDigest,
      revision: activation.revision,
      previous: previous?.artifactDigest ?? null,
    });
    const summary =
      decision.basis === "open"
        ? null
        : await this.#options.summaries.sign(
            capsule,
            environment,
            decision,
            confirmation?.confirmedBy ?? null,
          );
    const signed = [statement, ...(summary === null ? [] : [summary])];
    const receipts = await this.#options.signReceipts(
      capsule,
      signed.map(({ envelopeSha256 }) => envelopeSha256),
    );
    // Again together with the swap: one may have been removed while the statement was signed.
    const gone = secrets.findMissing(environment, needed, facts().label);
    if (gone !== null) return fail(gone);
    const event = draftActivation(activation, {
      previous,
      statement: statement.envelopeSha256,
      gate: { ...decision, statement: summary?.envelopeSha256 ?? null },
      confirmation,
      actor: request.actor,
    });
    const statements = { statement, summary, receipts };
    const swapped = this.#options.commitActivation(activation, statements, event, revisions);
    if (!swapped.ok) return swapped;
    await this.#options.flushOutbox();
    forgetPointer(this.hostnameOf(environment));
    return ok(activation);
  }

  /**
   * What the gate says now. Where a person must confirm, nothing goes through without; and only from the revision of the
   * environment that was restated.
   */
  async #judge(request: ActivationRequest): Promise<Result<GateVerdict, ProjectFailure | GateFailure>> {
    const { gate, asksPerson, environments } = this.#options;
    const { environment, capsuleDigest, confirmation } = request;
    if (asksPerson(environment)) {
      if (confirmation === null) return fail(confirmationNeeded(environment));
      const revision = environments.revision(environment);
      if (revision !== confirmation.environmentRevision) {
        const message = `${environment} is at revision ${revision}, and ${confirmation.environmentRevision} was confirmed`;
        return fail({ code: "revision-moved", message });
      }
    }
    const judged = await gate.decide(environment, capsuleDigest, confirmation?.override ?? null);
    if (!judged.ok) return judged;
    const { decision } = judged.value;
    return decision.isAllowed ? judged : fail({ code: decision.basis, message: decision.message });
  }

  /** The project's own host for an environment, without port. */
  hostnameOf(environment: Environment): string {
    return `${this.#options.facts().label}--${environment}.${this.#options.env.OURSYNTH_APPS_DOMAIN}`;
  }

  async #driveAlone(deployId: string): Promise<void> {
    for (;;) {
      const found = this.#options.runs.find(deployId);
      if (found === null || isEnded(found)) return;
      const begun = beginPhase(found, Date.now());
      this.#save(begun);
      if (isEnded(begun)) return;
      const result = await this.#performPhase(begun);
      // Someone may have asked to cancel while the phase was at work.
      const latest = this.#options.runs.find(deployId) ?? begun;
      const now = Date.now();
      this.#save(
        result.ok
          ? completePhase(latest, result.value, now)
          : failRun(latest, withoutSecrets(result.reason), now),
      );
    }
  }

  #save(run: DeployRun): void {
    const events: EventDraft[] = [];
    if (run.status === "done") events.push(draftRunEvent("capsule.deploy.completed", run));
    else if (isEnded(run)) events.push(draftRunEvent("capsule.deploy.failed", run));
    else if (run.attempt === 1) events.push(draftRunEvent("run.updated", run));
    else if (run.attempt === 0 && run.phase === "building") {
      events.push(draftRunEvent("capsule.deploy.accepted", run));
    }
    this.#options.runs.save(run, events);
    if (run.failure !== null) this.#options.runs.log(run.deployId, "error", run.failure.message);
    else if (isEnded(run))
      this.#options.runs.log(run.deployId, "info", run.status === "done" ? "Done." : "Cancelled.");
  }

  async #performPhase(run: DeployRun): Promise<PhaseResult> {
    try {
      switch (run.phase) {
        case "verifying":
          return await this.#verify(run);
        case "gating":
          return await this.#gate(run);
        case "building":
          return await this.#build(run);
        case "publishing":
          return await this.#publish(run);
        case "checking":
          return await this.#check(run);
        case "activating":
          return await this.#activateRun(run);
      }
    } catch (error) {
      console.error(`deploy ${run.deployId} failed while ${run.phase}`, error);
      const message = `Something went wrong here while ${run.phase}; the platform's log tells what, under ${run.deployId}. Deploy it again.`;
      return fail({ code: "internal", message });
    }
  }

  /** Signatures against today's trust: a key may have been removed since the capsule was accepted. */
  async #verify(run: DeployRun): Promise<PhaseResult> {
    const { env, facts, runs } = this.#options;
    const { projectId, organizationId } = facts();
    const report = await verifyStoredCapsule(env, {
      organizationId,
      projectId,
      capsuleDigest: run.capsuleDigest,
      trust: this.#options.gate.trustFor(run.environment),
      findReceipts: this.#options.findReceipts,
    });
    if (report.verdict === "pass") {
      runs.log(run.deployId, "info", `Verified ${run.capsuleDigest}.`);
      return ok({});
    }
    const step = findDecidingStep(report);
    const message = `The capsule does not verify any more: ${step?.message ?? step?.title ?? report.verdict}.`;
    return fail({ code: "capsule-invalid", message });
  }

  /**
   * What the environment's policy asks, and a person's confirmation where one is needed. Everywhere the secrets that the
   * app declares must be set: it would start without them otherwise.
   */
  async #gate(run: DeployRun): Promise<PhaseResult> {
    const { env, facts, secrets, runs, gate, asksPerson, summaries } = this.#options;
    const { environment, capsuleDigest, confirmation, actor } = run;
    if (asksPerson(environment) && confirmation === null) return fail(confirmationNeeded(environment));
    const judged = await gate.decide(environment, capsuleDigest, confirmation?.override ?? null);
    if (!judged.ok) return judged;
    const { decision } = judged.value;
    if (!decision.isAllowed) {
      await summaries.recordRefusal(environment, decision, actor);
      return fail({ code: decision.basis, message: decision.message });
    }
    const names = neededSecrets((await readStoredManifest(env.BLOBS, run.capsuleDigest)).app);
    const missing = secrets.findMissing(run.environment, names, facts().label);
    if (missing !== null) return fail(missing);
    runs.log(run.deployId, "info", decision.message);
    if (names.length > 0) runs.log(run.deployId, "info", `Its ${names.length} secrets are set.`);
    return ok({});
  }

  async #build(run: DeployRun): Promise<PhaseResult> {
    const { env, runs, environments } = this.#options;
    const built = await compileStored(env.BLOBS, run.capsuleDigest);
    if (!built.ok) return fail(built.reason);
    for (const warning of built.value.warnings) runs.log(run.deployId, "warn", warning);
    const { artifactDigest, configurationDigest, moduleCount, assetCount, elapsedMs } = built.value;
    environments.putBuild(run.capsuleDigest, { artifactDigest, configurationDigest }, Date.now());
    const parts = `${moduleCount} modules, ${assetCount} assets, ${elapsedMs} ms`;
    runs.log(run.deployId, "info", `Built ${artifactDigest} (${parts}).`);
    return ok({ artifactDigest, configurationDigest });
  }

  /** What was built must be there in full before anything points at it. */
  async #publish(run: DeployRun): Promise<PhaseResult> {
    const { artifactDigest, configurationDigest } = requireBuild(run);
    const { BLOBS } = this.#options.env;
    const names = [
      `artifacts/${artifactDigest.slice(7)}`,
      `modules/${artifactDigest.slice(7)}`,
      `configurations/${configurationDigest.slice(7)}`,
    ];
    const heads = await Promise.all(names.map((name) => BLOBS.head(name)));
    const missing = names.filter((_name, index) => heads[index] === null);
    if (missing.length > 0)
      return fail({ code: "internal", message: `Not published: ${missing.join(", ")}.` });
    this.#options.runs.log(run.deployId, "info", `Published to ${this.hostnameOf(run.environment)}.`);
    return ok({});
  }

  async #check(run: DeployRun): Promise<PhaseResult> {
    const { env, exports, facts, runs, secretsRevision, flushOutbox } = this.#options;
    const { organizationId, projectId } = facts();
    // The app's start reads its secrets from D1.
    await flushOutbox();
    const health = await checkHealth(env, exports, {
      organizationId,
      projectId,
      environment: run.environment,
      secretsRevision: secretsRevision(run.environment),
      ...requireBuild(run),
    });
    if (!health.ok) {
      if (health.reason.stack !== undefined) runs.log(run.deployId, "error", health.reason.stack);
      return fail({ code: health.reason.code, message: health.reason.message });
    }
    runs.log(run.deployId, "info", `Answered ${health.value.status} in ${health.value.elapsedMs} ms.`);
    return ok({});
  }

  async #activateRun(run: DeployRun): Promise<PhaseResult> {
    const { environments, runs } = this.#options;
    const build = requireBuild(run);
    for (let attempt = 1; ; attempt += 1) {
      // Cut off after the swap and begun again: the pointer stands already.
      const live = environments.findLive(run.environment);
      if (live?.deployId === run.deployId) {
        await this.#options.flushOutbox();
        forgetPointer(this.hostnameOf(run.environment));
        return ok({});
      }
      const { environment, capsuleDigest, actor, confirmation } = run;
      const expectedRevision = environments.revision(environment);
      const activated = await this.activate(
        { environment, capsuleDigest, expectedRevision, actor, confirmation },
        build,
        run.deployId,
      );
      if (activated.ok) {
        runs.log(run.deployId, "info", `Live in ${environment}, revision ${activated.value.revision}.`);
        return ok({});
      }
      const isMoved = activated.reason.code === "gate-moved" || activated.reason.code === "revision-moved";
      if (!isMoved || attempt === MAX_SWAP_ATTEMPTS) return fail(activated.reason);
    }
  }
}

/** Why a run failed stands on the timeline for good, and an app may throw what it read. */
function withoutSecrets({ code, message }: PhaseFailure): PhaseFailure {
  return { code, message: maskSecrets(message) };
}

function confirmationNeeded(environment: Environment): ProjectFailure {
  const message = `${environment} takes nothing that a person has not confirmed; deploy it there and let a person answer`;
  return { code: "confirmation-needed", message };
}

function requireBuild(run: DeployRun): Build {
  const { artifactDigest, configurationDigest } = run;
  if (artifactDigest === null || configurationDigest === null)
    throw new Error("this run has built nothing yet");
  return { artifactDigest, configurationDigest };
}
