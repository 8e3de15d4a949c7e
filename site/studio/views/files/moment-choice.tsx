// Which branch, which moment, and what it is compared with: among the moments in which files changed.
import { useMemo } from "preact/hooks";
import { describeEvent } from "../../../../core/timeline/describe-event.ts";
import type { TimelineEvent } from "../../../../schemas/event.ts";
import { useProject } from "../../data/project-room.ts";
import type { FilesQuery } from "../../routes.ts";
import { movedBranch } from "../time-machine/event-lane.ts";
import type { ReadFilesQuery } from "./use-files-query.ts";

type MomentChoiceProps = {
  readonly query: ReadFilesQuery;
  readonly onChange: (patch: FilesQuery) => void;
};

/** Further back, the Time Machine leads here. */
const SHOWN_MOMENTS = 60;

export function MomentChoice({ query, onChange }: MomentChoiceProps) {
  const { detail, timeline } = useProject();
  const events = timeline.events.value;
  const moments = useMemo(
    () =>
      events
        .filter((event) => movedBranch(event) === query.branch)
        .slice(-SHOWN_MOMENTS)
        .toReversed(),
    [events, query.branch],
  );
  return (
    <>
      <label>
        <span class="only-read">Branch</span>
        <select
          class="halo-input"
          value={query.branch}
          onChange={({ currentTarget }) =>
            onChange({ branch: currentTarget.value, at: undefined, to: undefined })
          }
        >
          {detail.branches.map(({ name }) => (
            <option key={name} value={name}>
              {name}
            </option>
          ))}
        </select>
      </label>
      <Moment
        label="Moment"
        none="Now"
        moments={moments}
        seq={query.at}
        onChange={(at) => onChange({ at })}
      />
      <Moment
        label="Compare with"
        none="Compare with …"
        moments={moments}
        seq={query.to}
        onChange={(to) => onChange({ to })}
      />
    </>
  );
}

type MomentProps = {
  readonly label: string;
  /** What is said for no moment. */
  readonly none: string;
  readonly moments: readonly TimelineEvent[];
  readonly seq: number | undefined;
  readonly onChange: (seq: number | undefined) => void;
};

function Moment({ label, none, moments, seq, onChange }: MomentProps) {
  const isListed = seq === undefined || moments.some((event) => event.seq === seq);
  return (
    <label class="moment-choice">
      <span class="only-read">{label}</span>
      <select
        class="halo-input"
        value={seq === undefined ? "" : String(seq)}
        onChange={({ currentTarget }) =>
          onChange(currentTarget.value === "" ? undefined : Number(currentTarget.value))
        }
      >
        <option value="">{none}</option>
        {isListed ? null : <option value={String(seq)}>#{seq}</option>}
        {moments.map((event) => (
          <option key={event.seq} value={String(event.seq)}>
            #{event.seq} {describeEvent(event)}
          </option>
        ))}
      </select>
    </label>
  );
}
