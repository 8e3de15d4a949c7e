// What became of the chosen moment: until now, or until the second handle.
import { useState } from "preact/hooks";
import { SegmentedControl } from "../../../halo/segmented-control.tsx";
import { useProject } from "../../data/project-room.ts";
import { useResource } from "../../data/resource.ts";
import { routes } from "../../routes.ts";
import { ProblemNote } from "../../shell/problem-note.tsx";
import { DifferenceList, type DiffLayout } from "../files/difference-list.tsx";
import { askMomentDiff } from "./moment-requests.ts";

type MomentDifferenceProps = {
  readonly branch: string;
  readonly at: number;
  /** Null: until now. */
  readonly to: number | null;
  readonly lastSeq: number;
  /** The event that began the branch, where it is known. */
  readonly beginsAt?: number | null;
};

const LAYOUTS = [
  { value: "inline", label: "Inline" },
  { value: "side-by-side", label: "Side by side" },
] as const;

/** Always from the earlier to the later of the two. */
export function MomentDifference({ branch, at, to, lastSeq, beginsAt = null }: MomentDifferenceProps) {
  const { projectId, label, detail } = useProject();
  const [layout, setLayout] = useState<DiffLayout>("inline");
  const [from, until] = to === null ? [at, undefined] : [Math.min(at, to), Math.max(at, to)];
  // Until now: a new head is another difference.
  const head = detail.branches.find(({ name }) => name === branch)?.headSeq ?? lastSeq;
  const isBefore = beginsAt !== null && from < beginsAt;
  const key = isBefore ? null : `diff ${projectId} ${branch} ${from} ${until ?? `now ${head}`}`;
  const diff = useResource(key, (signal) => askMomentDiff(projectId, { branch, from, to: until }, signal));
  const isNow = to === null && diff.value !== undefined && diff.value.from === diff.value.to;
  return (
    <section class="moment-card">
      <div class="moment-card-head">
        <h3>
          From #{from} to {until === undefined ? "now" : `#${until}`} <span class="muted">on {branch}</span>
        </h3>
        <SegmentedControl
          label="Layout"
          isLabelHidden
          segments={LAYOUTS}
          value={layout}
          onChange={setLayout}
        />
      </div>
      <ProblemNote error={diff.error} retry={diff.reload} />
      {isBefore ? (
        <p class="muted">
          There was no {branch} at #{from}: it begins at #{beginsAt}.
        </p>
      ) : null}
      {diff.value === undefined ? (
        diff.isLoading ? (
          <p class="muted">Comparing …</p>
        ) : null
      ) : isNow ? (
        <p class="muted">{branch} has not moved since: this is how it is now.</p>
      ) : (
        <DifferenceList
          diff={diff.value}
          layout={layout}
          fileHref={(path) => routes.files(label, { at: until, branch, path })}
        />
      )}
    </section>
  );
}
