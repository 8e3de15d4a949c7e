// The list of a project's capsules: every state that was packed, who brought it, and where it is live.
import { useState } from "preact/hooks";
import { useLocation } from "preact-iso/router";
import type { CapsuleSummary } from "../../../../schemas/api/capsules.ts";
import { Button, ButtonLink } from "../../../halo/button.tsx";
import { Digest } from "../../../halo/digest.tsx";
import { EmptyState } from "../../../halo/empty-state.tsx";
import { RelativeTime } from "../../../halo/relative-time.tsx";
import { Skeleton } from "../../../halo/skeleton.tsx";
import { Table, type TableColumn } from "../../../halo/table.tsx";
import { TextField } from "../../../halo/text-field.tsx";
import { sayBytes } from "../../../verification/say-bytes.ts";
import { useActorName } from "../../data/people.ts";
import { useProject } from "../../data/project-room.ts";
import { routes } from "../../routes.ts";
import { CommandLine } from "../../shell/command-line.tsx";
import { ProblemNote } from "../../shell/problem-note.tsx";
import { ViewHeading } from "../../shell/view-heading.tsx";
import { ChooseCapsButton } from "./choose-caps-button.tsx";
import { LiveBadges } from "./live-badges.tsx";
import { useCapsulePages } from "./use-capsule-pages.ts";

const COMPARED = 2;

export function CapsulesView() {
  const { detail, label } = useProject();
  const { query, route } = useLocation();
  const q = query.q ?? "";
  const { first, capsules, hasMore, isLoadingMore, moreError, loadMore } = useCapsulePages(q);
  const [chosen, setChosen] = useState<readonly CapsuleSummary[]>([]);
  const toggle = (capsule: CapsuleSummary) => setChosen((before) => toggleChosen(before, capsule));
  const columns = useColumns(chosen, toggle);
  return (
    <section class="view">
      <ViewHeading title="Capsules" eyebrow={detail.name}>
        <ChooseCapsButton />
      </ViewHeading>
      <p class="muted caps-lead">
        Each capsule is one signed state of the app. Drop a .caps anywhere on this page to check it in your
        browser; nothing is uploaded.
      </p>
      <search class="caps-search">
        <TextField
          label="Search capsules"
          isLabelHidden
          type="search"
          placeholder="Version, name, or the beginning of a digest"
          isOptional
          value={q}
          onInput={(value) => route(routes.capsules(label, { q: value }), true)}
        />
      </search>
      <CompareBar chosen={chosen} clear={() => setChosen([])} />
      <ProblemNote error={first.error} retry={first.reload} />
      {first.value === undefined && first.error === undefined ? (
        <Skeleton label="Loading the capsules" shape="row" count={6} />
      ) : null}
      {first.value === undefined ? null : (
        <Table
          caption={q === "" ? "Capsules, the newest first" : `Capsules found for “${q}”, the newest first`}
          isCaptionHidden
          columns={columns}
          rows={capsules}
          rowId={({ capsuleDigest }) => capsuleDigest}
          empty={<NoCapsules q={q} />}
        />
      )}
      {hasMore ? (
        <div>
          <Button isBusy={isLoadingMore} onClick={loadMore}>
            Show older ones
          </Button>
        </div>
      ) : null}
      <ProblemNote error={moreError} retry={loadMore} />
    </section>
  );
}

/** At most two; a third takes the place of the one that was chosen first. */
function toggleChosen(chosen: readonly CapsuleSummary[], capsule: CapsuleSummary): readonly CapsuleSummary[] {
  const others = chosen.filter(({ capsuleDigest }) => capsuleDigest !== capsule.capsuleDigest);
  return others.length < chosen.length ? others : [...chosen, capsule].slice(-COMPARED);
}

function useColumns(
  chosen: readonly CapsuleSummary[],
  toggle: (capsule: CapsuleSummary) => void,
): readonly TableColumn<CapsuleSummary>[] {
  const { label } = useProject();
  const nameOf = useActorName();
  return [
    {
      id: "version",
      title: "Capsule",
      isRowHeader: true,
      cell: ({ name, version, capsuleDigest }) => (
        <a class="caps-name" href={routes.capsule(label, capsuleDigest)}>
          <strong>{version}</strong> <span>{name}</span>
        </a>
      ),
    },
    { id: "live", title: "Live", cell: ({ capsuleDigest }) => <LiveBadges digest={capsuleDigest} /> },
    { id: "when", title: "Accepted", cell: ({ acceptedAt }) => <RelativeTime ts={acceptedAt} /> },
    { id: "by", title: "By", cell: ({ acceptedBy }) => nameOf({ kind: "user", id: acceptedBy }) },
    { id: "files", title: "Files", isNumber: true, cell: ({ fileCount }) => fileCount.toLocaleString("en") },
    { id: "size", title: "Size", isNumber: true, cell: ({ sizeBytes }) => sayBytes(sizeBytes) },
    {
      id: "digest",
      title: "Digest",
      cell: ({ capsuleDigest, version }) => <Digest value={capsuleDigest} of={version} />,
    },
    {
      id: "compare",
      title: "Compare",
      cell: (capsule) => (
        <input
          type="checkbox"
          class="caps-choose"
          aria-label={`Compare ${capsule.name} ${capsule.version}`}
          checked={chosen.some(({ capsuleDigest }) => capsuleDigest === capsule.capsuleDigest)}
          onChange={() => toggle(capsule)}
        />
      ),
    },
  ];
}

type CompareBarProps = { readonly chosen: readonly CapsuleSummary[]; readonly clear: () => void };

function CompareBar({ chosen, clear }: CompareBarProps) {
  const { label } = useProject();
  // The older one is what the newer one is compared with.
  const [a, b] = [...chosen].sort((one, other) => one.eventSeq - other.eventSeq);
  if (a === undefined) return null;
  return (
    <div class="caps-compare-bar" role="status">
      {b === undefined ? (
        <p>{a.version} is chosen; choose a second one to compare it with.</p>
      ) : (
        <ButtonLink
          kind="primary"
          href={routes.compareCapsules(label, { a: a.capsuleDigest, b: b.capsuleDigest })}
        >
          Compare {a.version} with {b.version}
        </ButtonLink>
      )}
      <Button kind="quiet" onClick={clear}>
        Clear
      </Button>
    </div>
  );
}

function NoCapsules({ q }: { readonly q: string }) {
  const { label } = useProject();
  if (q !== "") {
    return (
      <EmptyState icon="search" title={`Nothing is found for “${q}”`} headingLevel={2}>
        Versions and names are searched wherever the words stand in them, digests from their beginning.
      </EmptyState>
    );
  }
  return (
    <EmptyState
      icon="capsule"
      title="No capsule yet"
      headingLevel={2}
      actions={<CommandLine text={`oursynth push . --project ${label}`} />}
    >
      Push a folder from your machine, or drop a .caps here.
    </EmptyState>
  );
}
