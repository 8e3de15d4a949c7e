// One run: its phases, its log as it is written, and what to do when it failed.
import { useEffect, useState } from "preact/hooks";
import { useLocation } from "preact-iso/router";
import type { DeployDetail, DeployStarted } from "../../../../schemas/api/deploys.ts";
import type { TimelinePage } from "../../../../schemas/api/history.ts";
import { Button, ButtonLink } from "../../../halo/button.tsx";
import { Digest } from "../../../halo/digest.tsx";
import { RelativeTime } from "../../../halo/relative-time.tsx";
import { Skeleton } from "../../../halo/skeleton.tsx";
import { type StepState as ShownState, type Step, Stepper } from "../../../halo/stepper.tsx";
import { useAction } from "../../data/action.ts";
import { apiPath, askApi } from "../../data/api-client.ts";
import { useActorName } from "../../data/people.ts";
import { useCapsules } from "../../data/project-capsules.ts";
import { useActionBlock, useProject, useReloadOn } from "../../data/project-room.ts";
import { useResource } from "../../data/resource.ts";
import { formatElapsed } from "../../format-elapsed.ts";
import { ConfirmationHost } from "../../prod/confirmation-host.tsx";
import { useProdAction } from "../../prod/prod-action.ts";
import { routes } from "../../routes.ts";
import { FailedView } from "../../shell/failed-view.tsx";
import { ProblemNote } from "../../shell/problem-note.tsx";
import { SimulateLink } from "../../shell/simulate-link.tsx";
import { ViewHeading } from "../../shell/view-heading.tsx";
import { CapsuleName } from "./environment-cards.tsx";
import { fixOf } from "./failure-fix.ts";
import { LogPane } from "./log-pane.tsx";
import { useRunLog } from "./run-log.ts";
import { elapsedOf, isEnded, type RunStep, type StepState, stepsOf } from "./run-steps.ts";
import { StatusBadge } from "./runs-list.tsx";

const TICK_MS = 1_000;
const MAX_RUN_EVENTS = 50;
const RUN_EVENTS = [
  "run.updated",
  "capsule.deploy.accepted",
  "capsule.deploy.completed",
  "capsule.deploy.failed",
] as const;

export function DeployRunView({ deployId }: { readonly deployId: string }) {
  const { projectId } = useProject();
  const run = useResource(`run ${deployId}`, (signal) =>
    askApi<DeployDetail>(apiPath`/api/deploys/${deployId}`, { signal }),
  );
  const events = useResource(`events of ${deployId}`, async (signal) => {
    const query = { type: "run.updated", q: deployId, limit: MAX_RUN_EVENTS };
    return (await askApi<TimelinePage>(apiPath`/api/projects/${projectId}/timeline`, { query, signal }))
      .items;
  });
  const log = useRunLog(deployId);
  useReloadOn(RUN_EVENTS, () => {
    run.reload();
    events.reload();
  });
  // The log's stream ends with the run: it may say so before the timeline does.
  useEffect(() => {
    if (log.hasEnded) run.reload();
  }, [log.hasEnded, run.reload]);
  if (run.value === undefined) {
    if (run.error !== undefined)
      return <FailedView title="This run cannot be shown" error={run.error} retry={run.reload} />;
    return <Skeleton label="Loading the run" shape="card" count={2} />;
  }
  const steps = stepsOf(run.value, events.value ?? []);
  return (
    <section class="view deploys">
      <RunHeading run={run.value} />
      <RunFacts run={run.value} />
      <Failure run={run.value} />
      <Stepper
        label="Phases"
        direction="across"
        isRunning={!isEnded(run.value)}
        steps={steps.map(showStep)}
      />
      <LogPane
        title="Log"
        fileName={`${deployId}.log`}
        lines={log.lines}
        isLive={!log.hasEnded}
        problem={log.problem}
      />
      <ConfirmationHost onDecided={run.reload} />
    </section>
  );
}

function RunHeading({ run }: { readonly run: DeployDetail }) {
  const { label } = useProject();
  const { route } = useLocation();
  const block = useActionBlock("deploys:write");
  const cancelling = useAction();
  const retrying = useProdAction();
  const path = apiPath`/api/deploys/${run.deployId}`;
  const cancel = () => cancelling.run(async () => void (await askApi(`${path}/cancel`, { method: "POST" })));
  const retry = () =>
    retrying.run(async () => {
      const { deployId } = await askApi<DeployStarted>(`${path}/retry`, { method: "POST" });
      route(routes.deploy(label, deployId));
    });
  return (
    <>
      <ViewHeading title={`Deploy to ${run.env}`} eyebrow={<a href={routes.deploys(label)}>Deploys</a>}>
        {isEnded(run) ? null : (
          <Button
            icon="close"
            isBusy={cancelling.isBusy}
            disabledReason={block ?? (run.isCancelRequested ? "It stops before its next phase." : null)}
            onClick={() => void cancel()}
          >
            {run.isCancelRequested ? "Stopping" : "Cancel"}
          </Button>
        )}
        {run.status === "error" || run.status === "cancelled" ? (
          <Button
            kind="primary"
            icon="retry"
            isBusy={retrying.isBusy}
            disabledReason={block}
            onClick={() => void retry()}
          >
            Retry
          </Button>
        ) : null}
        {run.status === "done" ? (
          <ButtonLink icon="external" href={run.url} target="_blank" rel="noreferrer">
            Open the app
          </ButtonLink>
        ) : null}
        <SimulateLink capsuleDigest={run.capsuleDigest} />
      </ViewHeading>
      <ProblemNote error={cancelling.error} />
      <ProblemNote error={retrying.error} />
    </>
  );
}

function RunFacts({ run }: { readonly run: DeployDetail }) {
  const capsules = useCapsules();
  const nameActor = useActorName();
  const now = useNow(!isEnded(run));
  return (
    <dl class="deploys__facts deploys__facts--run">
      <dt>State</dt>
      <dd>
        <span role="status">
          <StatusBadge run={run} />
        </span>
      </dd>
      <dt>Capsule</dt>
      <dd>
        <CapsuleName capsules={capsules.value ?? []} capsuleDigest={run.capsuleDigest} />
      </dd>
      <dt>Begun</dt>
      <dd>
        <RelativeTime ts={run.startedAt} />, by {nameActor(run.actor)}
      </dd>
      {run.confirmedBy === null ? null : (
        <>
          <dt>Confirmed</dt>
          <dd>by {nameActor(run.confirmedBy)}</dd>
        </>
      )}
      <dt>{isEnded(run) ? "Took" : "Runs for"}</dt>
      <dd>{formatElapsed(elapsedOf(run, now))}</dd>
      {run.artifactDigest === null ? null : (
        <>
          <dt>Artifact</dt>
          <dd>
            <Digest value={run.artifactDigest} of="the artifact" />
          </dd>
        </>
      )}
    </dl>
  );
}

function Failure({ run }: { readonly run: DeployDetail }) {
  const { label } = useProject();
  const fix = fixOf(label, run);
  if (run.failure === null || fix === null) return null;
  return (
    <div class="note note--bad deploys__fix" role="alert">
      <p>
        <strong>{run.failure.message}</strong>
      </p>
      <p>{fix.sentence}</p>
      <ButtonLink size="small" href={fix.href}>
        {fix.label}
      </ButtonLink>
    </div>
  );
}

const SHOWN: Readonly<Record<StepState, ShownState>> = {
  waiting: "waiting",
  working: "current",
  done: "done",
  failed: "failed",
  cancelled: "skipped",
};

function showStep({ phase, title, state, elapsedMs }: RunStep): Step {
  const aside = elapsedMs === null ? {} : { aside: formatElapsed(elapsedMs) };
  return { id: phase, title, state: SHOWN[state], ...aside };
}

function useNow(isTicking: boolean): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    if (!isTicking) return;
    const timer = setInterval(() => setNow(Date.now()), TICK_MS);
    return () => clearInterval(timer);
  }, [isTicking]);
  return now;
}
