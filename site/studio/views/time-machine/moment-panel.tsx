// The chosen moment: what happened, the app as it was then, and what can be done from there.
import { useMemo } from "preact/hooks";
import { describeEvent } from "../../../../core/timeline/describe-event.ts";
import type { Pin } from "../../../../schemas/api/pins.ts";
import type { Environment } from "../../../../schemas/environment.ts";
import type { TimelineEvent } from "../../../../schemas/event.ts";
import { Badge, type Tone } from "../../../halo/badge.tsx";
import { Digest } from "../../../halo/digest.tsx";
import { titleOfEvent } from "../../data/event-title.ts";
import { useActorName } from "../../data/people.ts";
import { useProject } from "../../data/project-room.ts";
import { useResource } from "../../data/resource.ts";
import { routes } from "../../routes.ts";
import { ProblemNote } from "../../shell/problem-note.tsx";
import { ViewLink } from "../../shell/view-link.tsx";
import { branchStart } from "./branch-start.ts";
import { deployedAt, type LiveThen } from "./deployed-then.ts";
import { toneOf } from "./event-lane.ts";
import { formatMoment } from "./format-time.ts";
import { MomentActions } from "./moment-actions.tsx";
import { MomentDifference } from "./moment-difference.tsx";
import { askTree } from "./moment-requests.ts";
import type { TimelineModel } from "./timeline-model.ts";

type MomentPanelProps = {
  readonly model: TimelineModel;
  /** What is scrubbed to right now, and where the scrubbing has come to rest: only that is asked for. */
  readonly at: number;
  readonly restingAt: number;
  readonly restingTo: number | null;
  readonly branch: string;
  readonly pins: readonly Pin[];
  readonly onPinned: () => void;
  readonly onBegun: (branch: string, seq: number) => void;
};

const TONES: Readonly<Record<ReturnType<typeof toneOf>, Tone>> = {
  plain: "neutral",
  good: "good",
  warn: "warn",
  bad: "bad",
};
const SHOWN_FILES = 12;

export function MomentPanel(props: MomentPanelProps) {
  const { model, at, restingAt, restingTo, branch, pins } = props;
  const { projectId, detail } = useProject();
  const event = model.at(at);
  const isResting = at === restingAt;
  const start = branchStart(model, branch);
  const isBefore = start !== null && restingAt < start;
  const isMissing = !detail.branches.some(({ name }) => name === branch);
  const tree = useResource(
    isBefore || isMissing ? null : `tree ${projectId} ${branch} ${restingAt}`,
    (signal) => askTree({ projectId, branch, at: restingAt }, signal),
  );
  return (
    <section class="moment" aria-label={`The moment #${at}`}>
      {event === undefined ? (
        <p class="muted">#{at} lies in the past that is still being read.</p>
      ) : (
        <MomentFacts event={event} pin={pins.find((pin) => pin.at === at)} />
      )}
      <MomentActions
        branch={branch}
        at={at}
        tree={isResting ? tree.value : undefined}
        pin={pins.find((pin) => pin.at === at)}
        onPinned={props.onPinned}
        onPacked={tree.reload}
        onBegun={props.onBegun}
      />
      <div class="moment-columns">
        <LiveThenCard model={model} at={at} />
        <FilesThenCard
          branch={branch}
          at={restingAt}
          tree={tree}
          isMissing={isMissing}
          beginsAt={isBefore ? start : null}
        />
      </div>
      {tree.value === undefined ? null : (
        <MomentDifference
          branch={branch}
          at={restingAt}
          to={restingTo}
          lastSeq={model.lastSeq}
          beginsAt={start}
        />
      )}
    </section>
  );
}

function MomentFacts({ event, pin }: { readonly event: TimelineEvent; readonly pin: Pin | undefined }) {
  const nameActor = useActorName();
  const { label } = useProject();
  const simulation = event.type.startsWith("mesh.") ? event.data?.simId : undefined;
  const deploy = event.data?.deployId;
  return (
    <div class="moment-facts">
      <h2>
        {pin === undefined ? titleOfEvent(event.type) : pin.name} <span class="muted">#{event.seq}</span>
      </h2>
      <p class="moment-line">
        <Badge tone={TONES[toneOf(event)]}>{pin === undefined ? event.type : titleOfEvent(event.type)}</Badge>
        {event.type === "mesh.sealed" ? <Badge tone="live">Simulation evidence</Badge> : null}{" "}
        {describeEvent(event)}
      </p>
      <p class="muted">
        <time dateTime={new Date(event.ts).toISOString()}>{formatMoment(event.ts)}</time>, by{" "}
        {nameActor(event.actor)}
        {typeof simulation === "string" ? (
          <>
            {" · "}
            <ViewLink view="mesh" href={routes.simulation(label, simulation)}>
              its evidence
            </ViewLink>
          </>
        ) : null}
        {typeof deploy === "string" ? (
          <>
            {" · "}
            <ViewLink view="deploys" href={routes.deploy(label, deploy)}>
              its deploy
            </ViewLink>
          </>
        ) : null}
      </p>
      <details class="moment-data">
        <summary>All of the event</summary>
        <dl>
          <dt>Hash</dt>
          <dd>
            <Digest value={event.hash} of="the event" />
          </dd>
          <dt>Data</dt>
          <dd>{event.data === null ? "erased" : <pre>{JSON.stringify(event.data, null, 2)}</pre>}</dd>
        </dl>
      </details>
    </div>
  );
}

function LiveThenCard({ model, at }: { readonly model: TimelineModel; readonly at: number }) {
  const live = useMemo(() => deployedAt(model, at), [model, model.version, at]);
  return (
    <section class="moment-card">
      <h3>Live then</h3>
      <dl class="moment-live">
        {[...live].map(([environment, then]) => (
          <LiveThenRow key={environment} environment={environment} then={then} />
        ))}
      </dl>
    </section>
  );
}

function LiveThenRow({ environment, then }: { readonly environment: Environment; readonly then: LiveThen }) {
  const { label } = useProject();
  return (
    <>
      <dt>{environment}</dt>
      <dd>
        {then.kind === "live" ? (
          <>
            <ViewLink view="capsules" href={routes.capsule(label, then.capsuleDigest)}>
              <Digest value={then.capsuleDigest} hasCopy={false} />
            </ViewLink>{" "}
            <span class="muted">
              revision {then.revision}, since #{then.seq}
            </span>
          </>
        ) : (
          <span class="muted">
            {then.kind === "nothing" ? "nothing yet" : "the past is still being read"}
          </span>
        )}
      </dd>
    </>
  );
}

type FilesThenCardProps = {
  readonly branch: string;
  readonly at: number;
  /** The project has no such branch. */
  readonly isMissing: boolean;
  /** The branch was not there yet: the event that began it. */
  readonly beginsAt: number | null;
  readonly tree: ReturnType<typeof useResource<Awaited<ReturnType<typeof askTree>>>>;
};

function FilesThenCard({ branch, at, tree, isMissing, beginsAt }: FilesThenCardProps) {
  const { label } = useProject();
  const { value, error, reload } = tree;
  return (
    <section class="moment-card">
      <h3>
        Files then <span class="muted">on {branch}</span>
      </h3>
      {isMissing ? (
        <p class="muted">
          No files yet. They come with the first push: <code>oursynth push DIR --branch {branch}</code>
        </p>
      ) : beginsAt !== null ? (
        <p class="muted">
          There was no {branch} yet: it begins at #{beginsAt}.
        </p>
      ) : value === undefined ? (
        error === undefined ? (
          <p class="muted">Reading the files of #{at} …</p>
        ) : (
          <ProblemNote error={error} retry={reload} />
        )
      ) : (
        <>
          <p class="moment-line">
            {value.capsuleDigest === null ? (
              <span class="muted">This moment is no capsule yet; recreate one from it.</span>
            ) : (
              <>
                <Badge tone="info">capsule</Badge>
                <ViewLink view="capsules" href={routes.capsule(label, value.capsuleDigest)}>
                  <Digest value={value.capsuleDigest} of="the capsule" />
                </ViewLink>
              </>
            )}
          </p>
          <ul class="moment-files">
            {value.files.slice(0, SHOWN_FILES).map(({ path }) => (
              <li key={path}>
                <ViewLink view="files" href={routes.files(label, { at, branch, path })}>
                  {path}
                </ViewLink>
              </li>
            ))}
          </ul>
          <ViewLink view="files" href={routes.files(label, { at, branch })}>
            {value.files.length === 1 ? "The one file" : `All ${value.files.length} files`} of #{at}
          </ViewLink>
        </>
      )}
    </section>
  );
}
