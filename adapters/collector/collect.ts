// The collector: removes bytes that no moment of any project holds and that nobody has leased, and never one in use.
// docs/decisions/0013-collector.md says why each step stands where it stands. A run does a bounded amount of work and
// keeps its place; a cycle is as many runs as it takes.
import { LEASE_MS } from "../database/blobs.ts";
import {
  absolveBlobs,
  type CollectorPlace,
  condemnBlobs,
  countAbandonedPossessions,
  type FollowedProject,
  findCondemnable,
  listCondemned,
  listProjectsToFollow,
  lockCollector,
  markReferenced,
  removeAbandonedPossessions,
  removeLapsedLeases,
  saveCollectorPlace,
  saveFollowed,
  unlockCollector,
} from "../database/collector.ts";
import { readReferencedDigests } from "./read-referenced-digests.ts";

/** A moment or a capsule of a project, as far as it holds files. */
export type ProjectReference = {
  /** The event that made it. */
  readonly seq: number;
  readonly document: "manifests" | "trees";
  readonly digest: string;
};

export type CollectorOptions = {
  /** References of a project behind an event, in order. */
  readonly listReferences: (
    projectId: string,
    since: number,
    limit: number,
  ) => Promise<readonly ProjectReference[]>;
  readonly now: () => number;
  /** Only counts what would go; marks of what is in use are kept all the same. */
  readonly isDryRun: boolean;
  /** After so many subrequests a run begins nothing new; {@link MAX_SUBREQUESTS} when left out. */
  readonly maxSubrequests?: number;
};

export type CollectorReport = {
  /** False when another run was at work: then nothing was done. */
  readonly hasRun: boolean;
  readonly isDryRun: boolean;
  /** Whether every project and every object has been looked at since the cycle began. */
  readonly isCycleComplete: boolean;
  readonly referencesFollowed: number;
  readonly possessionsRemoved: number;
  readonly objectsSeen: number;
  readonly objectsRemoved: number;
  readonly bytesRemoved: number;
};

/** Longer than the platform lets an invocation live: a lock that has run out belongs to nobody. */
const LOCK_MS = 20 * 60_000;
/** After this long a run begins nothing new. */
const RUN_MS = 5 * 60_000;
/** One step more, of a few hundred at most, is far below the limit of 10,000. */
const MAX_SUBREQUESTS = 900;
const PROJECTS_PER_STEP = 20;
const REFERENCES_PER_PAGE = 20;
const POSSESSIONS_PER_STEP = 1_000;
/** R2 lists, and deletes, at most as many at once. */
const OBJECTS_PER_STEP = 1_000;
const OBJECT_PREFIX = "blobs/";

type Tally = { -readonly [Key in keyof CollectorReport]: CollectorReport[Key] };

/** Does one run. Another that is at work, or was cut off less than {@link LOCK_MS} ago, makes it do nothing. */
export async function collectBlobs(
  env: Pick<Cloudflare.Env, "DB" | "BLOBS">,
  options: CollectorOptions,
): Promise<CollectorReport> {
  const startedAt = options.now();
  const lockedUntil = startedAt + LOCK_MS;
  const place = await lockCollector(env.DB, startedAt, lockedUntil);
  const run = new CollectorRun(env, options, startedAt);
  if (place === null) return run.report;
  run.report.hasRun = true;
  try {
    await run.finishCondemned();
    await (options.isDryRun ? run.rehearse() : run.goOnFrom(place));
  } finally {
    await unlockCollector(env.DB, lockedUntil, JSON.stringify(run.report));
  }
  return run.report;
}

class CollectorRun {
  readonly report: Tally;
  readonly #env: Pick<Cloudflare.Env, "DB" | "BLOBS">;
  readonly #options: CollectorOptions;
  readonly #startedAt: number;
  #subrequests = 0;

  constructor(env: Pick<Cloudflare.Env, "DB" | "BLOBS">, options: CollectorOptions, startedAt: number) {
    this.#env = env;
    this.#options = options;
    this.#startedAt = startedAt;
    this.report = {
      hasRun: false,
      isDryRun: options.isDryRun,
      isCycleComplete: false,
      referencesFollowed: 0,
      possessionsRemoved: 0,
      objectsSeen: 0,
      objectsRemoved: 0,
      bytesRemoved: 0,
    };
  }

  /** What a run that was cut off had condemned: its objects are removed, and the digests are free again. */
  async finishCondemned(): Promise<void> {
    for (;;) {
      const digests = await listCondemned(this.#env.DB, OBJECTS_PER_STEP);
      if (digests.length === 0) return;
      await this.#removeObjects(digests);
    }
  }

  async goOnFrom(saved: CollectorPlace): Promise<void> {
    const cycleStartedAt = saved.cycleStartedAt ?? this.#startedAt;
    let place = { ...saved, cycleStartedAt };
    while (this.#mayGoOn()) {
      const next = await this.#step(place);
      await saveCollectorPlace(this.#env.DB, next ?? { cycleStartedAt: null, phase: "follow", cursor: "" });
      if (next === null) {
        this.report.isCycleComplete = true;
        return;
      }
      place = next;
    }
  }

  /** The whole cycle at once, without removing anything and without touching the kept place. */
  async rehearse(): Promise<void> {
    const cycleStartedAt = this.#startedAt;
    for (let cursor: string | null = ""; cursor !== null; ) {
      if (!this.#mayGoOn()) return;
      cursor = await this.#followProjects(cursor);
    }
    this.report.possessionsRemoved = await countAbandonedPossessions(this.#env.DB, cycleStartedAt);
    for (let cursor: string | null = ""; cursor !== null; ) {
      if (!this.#mayGoOn()) return;
      cursor = await this.#sweepObjects(cursor, cycleStartedAt);
    }
    this.report.isCycleComplete = true;
  }

  async #step(
    place: CollectorPlace & { readonly cycleStartedAt: number },
  ): Promise<(CollectorPlace & { readonly cycleStartedAt: number }) | null> {
    const { cycleStartedAt } = place;
    switch (place.phase) {
      case "follow": {
        const cursor = await this.#followProjects(place.cursor);
        return cursor === null
          ? { cycleStartedAt, phase: "possessions", cursor: "" }
          : { cycleStartedAt, phase: "follow", cursor };
      }
      case "possessions": {
        const removed = await removeAbandonedPossessions(this.#env.DB, cycleStartedAt, POSSESSIONS_PER_STEP);
        this.#subrequests += 1;
        this.report.possessionsRemoved += removed;
        return removed < POSSESSIONS_PER_STEP ? { cycleStartedAt, phase: "objects", cursor: "" } : place;
      }
      case "objects": {
        const cursor = await this.#sweepObjects(place.cursor, cycleStartedAt);
        if (cursor !== null) return { cycleStartedAt, phase: "objects", cursor };
        await this.#removeLapsedLeases(cycleStartedAt);
        return null;
      }
    }
  }

  /** Follows some projects to their ends; gives the last of them, or null when there are no more. */
  async #followProjects(after: string): Promise<string | null> {
    const projects = await listProjectsToFollow(this.#env.DB, after, PROJECTS_PER_STEP);
    this.#subrequests += 1;
    let last = after;
    for (const project of projects) {
      // What was followed is kept with the project, so that a long one is done by several runs.
      if (!(await this.#followProject(project))) return last;
      last = project.id;
    }
    return projects.length < PROJECTS_PER_STEP ? null : last;
  }

  /** Whether the project was followed to its end. */
  async #followProject({ id, orgId, followedSeq }: FollowedProject): Promise<boolean> {
    for (let since = followedSeq; ; ) {
      const references = await this.#options.listReferences(id, since, REFERENCES_PER_PAGE);
      this.#subrequests += 1;
      for (const { document, digest } of references) {
        const digests = await readReferencedDigests(this.#env.BLOBS, document, digest);
        await markReferenced(this.#env.DB, orgId, digests, this.#startedAt);
        this.#subrequests += 2;
        this.report.referencesFollowed += 1;
      }
      const last = references.at(-1);
      if (last === undefined) return true;
      since = last.seq;
      await saveFollowed(this.#env.DB, id, since);
      this.#subrequests += 1;
      if (references.length < REFERENCES_PER_PAGE) return true;
      if (!this.#mayGoOn()) return false;
    }
  }

  /** Removes what nobody possesses and nobody has leased among the next objects; null when they were the last. */
  async #sweepObjects(after: string, cycleStartedAt: number): Promise<string | null> {
    const { DB, BLOBS } = this.#env;
    const page = await BLOBS.list({
      prefix: OBJECT_PREFIX,
      limit: OBJECTS_PER_STEP,
      ...(after === "" ? {} : { startAfter: OBJECT_PREFIX + after }),
    });
    this.#subrequests += 2;
    this.report.objectsSeen += page.objects.length;
    const sizes = new Map(
      page.objects
        // Bytes that were stored before leases were kept have none.
        .filter((object) => object.uploaded.getTime() < cycleStartedAt - LEASE_MS)
        .map((object) => [object.key.slice(OBJECT_PREFIX.length), object.size]),
    );
    const digests = [...sizes.keys()];
    const removed = this.#options.isDryRun
      ? await findCondemnable(DB, digests, cycleStartedAt)
      : await condemnBlobs(DB, digests, cycleStartedAt, this.#options.now());
    if (!this.#options.isDryRun) await this.#removeObjects(removed);
    this.report.objectsRemoved += removed.length;
    this.report.bytesRemoved += removed.reduce((sum, sha256) => sum + (sizes.get(sha256) ?? 0), 0);
    const last = page.objects.at(-1);
    return page.truncated && last !== undefined ? last.key.slice(OBJECT_PREFIX.length) : null;
  }

  /** Only of condemned digests: nobody can put them between the two. */
  async #removeObjects(digests: readonly string[]): Promise<void> {
    if (digests.length === 0) return;
    await this.#env.BLOBS.delete(digests.map((sha256) => OBJECT_PREFIX + sha256));
    await absolveBlobs(this.#env.DB, digests);
    this.#subrequests += 2;
  }

  async #removeLapsedLeases(cycleStartedAt: number): Promise<void> {
    for (let removed = POSSESSIONS_PER_STEP; removed === POSSESSIONS_PER_STEP && this.#mayGoOn(); ) {
      removed = await removeLapsedLeases(this.#env.DB, cycleStartedAt, POSSESSIONS_PER_STEP);
      this.#subrequests += 1;
    }
  }

  #mayGoOn(): boolean {
    const { now, maxSubrequests = MAX_SUBREQUESTS } = this.#options;
    return this.#subrequests < maxSubrequests && now() - this.#startedAt < RUN_MS;
  }
}
