// A rehearsal beside another of the project: each indicator, what is tolerated, and what they were asked differently.
import { useState } from "preact/hooks";
import type * as z from "zod";
import {
  compareWithBaseline,
  type Indicator,
  isSameQuestion,
  USUAL_TOLERANCES,
} from "../../../../core/mesh/compare-baseline.ts";
import type { simulationSummarySchema } from "../../../../schemas/api/simulations.ts";
import { Badge } from "../../../halo/badge.tsx";
import { EmptyState } from "../../../halo/empty-state.tsx";
import { SelectField } from "../../../halo/select-field.tsx";
import { Switch } from "../../../halo/switch.tsx";
import { Table } from "../../../halo/table.tsx";
import { apiPath, askApi } from "../../data/api-client.ts";
import { askAllPages } from "../../data/pages.ts";
import { useProject } from "../../data/project-room.ts";
import { useResource } from "../../data/resource.ts";
import { ProblemNote } from "../../shell/problem-note.tsx";
import { useQueryState } from "./use-query-state.ts";
import type { SealedSimulation } from "./use-simulation.ts";
import "./compare.css";

type Summary = z.infer<typeof simulationSummarySchema>;

const NAMES: Readonly<Record<Indicator, string>> = {
  timeToHealthyP50Ms: "Healthy after, median (ms)",
  timeToHealthyP95Ms: "Healthy after, 95th percentile (ms)",
  timeToHealthyP99Ms: "Healthy after, 99th percentile (ms)",
  deliveryRatio: "Share of packets delivered",
  reSyncs: "Synced again",
  healthCheckP95Ms: "Health check, 95th percentile (ms)",
};

export function CompareTab({ sealed }: { readonly sealed: SealedSimulation }) {
  const { projectId } = useProject();
  const [chosen, choose] = useQueryState("with");
  const all = useResource(`simulations ${projectId}`, (signal) =>
    askAllPages<Summary>(apiPath`/api/projects/${projectId}/simulations`, { signal }),
  );
  const others = (all.value ?? []).filter(
    ({ simId, envelopeSha256 }) => envelopeSha256 !== null && simId !== sealed.simId,
  );
  // What is live in prod shipped on that one; without it the one before.
  const suggested = sealed.comparison?.baselineSimId ?? sealed.replayOf ?? others[0]?.simId;
  const baselineId = chosen ?? suggested ?? null;
  if (all.value !== undefined && others.length === 0) {
    return (
      <EmptyState icon="mesh" title="Nothing to compare with yet">
        <p>Rehearse another capsule, or this one under other conditions: then both can stand side by side.</p>
      </EmptyState>
    );
  }
  return (
    <div class="compare">
      <ProblemNote error={all.error} retry={all.reload} />
      <SelectField
        label="Baseline"
        options={others.map((other) => ({ value: other.simId, label: describeOther(other, sealed) }))}
        value={baselineId ?? ""}
        onChange={choose}
      />
      {baselineId === null ? null : <Comparison key={baselineId} baselineId={baselineId} sealed={sealed} />}
    </div>
  );
}

function describeOther(other: Summary, { comparison, capsuleHash }: SealedSimulation): string {
  const when = new Date(other.startedAt).toLocaleString();
  const isLive = comparison?.baselineSimId === other.simId ? ", what is live in prod shipped on it" : "";
  const same = other.capsuleHash === capsuleHash ? ", same capsule" : "";
  return `${when}: ${other.kind} ${other.outcome ?? ""}, ${other.nodeCount} nodes${same}${isLive}`;
}

type ComparisonProps = { readonly baselineId: string; readonly sealed: SealedSimulation };

function Comparison({ baselineId, sealed }: ComparisonProps) {
  const [hasOnlyChanges, setHasOnlyChanges] = useState(true);
  const baseline = useResource(`result ${baselineId}`, (signal) =>
    askApi<SealedSimulation>(apiPath`/api/mesh-sim/result/${baselineId}`, { signal }),
  );
  const { value } = baseline;
  if (value === undefined) return <ProblemNote error={baseline.error} retry={baseline.reload} />;
  const changes = compareWithBaseline(value, sealed, USUAL_TOLERANCES);
  const isSame = isSameQuestion(value, sealed);
  const regressed = changes.filter(({ isRegressed }) => isRegressed).length;
  return (
    <>
      <p role="status">
        {regressed === 0 ? (
          <Badge tone="good" icon="check">
            No regression
          </Badge>
        ) : (
          <Badge tone="bad" icon="alert">
            {`${regressed} regressed`}
          </Badge>
        )}{" "}
        {isSame
          ? "Both were asked the same, seeds apart."
          : "They were asked for different things, so the figures say little about each other."}
        {value.traceHash === sealed.traceHash ? " Both have the same trace." : ""}
      </p>
      <Table
        caption="Indicators"
        columns={[
          { id: "name", title: "Indicator", isRowHeader: true, cell: ({ indicator }) => NAMES[indicator] },
          { id: "baseline", title: "Baseline", isNumber: true, cell: ({ baseline: before }) => before },
          { id: "current", title: "This one", isNumber: true, cell: ({ current }) => current },
          {
            id: "worse",
            title: "Worse by",
            isNumber: true,
            cell: ({ worseByPercent, isRegressed }) => (
              <>
                {worseByPercent} % {isRegressed ? <Badge tone="bad">regressed</Badge> : null}
              </>
            ),
          },
          {
            id: "tolerated",
            title: "Tolerated",
            isNumber: true,
            cell: ({ tolerancePercent }) => `${tolerancePercent} %`,
          },
        ]}
        rows={changes}
        rowId={({ indicator }) => indicator}
      />
      <h2>What they were asked</h2>
      <Switch label="Only what differs" isOn={hasOnlyChanges} onChange={setHasOnlyChanges} />
      <Questions baseline={value.params} current={sealed.params} hasOnlyChanges={hasOnlyChanges} />
    </>
  );
}

type Parameters = Readonly<Record<string, unknown>>;

function Questions(props: {
  readonly baseline: Parameters;
  readonly current: Parameters;
  readonly hasOnlyChanges: boolean;
}) {
  const { baseline, current, hasOnlyChanges } = props;
  const rows = Object.keys(current)
    .map((name) => ({ name, before: JSON.stringify(baseline[name]), now: JSON.stringify(current[name]) }))
    .filter(({ before, now }) => !hasOnlyChanges || before !== now);
  if (rows.length === 0) return <p class="muted">Every parameter is the same, seeds included.</p>;
  return (
    <Table
      caption="Parameters of both"
      isCaptionHidden
      columns={[
        { id: "name", title: "Parameter", isRowHeader: true, cell: ({ name }) => name },
        { id: "before", title: "Baseline", cell: ({ before }) => <code>{before}</code> },
        { id: "now", title: "This one", cell: ({ now }) => <code>{now}</code> },
      ]}
      rows={rows}
      rowId={({ name }) => name}
    />
  );
}
