// One capsule: what it is in a line, what can be done with it, and a tab for each thing that can be asked about it.
import { useLocation } from "preact-iso/router";
import type { CapsuleDetail } from "../../../../schemas/api/capsules.ts";
import type { Manifest } from "../../../../schemas/manifest.ts";
import { ButtonLink } from "../../../halo/button.tsx";
import { Digest } from "../../../halo/digest.tsx";
import { RelativeTime } from "../../../halo/relative-time.tsx";
import { Skeleton } from "../../../halo/skeleton.tsx";
import { TabLinks } from "../../../halo/tab-links.tsx";
import { sayBytes, sayCount } from "../../../verification/say-bytes.ts";
import { apiPath, askApi } from "../../data/api-client.ts";
import { useActorName } from "../../data/people.ts";
import { useProject } from "../../data/project-room.ts";
import { useResource } from "../../data/resource.ts";
import { routes } from "../../routes.ts";
import { useCommands } from "../../shell/commands.ts";
import { FailedView } from "../../shell/failed-view.tsx";
import { ViewHeading } from "../../shell/view-heading.tsx";
import { hasView } from "../../view-ids.ts";
import { downloadUrl } from "./capsule-links.ts";
import { CAPSULE_TABS, type CapsuleTab, readTab } from "./capsule-tabs.ts";
import { ContentsTab } from "./contents-tab.tsx";
import { FactsTab } from "./facts-tab.tsx";
import { LiveBadges } from "./live-badges.tsx";
import { ProvenanceTab } from "./provenance-tab.tsx";
import { SbomTab } from "./sbom-tab.tsx";
import { VerificationTab } from "./verification-tab.tsx";

/** A capsule as the API gives it; the manifest has passed the capsule's own rules. */
export type OpenCapsule = Omit<CapsuleDetail, "manifest"> & { readonly manifest: Manifest };

export function CapsuleView({ digest }: { readonly digest: string }) {
  const { projectId, label } = useProject();
  const { query, route } = useLocation();
  const capsule = useResource(`capsule ${digest}`, (signal) =>
    askApi<OpenCapsule>(apiPath`/api/capsules/${digest}`, { query: { projectId }, signal }),
  );
  useCommands(
    CAPSULE_TABS.map(({ id, label: name }) => ({
      id: `capsule-${id}`,
      title: `${name} of this capsule`,
      group: "This capsule",
      icon: "capsule" as const,
      run: () => route(routes.capsule(label, digest, { tab: id })),
    })),
  );
  if (capsule.value === undefined && capsule.error !== undefined) {
    return <FailedView title="This capsule cannot be opened" error={capsule.error} retry={capsule.reload} />;
  }
  const tab = readTab(query.tab);
  return (
    <section class="view">
      {/* One heading for both, so that the focus on it stays when the capsule has come. */}
      <CapsuleHeading digest={digest} capsule={capsule.value} />
      {capsule.value === undefined ? (
        <Skeleton label="Loading the capsule" shape="row" count={4} />
      ) : (
        <>
          <CapsuleLine capsule={capsule.value} />
          <TabLinks
            label="About this capsule"
            current={tab}
            tabs={CAPSULE_TABS.map(({ id, label: name }) => ({
              id,
              label: name,
              href: routes.capsule(label, digest, { tab: id }),
            }))}
          />
          <OpenTab tab={tab} capsule={capsule.value} />
        </>
      )}
    </section>
  );
}

type CapsuleHeadingProps = { readonly digest: string; readonly capsule: OpenCapsule | undefined };

function CapsuleHeading({ digest, capsule }: CapsuleHeadingProps) {
  const { label, projectId } = useProject();
  const title = capsule === undefined ? "Capsule" : `${capsule.name} ${capsule.version}`;
  return (
    <ViewHeading title={title} eyebrow={<a href={routes.capsules(label)}>Capsules</a>}>
      {hasView("mesh") ? (
        <ButtonLink icon="mesh" href={routes.mesh(label, { capsule: digest })}>
          Rehearse
        </ButtonLink>
      ) : null}
      {hasView("deploys") ? (
        <ButtonLink icon="rocket" href={routes.deploys(label, { capsule: digest })}>
          Deploy
        </ButtonLink>
      ) : null}
      <ButtonLink icon="filter" href={routes.compareCapsules(label, { b: digest })}>
        Compare
      </ButtonLink>
      <ButtonLink
        kind="primary"
        icon="download"
        href={downloadUrl({ projectId, digest }, "provenance")}
        download
      >
        Download .caps
      </ButtonLink>
    </ViewHeading>
  );
}

function CapsuleLine({ capsule }: { readonly capsule: OpenCapsule }) {
  const nameOf = useActorName();
  const { capsuleDigest, acceptedAt, acceptedBy, fileCount, sizeBytes } = capsule;
  return (
    <p class="caps-line">
      <Digest value={capsuleDigest} of="the capsule" />
      <span>{sayCount(fileCount, "file")}</span>
      <span>{sayBytes(sizeBytes)}</span>
      <span>
        accepted <RelativeTime ts={acceptedAt} /> by {nameOf({ kind: "user", id: acceptedBy })}
      </span>
      <LiveBadges digest={capsuleDigest} />
    </p>
  );
}

function OpenTab({ tab, capsule }: { readonly tab: CapsuleTab; readonly capsule: OpenCapsule }) {
  switch (tab) {
    case "contents":
      return <ContentsTab capsule={capsule} />;
    case "verification":
      return <VerificationTab capsule={capsule} />;
    case "sbom":
      return <SbomTab capsule={capsule} />;
    case "provenance":
      return <ProvenanceTab capsule={capsule} />;
    case "facts":
      return <FactsTab capsule={capsule} />;
  }
}
