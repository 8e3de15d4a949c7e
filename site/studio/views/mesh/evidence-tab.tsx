// The evidence: what was sealed, who signed it, the file to take away, and both ways of having it again.
import { fingerprintOf } from "../../../../core/signing/fingerprint.ts";
import { Badge } from "../../../halo/badge.tsx";
import { Digest } from "../../../halo/digest.tsx";
import { apiPath, askApi } from "../../data/api-client.ts";
import { useProject } from "../../data/project-room.ts";
import { useResource } from "../../data/resource.ts";
import { routes } from "../../routes.ts";
import { ProblemNote } from "../../shell/problem-note.tsx";
import { ViewLink } from "../../shell/view-link.tsx";
import type { CapsimFile } from "./capsim-file.ts";
import { CheckHere } from "./check-here.tsx";
import { ExportLink } from "./export-link.tsx";
import type { ProjectKeys } from "./project-trust.ts";
import { ReplayPane } from "./replay-pane.tsx";
import type { SealedSimulation } from "./use-simulation.ts";
import "./evidence.css";

type EvidenceTabProps = {
  readonly sealed: SealedSimulation;
  readonly file: CapsimFile | undefined;
  readonly fileError: unknown;
  readonly retryFile: () => void;
};

export function EvidenceTab({ sealed, file, fileError, retryFile }: EvidenceTabProps) {
  const { projectId } = useProject();
  const keys = useResource(`keys ${projectId}`, (signal) =>
    askApi<ProjectKeys>(apiPath`/api/projects/${projectId}/keys`, { signal }),
  );
  return (
    <div class="evidence">
      <section aria-labelledby="evidence-facts">
        <h2 id="evidence-facts">What was sealed</h2>
        <Facts sealed={sealed} />
      </section>
      <section aria-labelledby="evidence-signers">
        <h2 id="evidence-signers">Who signed it</h2>
        <ProblemNote error={keys.error} retry={keys.reload} />
        <Signers file={file} keys={keys.value} />
      </section>
      <section aria-labelledby="evidence-file">
        <h2 id="evidence-file">Take it away</h2>
        <p>
          A <code>.capsim</code> is checked by anybody, without an account here and without a network:{" "}
          <code>oursynth verify-sim --file {sealed.simId}.capsim --rerun</code>, or the page{" "}
          <a href="/verify">/verify</a>.
        </p>
        <div class="evidence__actions">
          <ExportLink simId={sealed.simId} kind="primary" />
          {file === undefined ? null : (
            <span class="muted">{(file.bytes.length / 1_024).toFixed(1)} KiB</span>
          )}
        </div>
      </section>
      <section aria-labelledby="evidence-check">
        <h2 id="evidence-check">Check it here</h2>
        <ProblemNote error={fileError} retry={retryFile} />
        <CheckHere bytes={file?.bytes} keys={keys.value} />
      </section>
      <section aria-labelledby="evidence-replay">
        <h2 id="evidence-replay">Replay it on the platform</h2>
        <ReplayPane sealed={sealed} />
      </section>
    </div>
  );
}

function Facts({ sealed }: { readonly sealed: SealedSimulation }) {
  const { label } = useProject();
  const { capsuleHash, artifactDigest, traceHash, envelopeSha256, replayOf } = sealed;
  return (
    <dl class="evidence__facts">
      <dt>Capsule</dt>
      <dd>
        <ViewLink view="capsules" href={routes.capsule(label, capsuleHash)}>
          look at it
        </ViewLink>{" "}
        <Digest value={capsuleHash} of="the capsule" />
      </dd>
      <dt>Artifact</dt>
      <dd>
        <Digest value={artifactDigest} of="the artifact" />
      </dd>
      <dt>Trace</dt>
      <dd>
        <Digest value={traceHash} of="the trace" />
      </dd>
      <dt>Envelope</dt>
      <dd>
        <Digest value={envelopeSha256} of="the envelope" />
      </dd>
      <dt>Simulator</dt>
      <dd>
        {sealed.simulatorVersion}, compiled by {sealed.toolchainVersion}
      </dd>
      <dt>Observed by</dt>
      <dd>
        {sealed.observedBy === "platform" ? "the platform's own nodes" : "an external runner: its word"}
      </dd>
      {replayOf === null ? null : (
        <>
          <dt>Replay of</dt>
          <dd>
            <a href={routes.simulation(label, replayOf)}>{replayOf}</a>
          </dd>
        </>
      )}
    </dl>
  );
}

type SignersProps = { readonly file: CapsimFile | undefined; readonly keys: ProjectKeys | undefined };

function Signers({ file, keys }: SignersProps) {
  if (file === undefined || keys === undefined) return <p class="muted">Reading the envelope …</p>;
  return (
    <ul class="evidence__signers">
      {file.content.envelope.signatures.map(({ keyid }) => {
        const known = keys.items.find(({ keyId }) => keyId === keyid);
        return (
          <li key={keyid}>
            <code>{fingerprintOf(keyid)}</code>
            <span>
              {known === undefined ? "a key that this project does not know" : known.name}
              {known?.isPlatformKey === true ? ", kept by the platform" : ""}
            </span>
            {known === undefined ? (
              <Badge tone="warn">not trusted here</Badge>
            ) : known.state !== undefined ? (
              <Badge tone="warn">{known.state.kind}</Badge>
            ) : known.roles.includes("simulator") ? (
              <Badge tone="good" icon="key">
                trusted as simulator
              </Badge>
            ) : (
              <Badge>{known.roles.join(", ") || "no role"}</Badge>
            )}
          </li>
        );
      })}
    </ul>
  );
}
