// One project: branch heads, environment pointers, trust, runs and the timeline, which must not race
// (ARCHITECTURE.md "Who holds the truth"). Thin: load, call core, store. Answers Results, because an error's own
// properties do not survive RPC. What a caller may see is decided at the door, by organization, before it gets here.
import { type Connection, Server } from "partyserver";
import type { CapsuleAcceptance } from "../../adapters/capsules/accept-capsule.ts";
import type { ProjectReference } from "../../adapters/collector/collect.ts";
import { applyOutboxEntry, type StatementRow } from "../../adapters/database/outbox-entry.ts";
import { forgetPointer } from "../../adapters/loader/pointer-cache.ts";
import { newId } from "../../adapters/random/new-id.ts";
import { CAPSULE_LIMITS } from "../../core/capsule/limits.ts";
import {
  createDeployRun,
  type DeployRun,
  isEnded,
  LEASE_MS,
  requestCancel,
} from "../../core/deploy/deploy-run.ts";
import type { EventDraft } from "../../core/timeline/seal-event.ts";
import type { Environment, SecretEnvironment } from "../../schemas/environment.ts";
import type { ActorRef, Snapshot, TimelineEvent } from "../../schemas/event.ts";
import type { MeshSimResult } from "../../schemas/mesh-result.ts";
import { fail, ok, type Result } from "../../schemas/result.ts";
import type { TrustKey, TrustRecord } from "../../schemas/trust.ts";
import type {
  SealedSimulation,
  SimulationEnd,
  SimulationPlan,
  SimulationStart,
} from "../mesh-simulation/simulation-plan.ts";
import type { ActivationRequest } from "./activation-request.ts";
import { type BranchHead, BranchStorage } from "./branch-storage.ts";
import { type Confirmation, ConfirmationStorage } from "./confirmation-storage.ts";
import { DeployRunner } from "./deploy-runner.ts";
import { type Activation, EnvironmentStorage } from "./environment-storage.ts";
import { draftCommit, draftRunEvent } from "./event-drafts.ts";
import { EvidenceStorage } from "./evidence-storage.ts";
import { type GateFacts, readGateFacts } from "./gate-facts.ts";
import { listReferences } from "./list-references.ts";
import { LiveRoom, type WatcherState } from "./live-room.ts";
import { MetaStorage } from "./meta-storage.ts";
import { Outbox } from "./outbox.ts";
import { PolicyStorage } from "./policy-storage.ts";
import { findMovedHead, notFound, type ProjectFailure } from "./project-failure.ts";
import { ProjectSecrets, type SecretRemoval, type SecretSetting } from "./project-secrets.ts";
import { migrateTables } from "./project-tables.ts";
import { type RunLogLine, RunStorage } from "./run-storage.ts";
import { type SecretFacts, SecretStorage } from "./secret-storage.ts";
import { type RecordedResult, SimulationBook } from "./simulation-book.ts";
import { type ChainWalk, type EventQuery, TimelineStorage } from "./timeline-storage.ts";
import { TrustStorage } from "./trust-storage.ts";

export type ProjectFacts = {
  readonly projectId: string;
  readonly label: string;
  readonly platformKeyId: string;
  readonly epoch: string;
  readonly lastSeq: number;
  readonly trustRevision: number;
  readonly branches: readonly BranchHead[];
  readonly environments: readonly { name: Environment; revision: number; live: Activation | null }[];
};

/** A page of the timeline, with where the whole of it ends. */
export type EventPage = {
  readonly events: readonly TimelineEvent[];
  readonly lastSeq: number;
  readonly epoch: string;
};

export type Commit = {
  readonly branch: string;
  /** The event that last moved the branch; 0 for a branch that is not there yet. */
  readonly expectedHead: number;
  readonly snapshot: Snapshot;
  readonly capsuleDigest: string | null;
  readonly message: string;
  readonly actor: ActorRef;
};

const RETRY_OUTBOX_MS = 2_000;
const MAX_WAIT_MS = 20_000;

export class ProjectObject extends Server<Cloudflare.Env> {
  static override options = { hibernate: true };

  readonly #meta: MetaStorage;
  readonly #timeline: TimelineStorage;
  readonly #branches: BranchStorage;
  readonly #trust: TrustStorage;
  readonly #environments: EnvironmentStorage;
  readonly #runs: RunStorage;
  readonly #confirmations: ConfirmationStorage;
  readonly #secretStorage: SecretStorage;
  readonly #secrets: ProjectSecrets;
  readonly #policies: PolicyStorage;
  readonly #evidence: EvidenceStorage;
  readonly #simulations: SimulationBook;
  readonly #outbox: Outbox;
  readonly #runner: DeployRunner;
  /** Those who wait for a run to move. */
  readonly #waiting = new Set<() => void>();
  #room: LiveRoom | null = null;

  constructor(ctx: DurableObjectState, env: Cloudflare.Env) {
    super(ctx, env);
    migrateTables(ctx.storage);
    const { sql } = ctx.storage;
    this.#meta = new MetaStorage(sql);
    this.#timeline = new TimelineStorage(sql, this.#projectId);
    this.#branches = new BranchStorage(sql);
    this.#trust = new TrustStorage(sql, this.#meta);
    this.#environments = new EnvironmentStorage(sql);
    this.#runs = new RunStorage(sql, this.#meta);
    this.#confirmations = new ConfirmationStorage(sql);
    this.#outbox = new Outbox(sql, (entry) => applyOutboxEntry(env.DB, entry));
    this.#secretStorage = new SecretStorage(sql);
    this.#secrets = new ProjectSecrets({
      bucket: env.BLOBS,
      owner: () => ({ organizationId: this.#meta.require("organizationId"), projectId: this.#projectId }),
      storage: this.#secretStorage,
      environments: this.#environments,
      transact: (change) => void this.#transact(change),
      addToOutbox: (entry) => this.#outbox.add(entry),
      publish: async (environment) => {
        await this.#flushOutbox();
        if (environment !== null) forgetPointer(this.#runner.hostnameOf(environment));
      },
    });
    this.#policies = new PolicyStorage(sql, this.#meta);
    this.#evidence = new EvidenceStorage(sql);
    this.#simulations = new SimulationBook({
      env,
      sql,
      owner: () => ({ organizationId: this.#meta.require("organizationId"), projectId: this.#projectId }),
      meta: this.#meta,
      trust: this.#trust,
      evidence: this.#evidence,
      nextSeq: () => this.#timeline.end().seq + 1,
      transact: (change) => void this.#transact(change),
      addToOutbox: (entry) => this.#outbox.add(entry),
      flushOutbox: () => this.#flushOutbox(),
    });
    this.#runner = new DeployRunner({
      env,
      exports: ctx.exports,
      facts: () => ({
        projectId: this.#projectId,
        organizationId: this.#meta.require("organizationId"),
        label: this.#meta.require("label"),
        platformKeyId: this.#meta.require("platformKeyId"),
      }),
      trust: this.#trust,
      environments: this.#environments,
      secrets: this.#secrets,
      secretsRevision: (environment) => this.#secretStorage.revision(environment),
      findRun: (id) => this.#runs.find(id),
      saveRun: (run, events) => this.#saveRun(run, events),
      log: (runId, level, message) => {
        this.#runs.log(runId, Date.now(), level, message);
        this.#wakeWaiting();
      },
      commitActivation: (activation, statement, draft) =>
        this.#commitActivation(activation, statement, draft),
      flushOutbox: () => this.#flushOutbox(),
    });
    // An object lives once: a run that is unfinished now was cut off together with the object before this one.
    for (const run of this.#runs.unfinished()) ctx.waitUntil(this.#runner.drive(run.deployId));
  }

  /** Makes the project; making it again changes nothing. */
  async create(input: {
    readonly organizationId: string;
    readonly label: string;
    readonly platformKey: TrustKey;
    readonly actor: ActorRef;
  }): Promise<void> {
    if (this.#meta.find("epoch") !== null) return;
    this.#transact(() => {
      this.#meta.set("organizationId", input.organizationId);
      this.#meta.set("label", input.label);
      this.#meta.set("epoch", crypto.randomUUID());
      this.#meta.set("platformKeyId", input.platformKey.keyId);
      this.#trust.put(input.platformKey);
      return [
        {
          source: "project",
          type: "project.created",
          data: { label: input.label, platformKeyId: input.platformKey.keyId },
          actor: input.actor,
        },
      ];
    });
  }

  facts(): ProjectFacts {
    return {
      projectId: this.#projectId,
      label: this.#meta.require("label"),
      platformKeyId: this.#meta.require("platformKeyId"),
      epoch: this.#meta.require("epoch"),
      lastSeq: this.#timeline.end().seq,
      trustRevision: this.#trust.revision(),
      branches: this.#branches.list(),
      environments: this.#environments.list(),
    };
  }

  recordUpdate(changes: Readonly<Record<string, unknown>>, actor: ActorRef): void {
    this.#transact(() => [{ source: "project", type: "project.updated", data: { changes }, actor }]);
  }

  /** Takes the project's hosts down and ends its runs; the timeline stays for whoever audits it. */
  async remove(actor: ActorRef): Promise<void> {
    const now = Date.now();
    this.#transact(() => {
      this.#meta.set("deletedAt", String(now));
      for (const run of this.#runs.unfinished()) this.#runs.update(requestCancel(run), now + LEASE_MS);
      this.#secretStorage.forgetAll();
      this.#confirmations.removeAll();
      this.#outbox.add({
        kind: "deleted",
        organizationId: this.#meta.require("organizationId"),
        projectId: this.#projectId,
        at: now,
      });
      return [{ source: "project", type: "project.updated", data: { changes: { deleted: true } }, actor }];
    });
    await this.#flushOutbox();
  }

  // --- trust ---

  trustRecord(): TrustRecord {
    return this.#trust.record();
  }

  /** Trusting the same key in the same roles again changes nothing. */
  trustKey(key: TrustKey, actor: ActorRef): TrustRecord {
    if (this.#trust.holds(key)) return this.#trust.record();
    this.#transact(() => {
      this.#trust.put(key);
      const data = { keyId: key.keyId, roles: key.roles, revision: this.#trust.revision() };
      return [{ source: "project", type: "trust.changed", data: { change: "trusted", ...data }, actor }];
    });
    return this.#trust.record();
  }

  untrustKey(keyId: string, actor: ActorRef): Result<TrustRecord, ProjectFailure> {
    if (!this.#trust.record().keys.some((key) => key.keyId === keyId)) {
      return fail(notFound(`this project does not trust a key ${keyId}`));
    }
    this.#transact(() => {
      this.#trust.remove(keyId);
      const data = { change: "removed", keyId, revision: this.#trust.revision() };
      return [{ source: "project", type: "trust.changed", data, actor }];
    });
    return ok(this.#trust.record());
  }

  // --- capsules, branches, moments ---

  /** Puts a verified capsule on the timeline; the same one again gives the same answer and changes nothing. */
  async acceptCapsule(
    input: CapsuleAcceptance,
  ): Promise<Result<{ readonly seq: number; readonly isNew: boolean }, ProjectFailure>> {
    if (input.trustRevision !== this.#trust.revision()) {
      return fail({
        code: "trust-moved",
        message: "the project's trust changed while the capsule was verified",
      });
    }
    const { digest } = input.capsule;
    const known = this.#findAccepted(digest);
    if (known !== null) {
      this.#acceptAgain(input);
      await this.#flushOutbox();
      return ok({ seq: known, isNew: false });
    }
    const [accepted] = this.#transact(() => {
      const now = Date.now();
      const seq = this.#timeline.end().seq + 1;
      this.ctx.storage.sql.exec(
        "INSERT INTO accepted_capsules VALUES (?, ?, ?, ?)",
        digest,
        seq,
        input.snapshot.contentDigest,
        input.snapshot.settingsDigest,
      );
      for (const { envelopeSha256 } of input.statements) this.#keepStatement(digest, envelopeSha256);
      this.#outbox.add({
        kind: "capsule",
        capsule: { ...input.capsule, acceptedAt: now, eventSeq: seq },
        statements: input.statements.map((statement) => ({ ...statement, createdAt: now })),
      });
      const { urn, version, fileCount, sizeBytes } = input.capsule;
      const envelopes = input.statements.map((statement) => statement.envelopeSha256);
      const draft: EventDraft = {
        source: "capsule",
        type: "capsule.accepted",
        data: { capsuleDigest: digest, urn, version, fileCount, sizeBytes, envelopes },
        actor: input.actor,
        snapshot: input.snapshot,
      };
      return input.branch === null ? [draft] : [draft, this.#moveToCapsule(input, input.branch, seq + 1)];
    });
    await this.#flushOutbox();
    return ok({ seq: accepted?.seq ?? 0, isNew: true });
  }

  /** Moves a branch to a new snapshot, when it still stands where the caller last saw it. */
  commit(input: Commit): Result<TimelineEvent, ProjectFailure> {
    const head = this.#branches.find(input.branch);
    const moved = findMovedHead(input.branch, head?.headSeq ?? 0, input.expectedHead);
    if (moved !== null) return fail(moved);
    const [event] = this.#transact(() => {
      const headSeq = this.#timeline.end().seq + 1;
      this.#branches.move({
        name: input.branch,
        headSeq,
        snapshot: input.snapshot,
        capsuleDigest: input.capsuleDigest,
      });
      return [draftCommit(input)];
    });
    return event === undefined ? fail({ code: "conflict", message: "nothing was committed" }) : ok(event);
  }

  createBranch(
    input: { readonly name: string; readonly from: string; readonly at: number | null },
    actor: ActorRef,
  ): Result<TimelineEvent, ProjectFailure> {
    if (this.#branches.find(input.name) !== null) {
      return fail({ code: "conflict", message: `there is already a branch ${input.name}` });
    }
    const origin = this.moment(input.from, input.at);
    if (!origin.ok) return origin;
    const [event] = this.#transact(() => {
      const headSeq = this.#timeline.end().seq + 1;
      this.#branches.move({ ...origin.value, name: input.name, headSeq });
      return [
        {
          source: "project",
          type: "branch.created",
          data: { branch: input.name, from: input.from, at: origin.value.headSeq },
          actor,
          snapshot: origin.value.snapshot,
        },
      ];
    });
    return event === undefined ? fail({ code: "conflict", message: "no branch was made" }) : ok(event);
  }

  /** Brings back the files and settings of an earlier moment as a new event; nothing is lost. */
  restore(
    input: { readonly branch: string; readonly at: number; readonly expectedHead: number | null },
    actor: ActorRef,
  ): Result<TimelineEvent, ProjectFailure> {
    const head = this.#branches.find(input.branch);
    if (head === null) return fail(noBranch(input.branch));
    if (input.expectedHead !== null) {
      const moved = findMovedHead(input.branch, head?.headSeq ?? 0, input.expectedHead);
      if (moved !== null) return fail(moved);
    }
    const moment = this.moment(input.branch, input.at);
    if (!moment.ok) return moment;
    const { snapshot, capsuleDigest, headSeq: restoredSeq } = moment.value;
    const [event] = this.#transact(() => {
      const headSeq = this.#timeline.end().seq + 1;
      this.#branches.move({ name: input.branch, headSeq, snapshot, capsuleDigest });
      return [
        {
          source: "project",
          type: "branch.restored",
          data: { branch: input.branch, at: input.at, restoredSeq, capsuleDigest },
          actor,
          snapshot,
        },
      ];
    });
    return event === undefined ? fail({ code: "conflict", message: "nothing was restored" }) : ok(event);
  }

  /**
   * Where a branch stood at a moment (`at` null: now).
   * An event of another branch is a moment too: what this branch was when it happened.
   */
  moment(branch: string, at: number | null): Result<BranchHead, ProjectFailure> {
    const lastSeq = this.#timeline.end().seq;
    if (at !== null && at > lastSeq) {
      return fail(notFound(`there is no event ${at} yet; the newest is ${lastSeq}`));
    }
    const head = at === null ? this.#branches.find(branch) : this.#branches.findAt(branch, at);
    if (head !== null) return ok(head);
    if (at === null || this.#branches.find(branch) === null) return fail(noBranch(branch));
    return fail(notFound(`the branch ${branch} did not exist at event ${at}`));
  }

  /** Capsules and moments behind an event, for the collector: it never removes what they hold. */
  references(since: number, limit: number): ProjectReference[] {
    return listReferences(this.ctx.storage.sql, since, limit);
  }

  // --- timeline ---

  events(query: EventQuery): EventPage {
    return {
      events: this.#timeline.page(query),
      lastSeq: this.#timeline.end().seq,
      epoch: this.#meta.require("epoch"),
    };
  }

  findEvent(seq: number): TimelineEvent | null {
    return this.#timeline.find(seq);
  }

  async verifyTimeline(): Promise<ChainWalk> {
    return await this.#timeline.verify();
  }

  // --- deploys ---

  async startDeploy(input: {
    readonly capsuleDigest: string;
    readonly environment: Environment;
    readonly actor: ActorRef;
  }): Promise<Result<DeployRun, ProjectFailure>> {
    if (this.#findAccepted(input.capsuleDigest) === null) {
      return fail(notFound(`this project has no capsule ${input.capsuleDigest}`));
    }
    const run = createDeployRun({ ...input, deployId: newId("deploy"), startedAt: Date.now() });
    this.#transact(() => {
      this.#runs.add(run);
      this.#runs.update(run, Date.now() + LEASE_MS);
      const { deployId: id, startedAt } = run;
      const orgId = this.#meta.require("organizationId");
      this.#outbox.add({ kind: "deploy", deploy: { id, orgId, projectId: this.#projectId, startedAt } });
      return [draftRunEvent("capsule.deploy.started", run)];
    });
    await this.#setAlarm();
    await this.#flushOutbox();
    this.ctx.waitUntil(this.#runner.drive(run.deployId));
    return ok(run);
  }

  findRun(id: string): DeployRun | null {
    return this.#runs.find(id);
  }

  listRuns(limit: number, before: number | null) {
    return this.#runs.list(limit, before);
  }

  /**
   * A run with its log since a line. With `waitMs` it waits until there is something new or the run has ended.
   */
  async followRun(
    id: string,
    since: number,
    limit: number,
    waitMs: number,
  ): Promise<{ readonly run: DeployRun; readonly log: readonly RunLogLine[] } | null> {
    const deadline = Date.now() + Math.min(waitMs, MAX_WAIT_MS);
    for (;;) {
      const run = this.#runs.find(id);
      if (run === null) return null;
      const log = this.#runs.logs(id, since, limit);
      const remainingMs = deadline - Date.now();
      if (log.length > 0 || isEnded(run) || remainingMs <= 0) return { run, log };
      await this.#waitForMove(remainingMs);
    }
  }

  cancelRun(id: string): Result<DeployRun, ProjectFailure> {
    const run = this.#runs.find(id);
    if (run === null) return fail(noRun(id));
    if (isEnded(run)) return fail({ code: "conflict", message: `the run has ended (${run.status})` });
    const asked = requestCancel(run);
    this.#runs.update(asked, Date.now() + LEASE_MS);
    return ok(asked);
  }

  /** Deploys the same capsule to the same environment again, as a new run. */
  async retryRun(id: string, actor: ActorRef): Promise<Result<DeployRun, ProjectFailure>> {
    const run = this.#runs.find(id);
    if (run === null) return fail(noRun(id));
    if (!isEnded(run)) return fail({ code: "conflict", message: "the run is still under way" });
    return await this.startDeploy({ capsuleDigest: run.capsuleDigest, environment: run.environment, actor });
  }

  /** Promotes or rolls back: the pointer swaps to what is built already. */
  async activate(input: ActivationRequest): Promise<Result<Activation, ProjectFailure>> {
    const build = this.#environments.findBuild(input.capsuleDigest);
    if (build === null) {
      return fail(notFound(`${input.capsuleDigest} was never built in this project; deploy it first`));
    }
    return await this.#runner.activate(input, build, newId("deploy"));
  }

  activationHistory(environment: Environment, limit: number): Activation[] {
    return this.#environments.history(environment, limit);
  }

  // --- secrets ---

  listSecrets(environment: SecretEnvironment | null): SecretFacts[] {
    return this.#secretStorage.list(environment);
  }

  async setSecret(
    setting: SecretSetting,
  ): Promise<Result<{ readonly secret: SecretFacts; readonly isNew: boolean }, ProjectFailure>> {
    return await this.#secrets.set(setting);
  }

  async removeSecret(removal: SecretRemoval): Promise<Result<null, ProjectFailure>> {
    return await this.#secrets.remove(removal);
  }

  // --- simulations ---

  /** What a simulation starts from: today's trust, and the secrets of the environment `simulation`. */
  simulationBasis(secretNames: readonly string[]): {
    readonly trust: TrustRecord;
    readonly secretsRevision: number;
    readonly missingSecrets: readonly string[];
  } {
    return {
      trust: this.#trust.record(),
      secretsRevision: this.#secretStorage.revision("simulation"),
      missingSecrets: this.#secretStorage.missing("simulation", secretNames),
    };
  }

  async beginSimulation(start: SimulationStart): Promise<Result<null, ProjectFailure>> {
    return await this.#simulations.begin(start);
  }

  async sealSimulation(
    result: MeshSimResult,
    about: Pick<SimulationPlan, "replayOf" | "actor">,
  ): Promise<Result<SealedSimulation, ProjectFailure>> {
    return await this.#simulations.seal(result, about);
  }

  async recordSimulation(recorded: RecordedResult): Promise<Result<SealedSimulation, ProjectFailure>> {
    return await this.#simulations.record(recorded);
  }

  async endSimulation(end: SimulationEnd): Promise<void> {
    await this.#simulations.end(end);
  }

  /** What the gate of an environment looks at for a capsule. */
  gateFacts(environment: Environment, capsuleDigest: string): GateFacts {
    return readGateFacts(
      {
        sql: this.ctx.storage.sql,
        policies: this.#policies,
        evidence: this.#evidence,
        trust: this.#trust,
        environments: this.#environments,
      },
      environment,
      capsuleDigest,
    );
  }

  // --- confirmations ---

  /** It is dropped when it expires, whether or not anybody comes back. */
  async addConfirmation(confirmation: Confirmation): Promise<void> {
    this.#confirmations.add(confirmation, Date.now());
    await this.#setAlarm();
  }

  findConfirmation(id: string): Confirmation | null {
    return this.#confirmations.find(id, Date.now());
  }

  removeConfirmation(id: string): void {
    this.#confirmations.remove(id);
  }

  // --- the live room ---

  override onMessage(
    connection: Connection<WatcherState>,
    message: string | ArrayBuffer | ArrayBufferView,
  ): void {
    this.#live.receive(connection, message);
  }

  override onClose(connection: Connection<WatcherState>): void {
    this.#live.forget(connection);
  }

  override onError(connection: Connection<WatcherState>): void {
    this.#live.forget(connection);
  }

  /** Server-sent events; the door has parsed and checked `since`. */
  override onRequest(request: Request): Response {
    const since = Number(new URL(request.url).searchParams.get("since"));
    return new Response(this.#live.openStream(since), {
      headers: { "content-type": "text/event-stream; charset=utf-8", "cache-control": "no-store" },
    });
  }

  /** One alarm for all: outbox entries that could not be sent, lapsed leases, confirmations that have expired. */
  override async onAlarm(): Promise<void> {
    await this.#flushOutbox();
    const now = Date.now();
    this.#confirmations.removeExpired(now);
    for (const run of this.#runs.lapsed(now)) {
      this.#runs.renewLease(run.deployId, now + LEASE_MS);
      this.ctx.waitUntil(this.#runner.drive(run.deployId));
    }
    await this.#setAlarm();
  }

  get #projectId(): string {
    return this.name;
  }

  get #live(): LiveRoom {
    this.#room ??= new LiveRoom({
      projectId: this.#projectId,
      epoch: this.#meta.require("epoch"),
      timeline: this.#timeline,
      connections: () => this.getConnections<WatcherState>(),
      stored: () => this.ctx.storage.sync(),
    });
    return this.#room;
  }

  /** One transaction for the state and the events that tell of it; watchers learn of them after. */
  #transact(change: (now: number) => readonly EventDraft[]): TimelineEvent[] {
    let events: TimelineEvent[];
    try {
      events = this.ctx.storage.transactionSync(() => {
        const now = Date.now();
        return change(now).map((draft) => this.#timeline.append(draft, now));
      });
    } catch (error) {
      this.#timeline.forgetEnd();
      throw error;
    }
    this.#live.publish(events);
    return events;
  }

  #saveRun(run: DeployRun, drafts: readonly EventDraft[]): void {
    this.#transact(() => {
      this.#runs.update(run, isEnded(run) ? null : Date.now() + LEASE_MS);
      return drafts;
    });
    this.#wakeWaiting();
  }

  #commitActivation(
    activation: Activation,
    statement: StatementRow,
    draft: EventDraft,
  ): Result<null, ProjectFailure> {
    if (this.#meta.find("deletedAt") !== null) {
      return fail({ code: "conflict", message: "the project has been deleted" });
    }
    const revision = this.#environments.revision(activation.environment);
    if (revision !== activation.revision - 1) {
      const { environment } = activation;
      const message = `${environment} is at revision ${revision}, not ${activation.revision - 1}`;
      return fail({ code: "revision-moved", message });
    }
    const organizationId = this.#meta.require("organizationId");
    this.#transact(() => {
      this.#environments.activate(activation);
      this.#outbox.add({ kind: "statement", statement });
      this.#outbox.add({
        kind: "pointer",
        pointer: {
          hostname: this.#runner.hostnameOf(activation.environment),
          organizationId,
          projectId: this.#projectId,
          environment: activation.environment,
          artifactDigest: activation.artifactDigest,
          configurationDigest: activation.configurationDigest,
          capsuleDigest: activation.capsuleDigest,
          revision: activation.revision,
        },
      });
      return [draft];
    });
    return ok(null);
  }

  /**
   * What a repetition may add: statements that are not kept yet (CAPSULE.md §1), and a branch that never held the capsule.
   * A branch that has held it does not move: a late repetition must not undo what came after.
   */
  #acceptAgain(input: CapsuleAcceptance): void {
    const { digest } = input.capsule;
    const { branch } = input;
    this.#transact(() => {
      const drafts: EventDraft[] = [];
      const added = input.statements.filter((statement) =>
        this.#keepStatement(digest, statement.envelopeSha256),
      );
      if (added.length > 0) {
        const createdAt = Date.now();
        for (const statement of added)
          this.#outbox.add({ kind: "statement", statement: { ...statement, createdAt } });
        const envelopes = added.map((statement) => statement.envelopeSha256);
        const data = { capsuleDigest: digest, envelopes };
        drafts.push({ source: "capsule", type: "statement.added", data, actor: input.actor });
      }
      if (branch !== null && !this.#branches.hasHeld(branch, digest)) {
        drafts.push(this.#moveToCapsule(input, branch, this.#timeline.end().seq + drafts.length + 1));
      }
      return drafts;
    });
  }

  /** Whether the statement is new and was kept: at most as many as a container may carry (CAPSULE.md C6). */
  #keepStatement(capsuleDigest: string, envelopeSha256: string): boolean {
    const { sql } = this.ctx.storage;
    const { count } = sql
      .exec<{ count: number }>(
        "SELECT COUNT(*) AS count FROM statements WHERE capsule_digest = ?",
        capsuleDigest,
      )
      .one();
    if (count >= CAPSULE_LIMITS.envelopeCount) return false;
    return (
      sql.exec("INSERT OR IGNORE INTO statements VALUES (?, ?)", capsuleDigest, envelopeSha256).rowsWritten >
      0
    );
  }

  /** Moves a branch to an accepted capsule; the returned event is the one that stands at `seq`. */
  #moveToCapsule(input: CapsuleAcceptance, branch: string, seq: number): EventDraft {
    const capsuleDigest = input.capsule.digest;
    this.#branches.move({ name: branch, headSeq: seq, snapshot: input.snapshot, capsuleDigest });
    return draftCommit({ ...input, branch, capsuleDigest });
  }

  #findAccepted(digest: string): number | null {
    return (
      this.ctx.storage.sql
        .exec<{ seq: number }>("SELECT seq FROM accepted_capsules WHERE digest = ?", digest)
        .toArray()[0]?.seq ?? null
    );
  }

  /** Sends the outbox on; what cannot be sent now is tried again by the alarm. */
  async #flushOutbox(): Promise<void> {
    try {
      await this.#outbox.flush();
    } catch (error) {
      console.error(`project ${this.#projectId}: the outbox could not be sent on`, error);
      await this.#setAlarm();
    }
  }

  async #setAlarm(): Promise<void> {
    const times = [
      this.#runs.nextLease(),
      this.#confirmations.nextExpiry(),
      this.#outbox.isEmpty() ? null : Date.now() + RETRY_OUTBOX_MS,
    ];
    const next = Math.min(...times.filter((time) => time !== null));
    if (Number.isFinite(next)) await this.ctx.storage.setAlarm(next);
  }

  async #waitForMove(timeoutMs: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(wake, timeoutMs);
      const waiting = this.#waiting;
      function wake(): void {
        clearTimeout(timer);
        waiting.delete(wake);
        resolve();
      }
      waiting.add(wake);
    });
  }

  #wakeWaiting(): void {
    for (const wake of [...this.#waiting]) wake();
  }
}

function noBranch(branch: string): ProjectFailure {
  return notFound(`there is no branch ${branch} in this project`);
}

function noRun(id: string): ProjectFailure {
  return notFound(`this project has no run ${id}`);
}
