// Two capsules beside each other: the settings that changed, and every file that was added, removed, renamed or changed.
import { useLocation } from "preact-iso/router";
import type { CapsuleDiffAnswer, CapsuleSummary } from "../../../../schemas/api/capsules.ts";
import { Button } from "../../../halo/button.tsx";
import { EmptyState } from "../../../halo/empty-state.tsx";
import { SegmentedControl } from "../../../halo/segmented-control.tsx";
import { SelectField } from "../../../halo/select-field.tsx";
import { shortenDigest } from "../../../halo/shorten-digest.ts";
import { Skeleton } from "../../../halo/skeleton.tsx";
import { apiPath, askApi } from "../../data/api-client.ts";
import { askAllPages } from "../../data/pages.ts";
import { useProject, useReloadOn } from "../../data/project-room.ts";
import { useResource } from "../../data/resource.ts";
import { type CompareQuery, routes } from "../../routes.ts";
import { ProblemNote } from "../../shell/problem-note.tsx";
import { ViewHeading } from "../../shell/view-heading.tsx";
import { CapsuleDifference } from "./capsule-difference.tsx";
import { sayTotals } from "./diff-totals.ts";
import { LocalCommand } from "./local-command.tsx";

export function CompareView() {
  const { projectId, label } = useProject();
  const { query, route } = useLocation();
  const { a = "", b = "" } = query;
  const layout = query.layout === "side-by-side" ? "side-by-side" : "inline";
  const capsules = useResource(`all capsules ${projectId}`, (signal) =>
    askAllPages<CapsuleSummary>(apiPath`/api/projects/${projectId}/capsules`, { signal }),
  );
  useReloadOn(["capsule.accepted"], capsules.reload);
  const diff = useResource(a === "" || b === "" ? null : `diff ${a} ${b}`, (signal) =>
    askApi<CapsuleDiffAnswer>(apiPath`/api/capsules/${a}/diff/${b}`, { query: { projectId }, signal }),
  );
  const go = (change: CompareQuery) => {
    const next: CompareQuery = { a, b, layout: layout === "inline" ? undefined : layout, ...change };
    route(routes.compareCapsules(label, next), true);
  };
  const options = toOptions(capsules.value ?? [], [a, b]);
  return (
    <section class="view">
      <ViewHeading title="Compare capsules" eyebrow={<a href={routes.capsules(label)}>Capsules</a>} />
      <div class="caps-compare">
        <SelectField label="From" options={options} value={a} onChange={(value) => go({ a: value })} />
        <Button
          icon="retry"
          onClick={() => go({ a: b, b: a })}
          disabledReason={a === "" && b === "" ? "Choose two capsules first" : null}
        >
          Swap
        </Button>
        <SelectField label="To" options={options} value={b} onChange={(value) => go({ b: value })} />
        <SegmentedControl
          label="Layout"
          isLabelHidden
          segments={[
            { value: "inline", label: "In one column" },
            { value: "side-by-side", label: "Side by side" },
          ]}
          value={layout}
          onChange={(value) => go({ layout: value === "inline" ? undefined : value })}
        />
      </div>
      <ProblemNote error={capsules.error} retry={capsules.reload} />
      <ProblemNote error={diff.error} retry={diff.reload} />
      {a === "" || b === "" ? (
        <EmptyState icon="capsule" title="Choose two capsules" headingLevel={2}>
          Above, or by their boxes in the list.
        </EmptyState>
      ) : null}
      {diff.value === undefined && diff.isLoading ? (
        <Skeleton label="Comparing" shape="card" count={3} />
      ) : null}
      {diff.value === undefined ? null : (
        <>
          <p class="caps-totals" role="status">
            {sayTotals(diff.value)}
          </p>
          <CapsuleDifference diff={diff.value} layout={layout} />
        </>
      )}
      {a === "" || b === "" ? null : (
        <p class="muted">
          On the command line, with both as .caps files:{" "}
          <LocalCommand text="oursynth capsule diff A.caps B.caps" />
        </p>
      )}
    </section>
  );
}

type Option = { readonly value: string; readonly label: string };

/** Every capsule, and what the address names besides: it may be in another project of the organization. */
function toOptions(capsules: readonly CapsuleSummary[], chosen: readonly string[]): readonly Option[] {
  const listed = capsules.map(({ capsuleDigest, name, version }) => ({
    value: capsuleDigest,
    label: `${version} ${name} (${shortenDigest(capsuleDigest)})`,
  }));
  const others = [...new Set(chosen)].filter(
    (digest) => digest !== "" && !capsules.some(({ capsuleDigest }) => capsuleDigest === digest),
  );
  return [
    { value: "", label: "Choose a capsule" },
    ...listed,
    ...others.map((digest) => ({ value: digest, label: shortenDigest(digest) })),
  ];
}
