// One rehearsal: while it runs, and as evidence afterwards.
import { useMemo } from "preact/hooks";
import type { Manifest } from "../../../../schemas/manifest.ts";
import { Button, ButtonLink } from "../../../halo/button.tsx";
import { CodeBlock } from "../../../halo/code-block.tsx";
import { SelectField } from "../../../halo/select-field.tsx";
import { Tabs } from "../../../halo/tabs.tsx";
import { useProject } from "../../data/project-room.ts";
import { useResource } from "../../data/resource.ts";
import { routes } from "../../routes.ts";
import { FailedView } from "../../shell/failed-view.tsx";
import { ViewHeading } from "../../shell/view-heading.tsx";
import { type CapsimFile, fetchCapsim } from "./capsim-file.ts";
import { CompareTab } from "./compare-tab.tsx";
import { EvidenceTab } from "./evidence-tab.tsx";
import { ExportLink } from "./export-link.tsx";
import { FiguresTab } from "./figures-tab.tsx";
import { OutcomeStamp } from "./outcome-stamp.tsx";
import { ProgressPane } from "./progress-pane.tsx";
import { readStream } from "./stream-run.ts";
import { useQueryState } from "./use-query-state.ts";
import { useRehearsedRun } from "./use-rehearsed-run.ts";
import { type SealedSimulation, type Simulation, useSimulation } from "./use-simulation.ts";
import { WatchTab } from "./watch-tab.tsx";

const TABS = [
  { id: "watch", label: "Watch" },
  { id: "figures", label: "Figures" },
  { id: "evidence", label: "Evidence" },
  { id: "compare", label: "Compare" },
  { id: "parameters", label: "Parameters" },
] as const;
type TabId = (typeof TABS)[number]["id"];

export function SimulationView({ simId }: { readonly simId: string }) {
  const { label } = useProject();
  const simulation = useSimulation(simId);
  const { sealed, progress, error } = simulation;
  if (sealed === null && progress === null && error !== undefined) {
    return <FailedView title="This rehearsal cannot be shown" error={error} retry={simulation.reload} />;
  }
  return (
    <section class="view">
      <ViewHeading
        title={`Rehearsal ${simId.slice(0, 8)}`}
        eyebrow={<a href={routes.mesh(label)}>All rehearsals</a>}
      >
        {sealed === null ? null : (
          <>
            <ButtonLink href={routes.mesh(label, { capsule: sealed.capsuleHash })} icon="mesh">
              Rehearse again
            </ButtonLink>
            <ExportLink simId={simId} />
          </>
        )}
      </ViewHeading>
      {sealed !== null ? (
        <SealedView sealed={sealed} simulation={simulation} />
      ) : progress === null ? (
        <p role="status" class="muted">
          Reading the rehearsal …
        </p>
      ) : (
        <ProgressPane simulation={simulation} progress={progress} />
      )}
    </section>
  );
}

type SealedViewProps = { readonly sealed: SealedSimulation; readonly simulation: Simulation };

function SealedView({ sealed, simulation }: SealedViewProps) {
  const [tab, setTab] = useQueryState("tab");
  const [seedText, setSeed] = useQueryState("seed");
  const shown: TabId = TABS.find(({ id }) => id === tab)?.id ?? "watch";
  const file = useResource<CapsimFile>(`capsim ${sealed.simId}`, (signal) =>
    fetchCapsim(sealed.simId, signal),
  );
  const manifest = (file.value?.content.capsule.manifest as unknown as Manifest | undefined) ?? null;
  const seed = chooseSeed(sealed, seedText);
  const rehearsing = useRehearsedRun(sealed, manifest, seed);
  const { params } = sealed;
  const streamed = useMemo(() => readStream(simulation.events), [simulation.events]);
  const own = rehearsing.kind === "done" ? rehearsing.rehearsed.report : null;
  return (
    <>
      <OutcomeStamp sealed={sealed} />
      {sealed.runs.length === 1 ? null : (
        <SelectField
          label="Seed that is looked at"
          options={sealed.runs.map(({ seed: one, outcome }) => ({
            value: String(one),
            label: `${one}: ${outcome === "pass" ? "passed" : "failed"}`,
          }))}
          value={String(seed)}
          onChange={setSeed}
        />
      )}
      <Tabs label="Views of the rehearsal" tabs={TABS} selected={shown} onSelect={setTab}>
        {shown === "watch" ? (
          <WatchTab rehearsing={rehearsing} streamed={streamed} params={params} />
        ) : shown === "figures" ? (
          <FiguresTab
            sealed={sealed}
            counts={own?.counts ?? sealed.counts}
            latencyMatrix={own?.latencyMatrix ?? sealed.latencyMatrix}
            nodeReports={own?.nodeReports ?? sealed.nodeReports}
            seed={own?.seed ?? shownSeed(sealed)}
          />
        ) : shown === "evidence" ? (
          <EvidenceTab sealed={sealed} file={file.value} fileError={file.error} retryFile={file.reload} />
        ) : shown === "compare" ? (
          <CompareTab sealed={sealed} />
        ) : (
          <CodeBlock code={JSON.stringify(params, null, 2)} language="json" path="parameters.json" />
        )}
      </Tabs>
      {file.error === undefined || shown === "evidence" ? null : (
        <p role="alert">
          The evidence file did not come, so nothing can be simulated again here.{" "}
          <Button size="small" onClick={file.reload}>
            Try again
          </Button>
        </p>
      )}
    </>
  );
}

/** The one in the address, else the one that the result shows. */
function chooseSeed(sealed: SealedSimulation, wanted: string | undefined): number {
  const found = sealed.runs.find(({ seed }) => String(seed) === wanted);
  return found?.seed ?? shownSeed(sealed);
}

/** The first that failed, else the first (MESH.md M13). */
function shownSeed({ runs }: SealedSimulation): number {
  return (runs.find(({ outcome }) => outcome === "fail") ?? runs[0])?.seed ?? 0;
}
