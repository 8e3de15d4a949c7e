// One project: branch heads, environment pointers, trust, runs and the timeline, which must not race
// (ARCHITECTURE.md "Who holds the truth"). Thin: load, call core, store. Answers Results, because an error's own
// properties do not survive RPC. What a caller may see is decided at the door, by organization, before it gets here.
import { type Connection, type ConnectionContext, Server } from "partyserver";
import type { CapsuleAcceptance } from "../../adapters/capsules/accept-capsule.ts";
import { findReceiptsIn } from "../../adapters/capsules/find-receipts.ts";
import type { ProjectReference } from "../../adapters/collector/collect.ts";
import { applyOutboxEntry } from "../../adapters/database/outbox-entry.ts";
import { readWatcherRights } from "../../adapters/database/watchers.ts";
import { forgetPointer } from "../../adapters/loader/pointer-cache.ts";
import { newId } from "../../adapters/random/new-id.ts";
import { type DeployRun, LEASE_MS, requestCancel } from "../../core/deploy/deploy-run.ts";
import { type EnvironmentAction, isProdAction } from "../../core/deploy/prod-actions.ts";
import type { TrustChange } from "../../core/signing/change-trust.ts";
import type { EventDraft } from "../../core/timeline/seal-event.ts";
import { ENVIRONMENTS, type Environment, type SecretEnvironment } from "../../schemas/environment.ts";
import { type ActorRef, PLATFORM_ACTOR, type TimelineEvent } from "../../schemas/event.ts";
import type { GateDecision, GatePolicy } from "../../schemas/gate.ts";
import type { MeshSimResult } from "../../schemas/mesh-result.ts";
import type { ProdRequest } from "../../schemas/prod-request.ts";
import type { Restatement } from "../../schemas/restatement.ts";
import { fail, ok, type Result } from "../../schemas/result.ts";
import type { TrustKey, TrustRecord } from "../../schemas/trust.ts";
import type {
  SealedSimulation,
  SimulationEnd,
  SimulationPlan,
  SimulationStart,
} from "../mesh-simulation/simulation-plan.ts";
import type { ActivationRequest } from "./activation-request.ts";
import { type Baseline, findBaseline } from "./baseline.ts";
import { BranchHistory, type Commit } from "./branch-history.ts";
import { type BranchHead, BranchStorage } from "./branch-storage.ts";
import { CapsuleBook } from "./capsule-book.ts";
import { type ConfirmedOutcome, carryOut } from "./carry-out.ts";
import { type Confirmation, ConfirmationStorage } from "./confirmation-storage.ts";
import { type ActivationStatements, DeployRunner } from "./deploy-runner.ts";
import { type Activation, EnvironmentStorage } from "./environment-storage.ts";
import { EvidenceStorage } from "./evidence-storage.ts";
import { areSame, type GateAsk, type GateFailure, GateKeeper, type GateRevisions } from "./gate-keeper.ts";
import { GateSummaries } from "./gate-summaries.ts";
import { listReferences } from "./list-references.ts";
import { LiveRoom, type WatcherState } from "./live-room.ts";
import { MetaStorage } from "./meta-storage.ts";
import { Outbox } from "./outbox.ts";
import { PlatformKeys } from "./platform-keys.ts";
import { PolicyStorage } from "./policy-storage.ts";
import { type Decider, type DecisionFailure, ProdRequests } from "./prod-requests.ts";
import { notFound, type ProjectFailure } from "./project-failure.ts";
import { ProjectSecrets, type SecretRemoval, type SecretSetting } from "./project-secrets.ts";
import { migrateTables } from "./project-tables.ts";
import { ReceiptBook } from "./receipt-book.ts";
import { type DeployStart, type FollowedRun, RunBook } from "./run-book.ts";
import { RunStorage } from "./run-storage.ts";
import { type SecretFacts, SecretStorage } from "./secret-storage.ts";
import { type RecordedResult, SimulationBook } from "./simulation-book.ts";
import { type ChainWalk, type EventQuery, TimelineStorage } from "./timeline-storage.ts";
import { TrustBook, type TrustRequest } from "./trust-book.ts";
import { type KeptTrustRevision, TrustStorage } from "./trust-storage.ts";
import { checkWatchers, nextCheckAt, readWatcherLogin } from "./watcher-access.ts";

export type ProjectFacts = {
  readonly projectId: string;
  readonly label: string;
  readonly platformKeyId: string;
  /** Null in a project that has logged nothing since there are receipts. */
  readonly logKeyId: string | null;
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

const RETRY_OUTBOX_MS = 2_000;
/** RFC 6455 §7.4.1: the server met something unexpected; the client may come back. */
const CLOSE_INTERNAL = 1011;

const UNSIGNED = { expectedRevision: null, envelopeSha256: null, reason: null } as const;

export class ProjectObject extends Server<Cloudflare.Env> {
  static override options = { hibernate: true };

  readonly #meta: MetaStorage;
  readonly #timeline: TimelineStorage;
  readonly #branches: BranchStorage;
  readonly #history: BranchHistory;
  readonly #trust: TrustStorage;
  readonly #trustBook: TrustBook;
  readonly #capsules: CapsuleBook;
  readonly #environments: EnvironmentStorage;
  readonly #runs: RunStorage;
  readonly #runBook: RunBook;
  readonly #confirmations: ConfirmationStorage;
  readonly #secretStorage: SecretStorage;
  readonly #secrets: ProjectSecrets;
  readonly #policies: PolicyStorage;
  readonly #evidence: EvidenceStorage;
  readonly #gate: GateKeeper;
  readonly #gateSummaries: GateSummaries;
  readonly #prodRequests: ProdRequests;
  readonly #platformKeys: PlatformKeys;
  readonly #simulations: SimulationBook;
  readonly #outbox: Outbox;
  readonly #runner: DeployRunner;
  #room: LiveRoom | null = null;

  constructor(ctx: DurableObjectState, env: Cloudflare.Env) {
    super(ctx, env);
    migrateTables(ctx.storage);
    const { sql } = ctx.storage;
    this.#meta = new MetaStorage(sql);
    this.#timeline = new TimelineStorage(sql, this.#projectId);
    this.#branches = new BranchStorage(sql);
    this.#history = new BranchHistory({
      branches: this.#branches,
      lastSeq: () => this.#timeline.end().seq,
      transact: (change) => this.#transact(change),
    });
    this.#trust = new TrustStorage(sql, this.#meta);
    this.#trustBook = new TrustBook({
      trust: this.#trust,
      meta: this.#meta,
      platformKeys: () => this.#platformKeys,
      owner: () => this.#owner,
      transact: (change) => void this.#transact(change),
      addToOutbox: (entry) => this.#outbox.add(entry),
    });
    const receipts = new ReceiptBook({
      sql,
      env,
      owner: () => this.#owner,
      trust: () => this.#trust.record(),
    });
    this.#capsules = new CapsuleBook({
      sql,
      bucket: env.BLOBS,
      branches: this.#branches,
      history: this.#history,
      receipts,
      trustRevision: () => this.#trust.revision(),
      lastSeq: () => this.#timeline.end().seq,
      ensureLogKey: () => this.#platformKeys.ensure("log"),
      transact: (change) => this.#transact(change),
      addToOutbox: (entry) => this.#outbox.add(entry),
      flushOutbox: () => this.#flushOutbox(),
    });
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
    this.#platformKeys = new PlatformKeys({
      env,
      owner: () => this.#owner,
      meta: this.#meta,
      trust: (change) => this.#trustForPlatform(change),
    });
    this.#gate = new GateKeeper({
      env,
      trust: this.#trust,
      findReceipts: findReceiptsIn(env.BLOBS, this),
      environments: this.#environments,
      policies: this.#policies,
      evidence: this.#evidence,
      secrets: this.#secretStorage,
    });
    this.#gateSummaries = new GateSummaries({
      env,
      owner: () => this.#owner,
      platformKeys: this.#platformKeys,
      policies: this.#policies,
      transact: (change) => void this.#transact(change),
      addToOutbox: (entry) => this.#outbox.add(entry),
      flushOutbox: () => this.#flushOutbox(),
    });
    this.#prodRequests = new ProdRequests({
      bucket: env.BLOBS,
      facts: () => ({ projectId: this.#projectId, label: this.#meta.require("label") }),
      hostnameOf: (request) => this.#runner.hostnameOf(request.env),
      confirmations: this.#confirmations,
      branches: this.#branches,
      environments: this.#environments,
      policies: this.#policies,
      gate: this.#gate,
      record: (drafts) => void this.#transact(() => drafts),
      summaries: this.#gateSummaries,
    });
    this.#simulations = new SimulationBook({
      env,
      sql,
      owner: () => this.#owner,
      meta: this.#meta,
      trust: this.#trust,
      evidence: this.#evidence,
      nextSeq: () => this.#timeline.end().seq + 1,
      transact: (change) => void this.#transact(change),
      addToOutbox: (entry) => this.#outbox.add(entry),
      flushOutbox: () => this.#flushOutbox(),
      ensureKey: () => this.#platformKeys.ensure("simulator"),
      signReceipts: (capsule, envelopes) => this.#capsules.signReceipts(capsule, envelopes),
      keepReceipts: (receipts) => this.#capsules.keepReceipts(receipts),
    });
    this.#runBook = new RunBook({
      runs: this.#runs,
      owner: () => this.#owner,
      findAccepted: (capsuleDigest) => this.#capsules.findAccepted(capsuleDigest),
      transact: (change) => void this.#transact(change),
      addToOutbox: (entry) => this.#outbox.add(entry),
      flushOutbox: () => this.#flushOutbox(),
      setAlarm: () => this.#setAlarm(),
      drive: (deployId) => ctx.waitUntil(this.#runner.drive(deployId)),
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
      environments: this.#environments,
      secrets: this.#secrets,
      secretsRevision: (environment) => this.#secretStorage.revision(environment),
      findReceipts: findReceiptsIn(env.BLOBS, this),
      signReceipts: (capsule, envelopeSha256s) => this.#capsules.signReceipts(capsule, envelopeSha256s),
      runs: this.#runBook,
      commitActivation: (activation, statements, draft, restsOn) =>
        this.#commitActivation(activation, statements, draft, restsOn),
      gate: this.#gate,
      asksPerson: (environment) => this.asksPerson("deploy", environment),
      summaries: this.#gateSummaries,
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
    /** Left out, it is made when there is something to log. */
    readonly logKey?: TrustKey;
    readonly actor: ActorRef;
  }): Promise<void> {
    if (this.#meta.find("epoch") !== null) return;
    this.#transact(() => {
      this.#meta.set("organizationId", input.organizationId);
      this.#meta.set("label", input.label);
      this.#meta.set("epoch", crypto.randomUUID());
      this.#meta.set("platformKeyId", input.platformKey.keyId);
      const { platformKey, logKey } = input;
      if (logKey !== undefined) this.#meta.set("logKeyId", logKey.keyId);
      const keys = logKey === undefined ? [platformKey] : [platformKey, logKey];
      const created = { at: Date.now(), change: "created", keyId: null, envelopeSha256: null };
      this.#trust.save({ revision: 1, keys, thresholds: {} }, { ...created, actor: input.actor });
      const { keyId: platformKeyId } = platformKey;
      const data = { label: input.label, platformKeyId, logKeyId: logKey?.keyId ?? null };
      return [{ source: "project", type: "project.created", data, actor: input.actor }];
    });
  }

  facts(): ProjectFacts {
    return {
      projectId: this.#projectId,
      label: this.#meta.require("label"),
      platformKeyId: this.#meta.require("platformKeyId"),
      logKeyId: this.#meta.find("logKeyId"),
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

  /** Newest first; `before` is the revision of the last one already seen. */
  trustHistory(limit: number, before: number | null): KeptTrustRevision[] {
    return this.#trust.history(limit, before);
  }

  /** One change, one revision, one event. Trusting the same key in the same roles again changes nothing. */
  async changeTrust(request: TrustRequest): Promise<Result<TrustRecord, ProjectFailure>> {
    const changed = this.#trustBook.change(request);
    await this.#flushOutbox();
    return changed;
  }

  // --- capsules, branches, moments ---

  /** Puts a verified capsule on the timeline; the same one again gives the same answer and changes nothing. */
  async acceptCapsule(
    input: CapsuleAcceptance,
  ): Promise<Result<{ readonly seq: number; readonly isNew: boolean }, ProjectFailure>> {
    return await this.#capsules.accept(input);
  }

  /** The SHA-256 of the receipts for a capsule's envelopes (all of them when null is given), signed now where one lacks. */
  async ensureReceipts(capsuleDigest: string, envelopeSha256s: readonly string[] | null): Promise<string[]> {
    return await this.#capsules.ensureReceipts(capsuleDigest, envelopeSha256s);
  }

  commit(input: Commit): Result<TimelineEvent, ProjectFailure> {
    return this.#history.commit(input);
  }

  createBranch(
    input: { readonly name: string; readonly from: string; readonly at: number | null },
    actor: ActorRef,
  ): Result<TimelineEvent, ProjectFailure> {
    return this.#history.createBranch(input, actor);
  }

  restore(
    input: { readonly branch: string; readonly at: number; readonly expectedHead: number | null },
    actor: ActorRef,
  ): Result<TimelineEvent, ProjectFailure> {
    return this.#history.restore(input, actor);
  }

  moment(branch: string, at: number | null): Result<BranchHead, ProjectFailure> {
    return this.#history.moment(branch, at);
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

  async startDeploy(input: DeployStart): Promise<Result<DeployRun, ProjectFailure>> {
    return await this.#runBook.start(input);
  }

  findRun(id: string): DeployRun | null {
    return this.#runs.find(id);
  }

  listRuns(limit: number, before: number | null) {
    return this.#runs.list(limit, before);
  }

  /** A run with its log since a line. With `waitMs` it waits until there is something new or the run has ended. */
  async followRun(id: string, since: number, limit: number, waitMs: number): Promise<FollowedRun | null> {
    return await this.#runBook.follow(id, since, limit, waitMs);
  }

  cancelRun(id: string): Result<DeployRun, ProjectFailure> {
    return this.#runBook.cancel(id);
  }

  /** Deploys the same capsule to the same environment again, as a new run. */
  async retryRun(id: string, actor: ActorRef): Promise<Result<DeployRun, ProjectFailure>> {
    return await this.#runBook.retry(id, actor);
  }

  /** Promotes or rolls back: the pointer swaps to what is built already. */
  async activate(input: ActivationRequest): Promise<Result<Activation, ProjectFailure | GateFailure>> {
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
    if (this.#meta.find("deletedAt") !== null) {
      return fail({ code: "conflict", message: "the project has been deleted" });
    }
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

  /** What a `gate` run of this capsule is given today, and what it is built as. */
  async askRehearsal(environment: Environment, capsuleDigest: string): Promise<Result<GateAsk, GateFailure>> {
    return await this.#gate.ask(environment, capsuleDigest);
  }

  /** The sealed result that what is live in prod shipped on; null when nothing with a result is live there. */
  baseline(): Baseline | null {
    return findBaseline(this.#environments, this.#evidence);
  }

  // --- the gate and prod actions ---

  /** Whether a person must confirm such an action here (core/deploy/prod-actions.ts). */
  asksPerson(action: EnvironmentAction, environment: SecretEnvironment): boolean {
    const known = ENVIRONMENTS.find((name) => name === environment);
    if (known === undefined) return false;
    const { isGuarded } = this.#policies.find(known);
    return isProdAction(action, { environment, isGuarded }, this.#environments.findLive(known) !== null);
  }

  /** The policy of an environment, and the revision of all of them. */
  policy(environment: Environment): { readonly policy: GatePolicy; readonly policyRevision: number } {
    return { policy: this.#policies.find(environment), policyRevision: this.#policies.revision() };
  }

  setPolicy(environment: Environment, policy: GatePolicy, actor: ActorRef): Result<null, ProjectFailure> {
    if (this.asksPerson("change-policy", environment)) {
      const message = `the policy of ${environment} changes only when a person confirms it`;
      return fail({ code: "confirmation-needed", message });
    }
    this.#changePolicy(environment, policy, { actor, confirmedBy: null });
    return ok(null);
  }

  /** What a gate run of this capsule is given, and what the gate would say to it now. */
  async askGate(
    environment: Environment,
    capsuleDigest: string,
  ): Promise<
    Result<Omit<GateAsk, "build"> & { readonly decision: GateDecision }, GateFailure | ProjectFailure>
  > {
    if (this.#capsules.findAccepted(capsuleDigest) === null) {
      return fail(notFound(`this project has no capsule ${capsuleDigest}`));
    }
    const asked = await this.#gate.ask(environment, capsuleDigest);
    if (!asked.ok) return asked;
    const judged = await this.#gate.decide(environment, capsuleDigest, null);
    if (!judged.ok) return judged;
    const { build: _internal, ...ask } = asked.value;
    return ok({ ...ask, decision: judged.value.decision });
  }

  /** Restates a prod action and stores it; it is dropped when it expires, whether or not anybody comes back. */
  async requestProd(
    request: ProdRequest,
    requestedBy: Restatement["requestedBy"],
  ): Promise<Result<Confirmation, GateFailure>> {
    // Made now: a key that came later would move the trust that the restatement covers.
    await this.#platformKeys.ensure("gate");
    const asked = await this.#prodRequests.ask(request, requestedBy);
    await this.#setAlarm();
    return asked;
  }

  findConfirmation(id: string): Confirmation | null {
    return this.#prodRequests.find(id);
  }

  refuseConfirmation(id: string, decider: Decider): Result<Confirmation, ProjectFailure> {
    return this.#prodRequests.refuse(id, decider);
  }

  /** Carries out what was asked, as the person who asked, answered for by the one who confirms. */
  async confirm(
    id: string,
    decider: Decider,
  ): Promise<Result<ConfirmedOutcome, DecisionFailure | GateFailure>> {
    const confirmed = await this.#prodRequests.confirm(id, decider);
    if (!confirmed.ok) return confirmed;
    const { request } = confirmed.value;
    return await carryOut(request, confirmed.value.confirmed, {
      startDeploy: (input) => this.startDeploy(input),
      activate: (input) => this.activate(input),
      changePolicy: (environment, policy, by) => this.#changePolicy(environment, policy, by),
      setSecret: (setting) => this.#secrets.set(setting),
      removeSecret: (removal) => this.#secrets.remove(removal),
      changeTrust: (change) => this.changeTrust(change),
    });
  }

  // --- the live room ---

  /**
   * A watcher's socket, uncompressed: by default the runtime deflates every frame anew for each watcher that offers it,
   * which took two thirds of a burst's time and a window of memory for each. Events are mostly hashes, which hardly shrink.
   */
  override async fetch(request: Request): Promise<Response> {
    const response = await super.fetch(request);
    const { webSocket } = response;
    if (webSocket === null) return response;
    // The runtime answers the client's offer with what this names, if it knows it, and itself never passes it on.
    return new Response(null, { status: 101, webSocket, headers: { "sec-websocket-extensions": "none" } });
  }

  /**
   * Counted as a watcher first and looked up then: whoever loses the right meanwhile is found by `recheckWatchers`, or by
   * this look. The door has checked the rights already; the answer to the upgrade waits for this.
   */
  override async onConnect(
    connection: Connection<WatcherState>,
    { request }: ConnectionContext,
  ): Promise<void> {
    const login = readWatcherLogin(request.headers);
    this.#live.join(connection, login);
    if (!(await this.#checkWatchers([login]))) connection.close(CLOSE_INTERNAL, "try again");
    await this.#setAlarm();
  }

  /** To be called when the rights of anybody in the organization may have become less; returns when it has taken effect. */
  async recheckWatchers(): Promise<void> {
    await this.#checkWatchers();
  }

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

  /** Server-sent events; the door has parsed and checked `since`, and ends a stream whose watcher goes. */
  override async onRequest(request: Request): Promise<Response> {
    const since = Number(new URL(request.url).searchParams.get("since"));
    const login = readWatcherLogin(request.headers);
    const stream = this.#live.openStream(since, login);
    const isChecked = await this.#checkWatchers([login]);
    await this.#setAlarm();
    const isWatching = this.#live.watching().some((watching) => watching.login.id === login.id);
    if (!isChecked || !isWatching) {
      await stream.cancel();
      return new Response(null, { status: isChecked ? 403 : 503 });
    }
    return new Response(stream, {
      headers: { "content-type": "text/event-stream; charset=utf-8", "cache-control": "no-store" },
    });
  }

  /**
   * One alarm serves all: outbox entries that could not be sent, runs whose lease has lapsed, confirmations that have
   * expired, and watchers, who are looked up at least every minute.
   */
  override async onAlarm(): Promise<void> {
    await this.#flushOutbox();
    const now = Date.now();
    this.#confirmations.removeExpired(now);
    for (const run of this.#runs.lapsed(now)) {
      this.#runs.renewLease(run.deployId, now + LEASE_MS);
      this.ctx.waitUntil(this.#runner.drive(run.deployId));
    }
    await this.#checkWatchers();
    await this.#setAlarm();
  }

  get #projectId(): string {
    return this.name;
  }

  get #owner(): { readonly organizationId: string; readonly projectId: string } {
    return { organizationId: this.#meta.require("organizationId"), projectId: this.#projectId };
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

  #changePolicy(
    environment: Environment,
    policy: GatePolicy,
    { actor, confirmedBy }: { readonly actor: ActorRef; readonly confirmedBy: ActorRef | null },
  ): number {
    this.#transact(() => {
      this.#policies.put(environment, policy);
      const data = { env: environment, policy, revision: this.#policies.revision(), confirmedBy };
      return [{ source: "project", type: "policy.changed", data, actor }];
    });
    return this.#policies.revision();
  }

  #trustForPlatform(change: TrustChange): void {
    const trusted = this.#trustBook.change({ ...UNSIGNED, change, actor: PLATFORM_ACTOR });
    if (!trusted.ok) throw new Error(`no key for the platform: ${trusted.reason.message}`);
  }

  #commitActivation(
    activation: Activation,
    { statement, summary, receipts }: ActivationStatements,
    draft: EventDraft,
    restsOn: GateRevisions,
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
    if (!areSame(this.#gate.revisions(activation.environment), restsOn)) {
      const message = "what the gate's decision rests on has moved while it was signed";
      return fail({ code: "gate-moved", message });
    }
    const organizationId = this.#meta.require("organizationId");
    this.#transact(() => {
      this.#environments.activate(activation);
      this.#outbox.add({ kind: "statement", statement });
      if (summary !== null) this.#outbox.add({ kind: "statement", statement: summary });
      this.#capsules.keepReceipts(receipts);
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

  /** Sends the outbox on; what cannot be sent now is tried again by the alarm. */
  async #flushOutbox(): Promise<void> {
    try {
      await this.#outbox.flush();
    } catch (error) {
      console.error(`project ${this.#projectId}: the outbox could not be sent on`, error);
      await this.#setAlarm();
    }
  }

  /** Drops watchers who may no longer watch. False when that could not be found out; the alarm tries again. */
  async #checkWatchers(logins = this.#live.watching().map(({ login }) => login)): Promise<boolean> {
    const project = {
      organizationId: this.#meta.require("organizationId"),
      projectId: this.#projectId,
    };
    try {
      await checkWatchers(this.#live, logins, (some) =>
        readWatcherRights(this.env.DB, project, some, Date.now()),
      );
      return true;
    } catch (error) {
      console.error(`project ${this.#projectId}: the watchers' rights could not be read`, error);
      return false;
    }
  }

  /** Never later than it stands: whoever connects or deploys must not put off what is due. */
  async #setAlarm(): Promise<void> {
    const now = Date.now();
    const times = [
      this.#runs.nextLease(),
      this.#confirmations.nextExpiry(),
      this.#outbox.isEmpty() ? null : now + RETRY_OUTBOX_MS,
      nextCheckAt(this.#live.watching(), now),
    ];
    const next = Math.min(...times.filter((time) => time !== null));
    const due = (await this.ctx.storage.getAlarm()) ?? Number.POSITIVE_INFINITY;
    if (next < due) await this.ctx.storage.setAlarm(next);
  }
}
