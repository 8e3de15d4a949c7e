// Every signed statement about a capsule: what it says, who signed it, and the envelope as it is.

import { fingerprintOf } from "../../../../core/signing/fingerprint.ts";
import type { ProjectKeys } from "../../../../schemas/api/access.ts";
import type { StatementList } from "../../../../schemas/api/capsules.ts";
import { PREDICATE_RECEIPT } from "../../../../schemas/statement.ts";
import { Badge } from "../../../halo/badge.tsx";
import { Card } from "../../../halo/card.tsx";
import { CodeBlock } from "../../../halo/code-block.tsx";
import { CopyButton } from "../../../halo/copy-button.tsx";
import { EmptyState } from "../../../halo/empty-state.tsx";
import { RelativeTime } from "../../../halo/relative-time.tsx";
import { Skeleton } from "../../../halo/skeleton.tsx";
import { apiPath, askApi } from "../../data/api-client.ts";
import { useProject, useReloadOn } from "../../data/project-room.ts";
import { useResource } from "../../data/resource.ts";
import { routes } from "../../routes.ts";
import { ProblemNote } from "../../shell/problem-note.tsx";
import { hasView } from "../../view-ids.ts";
import type { OpenCapsule } from "./capsule-view.tsx";
import { describeStatement } from "./describe-statement.ts";

type KeptStatement = StatementList["items"][number];
type TrustLine = ProjectKeys["items"][number];

export function ProvenanceTab({ capsule: { capsuleDigest } }: { readonly capsule: OpenCapsule }) {
  const { projectId, label } = useProject();
  const statements = useResource(`statements ${capsuleDigest}`, (signal) =>
    askApi<StatementList>(apiPath`/api/capsules/${capsuleDigest}/statements`, {
      query: { projectId },
      signal,
    }),
  );
  const keys = useResource(`trust ${projectId}`, (signal) =>
    askApi<ProjectKeys>(apiPath`/api/projects/${projectId}/keys`, { signal }),
  );
  useReloadOn(["statement.added", "environment.activated"], statements.reload);
  useReloadOn(["trust.changed", "key.rotated", "key.revoked"], keys.reload);
  const items = statements.value?.items ?? [];
  const receipts = items.filter(({ predicateType }) => predicateType === PREDICATE_RECEIPT);
  const others = items.filter(({ predicateType }) => predicateType !== PREDICATE_RECEIPT);
  const trusted = keys.value?.items ?? [];
  return (
    <div class="caps-statements">
      {hasView("trust") ? (
        <p>
          <a href={routes.trust(label, { capsule: capsuleDigest })}>See these as a chain of trust</a>
        </p>
      ) : null}
      <ProblemNote
        error={statements.error ?? keys.error}
        retry={statements.error === undefined ? keys.reload : statements.reload}
      />
      {statements.value === undefined && statements.error === undefined ? (
        <Skeleton label="Loading the statements" shape="card" count={3} />
      ) : null}
      {statements.value !== undefined && items.length === 0 ? (
        <EmptyState icon="key" title="Nobody has signed anything about this capsule" headingLevel={2} />
      ) : null}
      {[...others, ...receipts].map((statement) => (
        <StatementCard key={statement.envelopeSha256} statement={statement} trusted={trusted} all={items} />
      ))}
    </div>
  );
}

type StatementCardProps = {
  readonly statement: KeptStatement;
  readonly trusted: readonly TrustLine[];
  readonly all: readonly KeptStatement[];
};

function StatementCard({ statement, trusted, all }: StatementCardProps) {
  const { predicateType, envelope, envelopeSha256, keyIds, createdAt } = statement;
  const { title, facts, payload } = describeStatement(predicateType, envelope.payload);
  const raw = JSON.stringify(envelope, null, 2);
  return (
    <Card title={title} headingLevel={2} aside={<RelativeTime ts={createdAt} />}>
      <dl class="caps-facts">
        <dt>Signed by</dt>
        <dd>
          <ul class="caps-signers">
            {keyIds.map((keyId) => (
              <SignerLine key={keyId} keyId={keyId} trusted={trusted} />
            ))}
          </ul>
        </dd>
        {facts.map(([name, value]) => (
          <FactRow key={name} name={name} value={sayFact(name, value, all)} />
        ))}
        <dt>Type</dt>
        <dd>
          <code>{predicateType}</code>
        </dd>
        <dt>SHA-256</dt>
        <dd class="caps-facts__digest">
          <code>{envelopeSha256}</code>
          <CopyButton text={envelopeSha256} label="Copy the envelope's SHA-256" />
        </dd>
      </dl>
      <details class="caps-raw">
        <summary>The statement, decoded</summary>
        {payload === null ? (
          <p class="muted">Its payload is no JSON.</p>
        ) : (
          <CodeBlock code={payload} language="json" isWrapped />
        )}
      </details>
      <details class="caps-raw">
        <summary>The DSSE envelope, as it is kept</summary>
        <CodeBlock code={raw} language="json" isWrapped />
      </details>
    </Card>
  );
}

function FactRow({ name, value }: { readonly name: string; readonly value: string }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </>
  );
}

/** A receipt names an envelope by its hash; here it also says which one that is. */
function sayFact(name: string, value: string, all: readonly KeptStatement[]): string {
  const named =
    name === "Vouches for" ? all.find(({ envelopeSha256 }) => envelopeSha256 === value) : undefined;
  if (named === undefined) return value;
  return `${value} (“${describeStatement(named.predicateType, named.envelope.payload).title}”)`;
}

function SignerLine({ keyId, trusted }: { readonly keyId: string; readonly trusted: readonly TrustLine[] }) {
  const key = trusted.find((line) => line.keyId === keyId);
  return (
    <li>
      <code title={keyId}>{fingerprintOf(keyId)}</code>
      <CopyButton text={keyId} label={`Copy the id of the key ${fingerprintOf(keyId)}`} />
      {key === undefined ? (
        <Badge tone="neutral">not in this project's trust</Badge>
      ) : (
        <>
          <span>{key.name}</span>
          <Badge tone={key.state === undefined ? "good" : "warn"}>
            {key.state === undefined ? `trusted as ${key.roles.join(", ")}` : key.state.kind}
          </Badge>
        </>
      )}
    </li>
  );
}
