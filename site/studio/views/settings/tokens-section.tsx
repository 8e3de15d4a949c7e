// Tokens: for programs. A new one is shown once; what is listed is what it may do, never the token.
import { useState } from "preact/hooks";
import type { CreatedToken, TokenFacts } from "../../../../schemas/api/access.ts";
import { Badge } from "../../../halo/badge.tsx";
import { Button } from "../../../halo/button.tsx";
import { EmptyState } from "../../../halo/empty-state.tsx";
import { RelativeTime } from "../../../halo/relative-time.tsx";
import { Skeleton } from "../../../halo/skeleton.tsx";
import { useAction } from "../../data/action.ts";
import { apiPath, askApi } from "../../data/api-client.ts";
import { usePerson, whyNotAllowed } from "../../data/person.ts";
import { useProject } from "../../data/project-room.ts";
import { useResource } from "../../data/resource.ts";
import { ProblemNote } from "../../shell/problem-note.tsx";
import { AskOnceMore } from "./ask-once-more.tsx";
import { FreshNote } from "./fresh-note.tsx";
import { NewTokenForm } from "./new-token-form.tsx";
import { TokenShownOnce } from "./token-shown-once.tsx";

export function TokensSection() {
  const person = usePerson();
  // Whoever manages members sees and revokes everybody's.
  const holders = person.scopes.includes("members:write") ? "all" : "mine";
  const tokens = useResource(`tokens ${holders}`, async (signal) => {
    const query = { of: holders };
    return (await askApi<{ readonly items: readonly TokenFacts[] }>("/api/tokens", { query, signal })).items;
  });
  const [made, setMade] = useState<CreatedToken | null>(null);
  const list = tokens.value;
  return (
    <>
      <p class="muted">
        A token lets a program do what its scopes and its owner's role allow, both. It never confirms
        anything.
      </p>
      <FreshNote />
      <ProblemNote error={tokens.error} retry={tokens.reload} />
      {list === undefined && tokens.error === undefined ? (
        <Skeleton label="Loading the tokens" shape="row" />
      ) : null}
      {list?.length === 0 ? (
        <EmptyState icon="key" headingLevel={2} title="No program has a token here">
          <p>
            Make one for CI; the command line signs in by itself with <code>oursynth login</code>.
          </p>
        </EmptyState>
      ) : null}
      <ul class="settings__rows" aria-label="Tokens">
        {list?.map((token) => (
          <TokenRow key={token.tokenId} token={token} onRevoked={tokens.reload} />
        ))}
      </ul>
      <h2>Make a token</h2>
      <NewTokenForm
        block={whyNotAllowed(person, "tokens:write")}
        onMade={(token) => {
          setMade(token);
          tokens.reload();
        }}
      />
      {made === null ? null : <TokenShownOnce token={made} onClose={() => setMade(null)} />}
    </>
  );
}

function TokenRow({ token, onRevoked }: { readonly token: TokenFacts; readonly onRevoked: () => void }) {
  const person = usePerson();
  const action = useAction();
  const [isAsking, setIsAsking] = useState(false);
  const { tokenId, start, createdAt, expiresAt, lastUsedAt, owner, scopes } = token;
  const name = token.name ?? "A token";
  const isOver = expiresAt !== null && expiresAt <= Date.now();
  const revoke = () =>
    action.run(async () => {
      await askApi<null>(apiPath`/api/tokens/${tokenId}`, { method: "DELETE" });
      onRevoked();
    });
  return (
    <li class="settings__row">
      <div class="settings__row-main">
        <p>
          <strong>{name}</strong> <code>{start}…</code>{" "}
          {owner.userId === person.user.id ? null : <Badge>of {owner.name}</Badge>}{" "}
          {isOver ? <Badge tone="warn">over</Badge> : null}
        </p>
        <p class="muted">
          For <TokenPlace projectId={token.projectId} />, made <RelativeTime ts={createdAt} />,{" "}
          {lastUsedAt === null ? "never used" : <LastUsed ts={lastUsedAt} />},{" "}
          {expiresAt === null ? "does not end by itself" : `ends ${new Date(expiresAt).toLocaleDateString()}`}
          .
        </p>
        <details>
          <summary>{scopes.length} scopes</summary>
          <p>{scopes.join(", ")}</p>
        </details>
      </div>
      <Button
        size="small"
        icon="trash"
        disabledReason={whyNotAllowed(person, "tokens:write")}
        aria-label={`Revoke ${name}`}
        onClick={() => setIsAsking(true)}
      >
        Revoke
      </Button>
      {isAsking ? (
        <AskOnceMore
          title={`Revoke ${name}?`}
          verb="Revoke"
          action={action}
          onConfirm={() => void revoke()}
          onClose={() => setIsAsking(false)}
        >
          <p>Programs that use it are refused from the next request on. It cannot be brought back.</p>
        </AskOnceMore>
      ) : null}
    </li>
  );
}

function LastUsed({ ts }: { readonly ts: number }) {
  return (
    <>
      last used <RelativeTime ts={ts} />
    </>
  );
}

function TokenPlace({ projectId }: { readonly projectId: string | null }) {
  const project = useProject();
  if (projectId === null) return <>all projects</>;
  return <>{projectId === project.projectId ? "this project" : `the project ${projectId}`}</>;
}
