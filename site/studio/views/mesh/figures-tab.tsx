// The figures of a rehearsal: what was counted, how long it took until all were well, the latencies, each node.
import type { MeshCounts, MeshNodeReport } from "../../../../schemas/mesh-result.ts";
import { Heatmap } from "../../../halo/heatmap.tsx";
import { NodeCharts } from "./node-charts.tsx";
import { sayMs } from "./scrubber.tsx";
import type { SealedSimulation } from "./use-simulation.ts";
import { nodeNames } from "./watched-run.ts";
import "./figures.css";

type FiguresTabProps = {
  readonly sealed: SealedSimulation;
  /** Of the seed that is looked at. */
  readonly counts: MeshCounts;
  readonly latencyMatrix: readonly (readonly number[])[];
  readonly nodeReports: readonly MeshNodeReport[];
  /** Of which seed those are. */
  readonly seed: number;
};

const PERCENT = 100;

export function FiguresTab({ sealed, counts, latencyMatrix, nodeReports, seed }: FiguresTabProps) {
  const { sli, slo, startedAt, runs, measured } = sealed;
  return (
    <div class="figures">
      <section aria-labelledby="figures-sli">
        <h2 id="figures-sli">Service levels{runs.length > 1 ? `, over all ${runs.length} seeds` : ""}</h2>
        <dl class="figures__facts">
          <Fact name="Healthy after (median)" value={sayMs(sli.timeToHealthyMs.p50)} />
          <Fact name="95th percentile" value={sayMs(sli.timeToHealthyMs.p95)} />
          <Fact name="99th percentile" value={sayMs(sli.timeToHealthyMs.p99)} />
          <Fact name="Delivered" value={`${(sli.deliveryRatio * PERCENT).toFixed(2)} %`} />
          <Fact name="Synced again" value={String(sli.reSyncs)} />
          {measured === null ? null : (
            <Fact name="Health check, 95th" value={sayMs(measured.healthCheckMs.p95)} />
          )}
        </dl>
        {slo.length === 0 ? null : (
          <ul class="figures__slo">
            {slo.map(({ objective, limit, actual, isMet }) => (
              <li key={objective} class={isMet ? "" : "figures__missed"}>
                {objective}: {actual} (limit {limit}) – {isMet ? "met" : "missed"}
              </li>
            ))}
          </ul>
        )}
      </section>
      <section aria-labelledby="figures-counts">
        <h2 id="figures-counts">Packets of seed {seed}</h2>
        <dl class="figures__facts">
          <Fact name="Sent" value={counts.sent.toLocaleString("en")} />
          <Fact name="Delivered" value={counts.delivered.toLocaleString("en")} />
          <Fact name="Dropped" value={counts.dropped.toLocaleString("en")} />
          <Fact name="Duplicated" value={counts.duplicated.toLocaleString("en")} />
          <Fact name="Corrupted" value={counts.corrupted.toLocaleString("en")} />
        </dl>
      </section>
      <section aria-labelledby="figures-latency">
        <h2 id="figures-latency">Latency</h2>
        <Heatmap
          label="Mean of the probes over each link"
          rowLabels={nodeNames(latencyMatrix.length)}
          columnLabels={nodeNames(latencyMatrix.length).map((name) => name.replace("node-", ""))}
          values={toHeatValues(latencyMatrix)}
          unit="ms"
        />
      </section>
      <section aria-labelledby="figures-nodes">
        <h2 id="figures-nodes">Node by node</h2>
        <NodeCharts reports={nodeReports} startedAt={startedAt} />
      </section>
    </div>
  );
}

/** The diagonal is no link, and −1 says that no probe arrived (MESH.md M13). */
function toHeatValues(matrix: readonly (readonly number[])[]): (number | null)[][] {
  return matrix.map((row, from) => row.map((ms, to) => (from === to || ms < 0 ? null : ms)));
}

function Fact({ name, value }: { readonly name: string; readonly value: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}
