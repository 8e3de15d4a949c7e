/** @jsxImportSource hono/jsx */
// How /account/keys looks.
import type { Context } from "hono";
import { readOwnerKeys } from "../../../adapters/database/owner-keys.ts";
import { fingerprintOf } from "../../../core/signing/fingerprint.ts";
import type { AwaitingSignatures } from "../../../schemas/api/keys.ts";
import { type Key, listKeys } from "../../api/list-keys.ts";
import { Notice } from "./form-parts.tsx";
import {
  type FilledForm,
  KEYS_PATH,
  MakeForm,
  RegisterForm,
  RevokeForm,
  RotateForm,
  SignCommands,
} from "./key-forms.tsx";
import { Page } from "./layout.tsx";
import { formatMoment } from "./moment.ts";
import { type PageEnv, showPage } from "./page-app.ts";

const TAG_CLASSES = { "in use": "tag", rotated: "tag past", revoked: "tag over" } as const;

/** The page, with what was wrong with the last form when something was. */
export async function showKeys(
  context: Context<PageEnv>,
  { refusal, ...filled }: FilledForm & { readonly refusal?: string },
  status: 200 | 400 | 403 | 404 | 409 | 422 = 200,
): Promise<Response> {
  const actor = context.get("actor");
  const mayRead = actor.permissions.has("keys:read");
  const mayWrite = actor.permissions.has("keys:write");
  const [keys, owners] = mayRead
    ? await Promise.all([listKeys(context, actor), readOwnerKeys(context.env.DB, actor)])
    : [[], { threshold: 0, keys: [] }];
  const ownerKeyIds = new Set(owners.keys.map(({ keyId }) => keyId));
  return await showPage(
    context,
    <Page title="Signing keys" visitor={context.get("visitor")} accountPath={KEYS_PATH}>
      {refusal === undefined ? null : <Notice kind="bad">{refusal}</Notice>}
      {owners.threshold === 0 ? null : <OwnersNotice count={owners.threshold} />}
      <div class="panel">
        {keys.length > 0 ? (
          <ul class="rows">
            {keys.map((key) => (
              <KeyRow
                row={key}
                isOwnersKey={ownerKeyIds.has(key.keyId)}
                mayWrite={mayWrite}
                filled={filled}
              />
            ))}
          </ul>
        ) : (
          <p>
            {mayRead
              ? "This organization has no key of its own yet. Each project has those that the platform signs with."
              : `Your role here is ${actor.role}: it does not see the organization's keys.`}
          </p>
        )}
      </div>
      {mayWrite ? (
        <>
          <RegisterForm filled={filled} />
          <MakeForm filled={filled} />
        </>
      ) : null}
    </Page>,
    status,
  );
}

type Awaited = {
  readonly keyId: string;
  readonly reason: string;
  readonly needs: AwaitingSignatures["needs"];
};

/** Nothing has changed: who must sign, and the commands with which they do. */
export function showAwaiting(
  context: Context<PageEnv>,
  { keyId, reason, needs: { oldKeyId, owners } }: Awaited,
): Promise<Response> {
  const signers = [
    ...(oldKeyId === null ? [] : ["the old key"]),
    ...(owners.count === 0 ? [] : [`${owners.count} of the owners' keys`]),
  ];
  const keyIds = [...(oldKeyId === null ? [] : [oldKeyId]), ...owners.keyIds];
  return showPage(
    context,
    <Page title="Others sign first" visitor={context.get("visitor")} accountPath={KEYS_PATH}>
      <Notice>Nothing has changed yet: {signers.join(" and ")} must sign this rotation.</Notice>
      <div class="panel">
        <p>
          A private key does not come into a browser, so this goes on at the command line. Each signer takes
          the file to their own machine and adds a signature; the last command rotates{" "}
          <code class="fingerprint">{fingerprintOf(keyId)}</code>.
        </p>
        <SignCommands keyId={keyId} reason={reason} />
      </div>
      <div class="panel aside">
        <p>Keys whose signatures count:</p>
        <ul>
          {keyIds.map((signer) => (
            <li class="whole">
              <code class="fingerprint">{fingerprintOf(signer)}</code> {signer}
            </li>
          ))}
        </ul>
        <p>
          <a href={KEYS_PATH}>All keys</a>
        </p>
      </div>
    </Page>,
    202,
  );
}

function OwnersNotice({ count }: { readonly count: number }) {
  return (
    <Notice>
      This organization asks for {count} of its owners' keys before trust is widened. Rotating a key needs
      their signatures; revoking one does not.
    </Notice>
  );
}

type KeyRowProps = {
  readonly row: Key;
  readonly isOwnersKey: boolean;
  readonly mayWrite: boolean;
  readonly filled: FilledForm;
};

function KeyRow({ row, isOwnersKey, mayWrite, filled }: KeyRowProps) {
  const { keyId, fingerprint, name, isInVault, createdAt, state } = row;
  return (
    <li>
      <div>
        <p>
          {name} <code class="fingerprint">{fingerprint}</code>{" "}
          <span class={TAG_CLASSES[state?.kind ?? "in use"]}>{state?.kind ?? "in use"}</span>{" "}
          {isOwnersKey ? <span class="tag">of the owners</span> : null}
        </p>
        <p class="muted">
          {isInVault ? "Made in the vault" : "Registered"} {formatMoment(createdAt)}.
        </p>
        {state === undefined ? null : <EndOfKey state={state} />}
        <p class="muted whole">{keyId}</p>
      </div>
      {mayWrite && state === undefined && !isOwnersKey ? <RotateForm row={row} filled={filled} /> : null}
      {mayWrite ? <RevokeForm row={row} filled={filled} /> : null}
    </li>
  );
}

function EndOfKey({ state }: { readonly state: NonNullable<Key["state"]> }) {
  const { kind, at, reason, compromisedSince, successorKeyId } = state;
  return (
    <p class="muted">
      {kind === "rotated" ? "Rotated" : "Revoked"} {formatMoment(at)}: “{reason}”.
      {compromisedSince === undefined ? null : ` It may have leaked since ${formatMoment(compromisedSince)}.`}
      {successorKeyId === null ? null : (
        <>
          {" "}
          Its successor is <code class="fingerprint">{fingerprintOf(successorKeyId)}</code>.
        </>
      )}
    </p>
  );
}
