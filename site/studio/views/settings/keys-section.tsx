// Whom the project trusts: keys with their fingerprints and roles, and how they come and go (docs/keys.md).
import { useState } from "preact/hooks";
import type { ProjectKeys } from "../../../../schemas/api/access.ts";
import type { AwaitingSignatures } from "../../../../schemas/api/keys.ts";
import { Badge } from "../../../halo/badge.tsx";
import { Button } from "../../../halo/button.tsx";
import { Digest } from "../../../halo/digest.tsx";
import { Skeleton } from "../../../halo/skeleton.tsx";
import { apiPath, askApi } from "../../data/api-client.ts";
import { useActionBlock, useProject, useReloadOn } from "../../data/project-room.ts";
import { useResource } from "../../data/resource.ts";
import { ProblemNote } from "../../shell/problem-note.tsx";
import { AddKeyForm } from "./add-key-form.tsx";
import { AwaitingDialog } from "./awaiting-dialog.tsx";
import { FreshNote, useFreshBlock } from "./fresh-note.tsx";
import { type KeyAct, KeyDialog } from "./key-dialog.tsx";

export type ProjectKey = ProjectKeys["items"][number];

export function KeysSection() {
  const { projectId } = useProject();
  const keys = useResource(`keys ${projectId}`, (signal) =>
    askApi<ProjectKeys>(apiPath`/api/projects/${projectId}/keys`, { signal }),
  );
  useReloadOn(["trust.changed", "key.rotated", "key.revoked"], keys.reload);
  const [awaiting, setAwaiting] = useState<AwaitingSignatures | null>(null);
  const record = keys.value;
  return (
    <>
      <p class="muted">
        What a capsule, an evidence or a deploy says counts when one of these keys signed it
        {record === undefined ? "" : `; the trust record is at revision ${record.revision}`}.
      </p>
      <FreshNote />
      <ProblemNote error={keys.error} retry={keys.reload} />
      {record === undefined && keys.error === undefined ? (
        <Skeleton label="Loading the keys" shape="row" />
      ) : null}
      <ul class="settings__rows" aria-label="Keys">
        {record?.items.map((key) => (
          <KeyRow key={key.keyId} trusted={key} onAwaiting={setAwaiting} />
        ))}
      </ul>
      <h2>Trust another key</h2>
      <AddKeyForm onAwaiting={setAwaiting} />
      {awaiting === null ? null : <AwaitingDialog awaiting={awaiting} onClose={() => setAwaiting(null)} />}
    </>
  );
}

type KeyRowProps = {
  readonly trusted: ProjectKey;
  readonly onAwaiting: (awaiting: AwaitingSignatures) => void;
};

function KeyRow({ trusted, onAwaiting }: KeyRowProps) {
  const { name, keyId, fingerprint, roles, state, isInVault, isPlatformKey, isLogKey } = trusted;
  const roleBlock = useActionBlock("keys:write");
  const freshBlock = useFreshBlock();
  const [act, setAct] = useState<KeyAct | null>(null);
  const block = roleBlock ?? freshBlock;
  const retired = state === undefined ? null : `It was ${state.kind} already.`;
  const isOwn = isPlatformKey || isLogKey;
  const own = isOwn ? "The platform signs with it for this project: rotate it first." : null;
  return (
    <li class="settings__row">
      <div class="settings__row-main">
        <p>
          <strong>{name}</strong> <code>{fingerprint}</code>
        </p>
        <p class="settings__badges">
          {roles.map((role) => (
            <Badge key={role} tone="info">
              {role}
            </Badge>
          ))}
          <Badge>{isInVault ? "in the vault" : "outside"}</Badge>
          {isPlatformKey ? <Badge>signs for the project</Badge> : null}
          {isLogKey ? <Badge>signs receipts</Badge> : null}
          {state === undefined ? null : (
            <Badge tone="bad">
              {state.kind} {new Date(state.at).toLocaleDateString()}
            </Badge>
          )}
        </p>
        <Digest value={keyId} of={`the key ${name}`} />
      </div>
      <Button
        size="small"
        icon="retry"
        disabledReason={block ?? retired}
        aria-label={`Rotate ${name}`}
        onClick={() => setAct("rotate")}
      >
        Rotate
      </Button>
      <Button
        size="small"
        icon="close"
        disabledReason={block ?? retired ?? own}
        aria-label={`Revoke ${name}`}
        onClick={() => setAct("revoke")}
      >
        Revoke
      </Button>
      <Button
        size="small"
        kind="quiet"
        icon="trash"
        disabledReason={block ?? own}
        aria-label={`Trust no more: ${name}`}
        onClick={() => setAct("remove")}
      >
        Trust no more
      </Button>
      {act === null ? null : (
        <KeyDialog act={act} trusted={trusted} onAwaiting={onAwaiting} onClose={() => setAct(null)} />
      )}
    </li>
  );
}
