// The report of the verification that let the capsule in, and another one whenever somebody asks: every byte hashed anew.
import { useRef, useState } from "preact/hooks";
import { findDecidingStep } from "../../../../core/capsule/deciding-step.ts";
import type { VerificationReport } from "../../../../schemas/verification.ts";
import { Button } from "../../../halo/button.tsx";
import { Icon } from "../../../halo/icon.tsx";
import { Progress } from "../../../halo/progress.tsx";
import { RelativeTime } from "../../../halo/relative-time.tsx";
import { Skeleton } from "../../../halo/skeleton.tsx";
import { sayBytes, sayCount } from "../../../verification/say-bytes.ts";
import { useRevealedCount } from "../../../verification/use-revealed-count.ts";
import { VerificationSteps } from "../../../verification/verification-steps.tsx";
import { apiPath, askApi } from "../../data/api-client.ts";
import { useProject } from "../../data/project-room.ts";
import { useResource } from "../../data/resource.ts";
import { ProblemNote } from "../../shell/problem-note.tsx";
import type { OpenCapsule } from "./capsule-view.tsx";
import { LocalCommand } from "./local-command.tsx";

type Again =
  | { readonly kind: "none" }
  | { readonly kind: "running" }
  | { readonly kind: "done"; readonly report: VerificationReport; readonly at: number }
  | { readonly kind: "failed"; readonly error: unknown };

export function VerificationTab({ capsule }: { readonly capsule: OpenCapsule }) {
  const { projectId } = useProject();
  const { capsuleDigest, acceptedAt, fileCount, sizeBytes } = capsule;
  const path = apiPath`/api/capsules/${capsuleDigest}/verify`;
  const stored = useResource(`report ${capsuleDigest}`, (signal) =>
    askApi<VerificationReport>(path, { query: { projectId }, signal }),
  );
  const [again, setAgain] = useState<Again>({ kind: "none" });
  const abort = useRef<AbortController | null>(null);
  const verifyAgain = async (): Promise<void> => {
    const controller = new AbortController();
    abort.current = controller;
    setAgain({ kind: "running" });
    try {
      const query = { projectId, again: 1 };
      const report = await askApi<VerificationReport>(path, { query, signal: controller.signal });
      setAgain({ kind: "done", report, at: Date.now() });
    } catch (error) {
      setAgain(controller.signal.aborted ? { kind: "none" } : { kind: "failed", error });
    }
  };
  return (
    <div class="caps-verification">
      <div class="caps-verification__actions">
        <Button icon="shield" isBusy={again.kind === "running"} onClick={() => void verifyAgain()}>
          Verify again
        </Button>
        {again.kind === "running" ? <Button onClick={() => abort.current?.abort()}>Stop</Button> : null}
      </div>
      {again.kind === "running" ? (
        <Progress
          label={`The platform hashes ${sayCount(fileCount, "file")} anew (${sayBytes(sizeBytes)}) and checks every signature`}
        />
      ) : null}
      {again.kind === "failed" ? <ProblemNote error={again.error} retry={() => void verifyAgain()} /> : null}
      <ProblemNote error={stored.error} retry={stored.reload} />
      {stored.value === undefined && stored.error === undefined ? (
        <Skeleton label="Loading the report" shape="row" count={12} />
      ) : null}
      {again.kind === "done" ? (
        <Report
          report={again.report}
          at={again.at}
          when="Every byte was hashed anew, against today's trust,"
          isRevealed
          before={stored.value}
        />
      ) : stored.value === undefined ? null : (
        <Report report={stored.value} at={acceptedAt} when="This is the report that let the capsule in," />
      )}
      <p class="muted">
        Nobody has to believe the platform: download the .caps and drop it on this page, or run{" "}
        <LocalCommand text={`oursynth capsule verify FILE.caps --expect ${capsuleDigest}`} />
      </p>
    </div>
  );
}

type ReportProps = {
  readonly report: VerificationReport;
  readonly at: number;
  readonly when: string;
  /** The steps appear one after another. */
  readonly isRevealed?: boolean;
  /** The report before it: when the verdict is another one now, that is said. */
  readonly before?: VerificationReport | undefined;
};

const TITLES = { pass: "Verified", fail: "Does not verify", undecidable: "Not decidable" } as const;
const ICONS = { pass: "check", fail: "close", undecidable: "info" } as const;
const STANDINGS = { pass: "verified", fail: "broken", undecidable: "unproven" } as const;

function Report({ report, at, when, isRevealed = false, before }: ReportProps) {
  const { steps, verdict } = report;
  const shownCount = useRevealedCount(isRevealed ? report : null, steps.length);
  const isComplete = shownCount >= steps.length;
  const deciding = findDecidingStep(report);
  return (
    <>
      <div
        class="caps-report__verdict"
        data-standing={isComplete ? STANDINGS[verdict] : "open"}
        role="status"
      >
        {isComplete ? (
          <>
            <span class="caps-report__mark">
              <Icon name={ICONS[verdict]} size="large" />
            </span>
            <div>
              <h2>{TITLES[verdict]}</h2>
              <p>
                {when} <RelativeTime ts={at} />: {sayPassed(report)}
                {deciding === null
                  ? "."
                  : `; “${deciding.title}” decided it: ${deciding.message ?? deciding.code ?? ""}.`}
                {before !== undefined && before.verdict !== verdict
                  ? ` When it was accepted, the verdict was “${TITLES[before.verdict]}”.`
                  : ""}
              </p>
            </div>
          </>
        ) : (
          <p>
            Step {Math.min(shownCount + 1, steps.length)} of {steps.length} …
          </p>
        )}
      </div>
      <VerificationSteps steps={steps} shownCount={shownCount} />
    </>
  );
}

/** A verdict that is a pass needed none of the steps that were skipped. */
function sayPassed({ steps, verdict }: VerificationReport): string {
  const passedCount = steps.filter(({ status }) => status === "pass").length;
  const skippedCount = steps.filter(({ status }) => status === "skip").length;
  const passed = `${passedCount} of ${steps.length} steps passed`;
  if (skippedCount === 0) return passed;
  return `${passed}, ${skippedCount} ${verdict === "pass" ? "were not needed" : "could not be checked"}`;
}
