// Branches and their moments: each move is an event, and nothing that was is lost (ARCHITECTURE.md "Time travel").
import type { CapsuleAcceptance } from "../../adapters/capsules/accept-capsule.ts";
import type { EventDraft } from "../../core/timeline/seal-event.ts";
import type { ActorRef, Snapshot, TimelineEvent } from "../../schemas/event.ts";
import { fail, ok, type Result } from "../../schemas/result.ts";
import type { BranchHead, BranchStorage } from "./branch-storage.ts";
import { draftCommit } from "./event-drafts.ts";
import { findMovedHead, notFound, type ProjectFailure } from "./project-failure.ts";

export type Commit = {
  readonly branch: string;
  /** The event that last moved the branch; 0 for a branch that is not there yet. */
  readonly expectedHead: number;
  readonly snapshot: Snapshot;
  readonly capsuleDigest: string | null;
  readonly message: string;
  readonly actor: ActorRef;
};

export type BranchHistoryOptions = {
  readonly branches: BranchStorage;
  /** Of the timeline. */
  readonly lastSeq: () => number;
  readonly transact: (change: () => readonly EventDraft[]) => TimelineEvent[];
};

export class BranchHistory {
  readonly #options: BranchHistoryOptions;

  constructor(options: BranchHistoryOptions) {
    this.#options = options;
  }

  /** Moves a branch to a new snapshot, when it still stands where the caller last saw it. */
  commit(input: Commit): Result<TimelineEvent, ProjectFailure> {
    const head = this.#options.branches.find(input.branch);
    const moved = findMovedHead(input.branch, head?.headSeq ?? 0, input.expectedHead);
    if (moved !== null) return fail(moved);
    const [event] = this.#options.transact(() => {
      const headSeq = this.#options.lastSeq() + 1;
      this.#options.branches.move({
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
    if (this.#options.branches.find(input.name) !== null) {
      return fail({ code: "conflict", message: `there is already a branch ${input.name}` });
    }
    const origin = this.moment(input.from, input.at);
    if (!origin.ok) return origin;
    const [event] = this.#options.transact(() => {
      const headSeq = this.#options.lastSeq() + 1;
      this.#options.branches.move({ ...origin.value, name: input.name, headSeq });
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
    const head = this.#options.branches.find(input.branch);
    if (head === null) return fail(noBranch(input.branch));
    if (input.expectedHead !== null) {
      const moved = findMovedHead(input.branch, head?.headSeq ?? 0, input.expectedHead);
      if (moved !== null) return fail(moved);
    }
    const moment = this.moment(input.branch, input.at);
    if (!moment.ok) return moment;
    const { snapshot, capsuleDigest, headSeq: restoredSeq } = moment.value;
    const [event] = this.#options.transact(() => {
      const headSeq = this.#options.lastSeq() + 1;
      this.#options.branches.move({ name: input.branch, headSeq, snapshot, capsuleDigest });
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
    const lastSeq = this.#options.lastSeq();
    if (at !== null && at > lastSeq) {
      return fail(notFound(`there is no event ${at} yet; the newest is ${lastSeq}`));
    }
    const head =
      at === null ? this.#options.branches.find(branch) : this.#options.branches.findAt(branch, at);
    if (head !== null) return ok(head);
    if (at === null || this.#options.branches.find(branch) === null) return fail(noBranch(branch));
    return fail(notFound(`the branch ${branch} did not exist at event ${at}`));
  }

  /** Moves a branch to an accepted capsule; the returned event is the one that stands at `seq`. */
  moveToCapsule(input: CapsuleAcceptance, branch: string, seq: number): EventDraft {
    const capsuleDigest = input.capsule.digest;
    this.#options.branches.move({ name: branch, headSeq: seq, snapshot: input.snapshot, capsuleDigest });
    return draftCommit({ ...input, branch, capsuleDigest });
  }
}

function noBranch(branch: string): ProjectFailure {
  return notFound(`there is no branch ${branch} in this project`);
}
