// The bill of materials that a capsule carries: every package with its version, licence and address.
import { useState } from "preact/hooks";
import { findSbom } from "../../../../core/capsule/sbom/attach-sbom.ts";
import { type ListedComponent, readSbom } from "../../../../core/capsule/sbom/read-sbom.ts";
import { Badge } from "../../../halo/badge.tsx";
import { Button, ButtonLink } from "../../../halo/button.tsx";
import { EmptyState } from "../../../halo/empty-state.tsx";
import { Skeleton } from "../../../halo/skeleton.tsx";
import { Table, type TableColumn } from "../../../halo/table.tsx";
import { TextField } from "../../../halo/text-field.tsx";
import { sayCount } from "../../../verification/say-bytes.ts";
import { sendApi } from "../../data/api-client.ts";
import { useProject } from "../../data/project-room.ts";
import { useResource } from "../../data/resource.ts";
import { ProblemNote } from "../../shell/problem-note.tsx";
import { sbomUrl } from "./capsule-links.ts";
import type { OpenCapsule } from "./capsule-view.tsx";
import { findComponents } from "./find-components.ts";

const ROWS_AT_ONCE = 200;

const COLUMNS: readonly TableColumn<ListedComponent>[] = [
  { id: "name", title: "Name", isRowHeader: true, cell: ({ name }) => name },
  { id: "version", title: "Version", cell: ({ version }) => version },
  {
    id: "license",
    title: "Licence",
    cell: ({ license }) => (license === null ? <span class="muted">not said</span> : license),
  },
  {
    id: "scope",
    title: "Scope",
    cell: ({ scope }) => (scope === "required" ? "required" : <Badge>{scope}</Badge>),
  },
  { id: "purl", title: "Package URL", cell: ({ purl }) => (purl === null ? "" : <code>{purl}</code>) },
];

export function SbomTab({ capsule }: { readonly capsule: OpenCapsule }) {
  const { projectId } = useProject();
  const carried = findSbom(capsule.manifest);
  const url = sbomUrl({ projectId, digest: capsule.capsuleDigest });
  const components = useResource(
    carried === null ? null : `sbom ${capsule.capsuleDigest}`,
    async (signal) => {
      const response = await sendApi(url, { signal });
      const listed = readSbom(new Uint8Array(await response.arrayBuffer()));
      // The document is the author's own: they may have brought anything under this name.
      if (!listed.ok)
        throw new Error(
          `The document that this capsule carries ${listed.reason.message}. Download it to look at it.`,
        );
      return listed.value;
    },
  );
  if (carried === null) {
    return (
      <EmptyState icon="file" title="No bill of materials" headingLevel={2}>
        This capsule was packed without a lockfile that can be read, and imports no package of the platform.
      </EmptyState>
    );
  }
  return (
    <div class="caps-sbom">
      <div>
        <ButtonLink icon="download" href={url} download>
          Download CycloneDX
        </ButtonLink>
      </div>
      <ProblemNote error={components.error} retry={components.reload} />
      {components.value === undefined && components.error === undefined ? (
        <Skeleton label="Loading the bill of materials" shape="row" count={8} />
      ) : null}
      {components.value === undefined ? null : <Components components={components.value} />}
    </div>
  );
}

function Components({ components }: { readonly components: readonly ListedComponent[] }) {
  const [search, setSearch] = useState("");
  const [rowCountMax, setRowCountMax] = useState(ROWS_AT_ONCE);
  const found = findComponents(components, search);
  const hiddenCount = found.length - rowCountMax;
  return (
    <>
      <search class="caps-search">
        <TextField
          label="Search the bill of materials"
          isLabelHidden
          type="search"
          placeholder="Name, version, licence or package URL"
          isOptional
          value={search}
          onInput={setSearch}
        />
      </search>
      <p class="muted" role="status">
        {search.trim() === ""
          ? sayCount(components.length, "package")
          : `${found.length.toLocaleString("en")} of ${sayCount(components.length, "package")}`}
      </p>
      <Table
        caption="Bill of materials"
        isCaptionHidden
        columns={COLUMNS}
        rows={found.slice(0, rowCountMax)}
        rowId={({ name, version, purl }) => `${name} ${version} ${purl}`}
        empty={
          <EmptyState
            icon="search"
            title={search === "" ? "It lists no package" : "Nothing is found"}
            headingLevel={2}
          />
        }
      />
      {hiddenCount > 0 ? (
        <div>
          <Button onClick={() => setRowCountMax(rowCountMax + ROWS_AT_ONCE)}>
            Show more: {hiddenCount.toLocaleString("en")} are left
          </Button>
        </div>
      ) : null}
    </>
  );
}
