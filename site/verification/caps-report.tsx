// What came of a `.caps` that was checked in this browser: the verdict, what it claims to be, who signed, every step.
import { Badge, type Tone } from "../halo/badge.tsx";
import { CopyButton } from "../halo/copy-button.tsx";
import { Icon, type IconName } from "../halo/icon.tsx";
import { type CapsStanding, findSigners, judgeCaps, type Signer } from "./caps-verdict.ts";
import { sayBytes, sayCount } from "./say-bytes.ts";
import { useRevealedCount } from "./use-revealed-count.ts";
import { VerificationSteps } from "./verification-steps.tsx";
import type { CapsCheck, CapsTrust } from "./verify-caps.ts";
import "./caps-report.css";

type CapsReportProps = {
  readonly check: CapsCheck;
  readonly given: CapsTrust;
  /** Whose keys were asked for: "this project", "you". */
  readonly truster: string;
  readonly headingLevel?: 2 | 3;
};

const ICONS = { verified: "check", unproven: "info", broken: "close" } as const satisfies Record<
  CapsStanding,
  IconName
>;
const SIGNER_TONES = { trusted: "good", known: "warn", unknown: "neutral" } as const satisfies Record<
  Signer["standing"],
  Tone
>;

/** The steps come first, one after another; the verdict when all of them stand there. */
export function CapsReport({ check, given, truster, headingLevel = 3 }: CapsReportProps) {
  const { steps } = check.report;
  const shownCount = useRevealedCount(check, steps.length);
  const isComplete = shownCount >= steps.length;
  const verdict = judgeCaps(check, given, truster);
  const Heading = `h${headingLevel}` as const;
  return (
    <div class="caps-report">
      <div class="caps-report__verdict" data-standing={isComplete ? verdict.standing : "open"} role="status">
        {isComplete ? (
          <>
            <span class="caps-report__mark">
              <Icon name={ICONS[verdict.standing]} size="large" />
            </span>
            <div>
              <Heading>{verdict.title}</Heading>
              <p>{verdict.explanation}</p>
            </div>
          </>
        ) : (
          <p>Reading the report …</p>
        )}
      </div>
      {isComplete && verdict.standing !== "broken" ? <Claims check={check} /> : null}
      {isComplete && verdict.standing !== "broken" ? (
        <Signers signers={findSigners(check, given)} truster={truster} />
      ) : null}
      <VerificationSteps steps={steps} shownCount={shownCount} />
    </div>
  );
}

/** Told only while nothing about them is wrong. */
function Claims({ check: { claims, report } }: { readonly check: CapsCheck }) {
  if (claims === null) return null;
  const { capsuleId, name, version, createdAt, fileCount, contentBytes } = claims;
  return (
    <dl class="caps-facts">
      <dt>Capsule</dt>
      <dd>
        {name} {version} <span class="muted">{capsuleId}</span>
      </dd>
      <dt>Made</dt>
      <dd>
        <time dateTime={new Date(createdAt).toISOString()}>
          {new Date(createdAt).toLocaleString("en-GB")}
        </time>
      </dd>
      <dt>Holds</dt>
      <dd>
        {sayCount(fileCount, "file")}, {sayBytes(contentBytes)}
      </dd>
      <dt>Digest</dt>
      <dd class="caps-facts__digest">
        <code>{report.capsuleDigest}</code>
        {report.capsuleDigest === null ? null : (
          <CopyButton text={report.capsuleDigest} label="Copy the digest" />
        )}
      </dd>
    </dl>
  );
}

function Signers({ signers, truster }: { readonly signers: readonly Signer[]; readonly truster: string }) {
  if (signers.length === 0) return null;
  return (
    <ul class="caps-signers" aria-label="Who signed">
      {signers.map((signer) => (
        <li key={signer.keyId}>
          <code title={signer.keyId}>{signer.fingerprint}</code>
          <span>{signer.name ?? "a key that is not at hand"}</span>
          <Badge tone={SIGNER_TONES[signer.standing]}>{sayStanding(signer, truster)}</Badge>
        </li>
      ))}
    </ul>
  );
}

function sayStanding({ standing, roles, isRetired }: Signer, truster: string): string {
  const retired = isRetired ? ", retired" : "";
  switch (standing) {
    case "trusted":
      return `trusted as ${roles.join(", ")}${retired}`;
    case "known":
      return `known, without a role for ${truster}${retired}`;
    case "unknown":
      return "not checked";
  }
}
