// A signed statement laid open: who signed it and whether that is so, about what, when, and all of it to copy. Signatures are
// checked here, in the browser, under the keys that the project lists.
import { fromBase64 } from "../../../../core/capsule/bytes.ts";
import { decodeEnvelope, readStatement, verifyEnvelope } from "../../../../core/signing/dsse.ts";
import { fingerprintOf } from "../../../../core/signing/fingerprint.ts";
import type { Envelope, Statement } from "../../../../schemas/statement.ts";
import { Badge } from "../../../halo/badge.tsx";
import { CodeBlock } from "../../../halo/code-block.tsx";
import { Digest } from "../../../halo/digest.tsx";
import { useResource } from "../../data/resource.ts";
import { ProblemNote } from "../../shell/problem-note.tsx";
import type { ProjectKeys } from "../mesh/project-trust.ts";
import type { StoredEnvelope } from "./find-statement.ts";
import { describePredicate } from "./node-words.ts";

type StatementDetailsProps = { readonly stored: StoredEnvelope; readonly keys: ProjectKeys };

type Opened = {
  readonly statement: Statement;
  /** By key id, whether the signature is valid; null under a key that is not known here. */
  readonly validity: ReadonlyMap<string, boolean | null>;
};

export function StatementDetails({ stored, keys }: StatementDetailsProps) {
  const { envelopeSha256, predicateType, createdAt, envelope } = stored;
  const opened = useResource(`statement ${envelopeSha256}`, () => openEnvelope(envelope, keys));
  const received = new Date(createdAt);
  return (
    <section class="statement" aria-label={describePredicate(predicateType)}>
      <h3>{describePredicate(predicateType)}</h3>
      <ProblemNote error={opened.error} />
      <dl class="statement__facts">
        <dt>Predicate</dt>
        <dd>
          <code>{predicateType}</code>
        </dd>
        <dt>Received</dt>
        <dd>
          <time dateTime={received.toISOString()}>{received.toLocaleString()}</time>
        </dd>
        <dt>Envelope</dt>
        <dd>
          <Digest value={envelopeSha256} of="the envelope" />
        </dd>
        {opened.value === undefined ? null : <Subject statement={opened.value.statement} />}
      </dl>
      <ul class="statement__signers" aria-label="Signatures">
        {envelope.signatures.map(({ keyid }) => (
          <Signer key={keyid} keyId={keyid} keys={keys} isValid={opened.value?.validity.get(keyid)} />
        ))}
      </ul>
      {opened.value === undefined ? null : (
        <CodeBlock
          code={JSON.stringify(opened.value.statement, null, 2)}
          path="statement.json"
          language="json"
          isWrapped
        />
      )}
      <details>
        <summary>The envelope as it is stored (DSSE)</summary>
        <CodeBlock code={JSON.stringify(envelope, null, 2)} path="envelope.json" language="json" isWrapped />
      </details>
    </section>
  );
}

function Subject({ statement }: { readonly statement: Statement }) {
  const [{ name, digest }] = statement.subject;
  return (
    <>
      <dt>About</dt>
      <dd>
        {name} <Digest value={digest.sha256} of="the subject" />
      </dd>
    </>
  );
}

type SignerProps = {
  readonly keyId: string;
  readonly keys: ProjectKeys;
  /** Undefined while it is being checked. */
  readonly isValid: boolean | null | undefined;
};

function Signer({ keyId, keys, isValid }: SignerProps) {
  const known = keys.items.find((key) => key.keyId === keyId);
  return (
    <li>
      <code title={keyId}>{fingerprintOf(keyId)}</code>
      <span>{known?.name ?? "a key that this project does not list"}</span>
      {isValid === undefined ? null : isValid === null ? (
        <Badge tone="warn">cannot be checked here</Badge>
      ) : isValid ? (
        <Badge tone="good" icon="check">
          valid signature
        </Badge>
      ) : (
        <Badge tone="bad" icon="alert">
          not valid
        </Badge>
      )}
      {known === undefined || known.roles.length === 0 ? null : (
        <span class="muted">{known.roles.join(", ")}</span>
      )}
      {known?.state === undefined ? null : <Badge tone="warn">{known.state.kind}</Badge>}
    </li>
  );
}

async function openEnvelope(envelope: Envelope, keys: ProjectKeys): Promise<Opened> {
  const decoded = decodeEnvelope(envelope);
  if (!decoded.ok) throw new Error(`The envelope cannot be read: ${decoded.reason.message}.`);
  const statement = readStatement(decoded.value);
  if (!statement.ok) throw new Error(`The statement cannot be read: ${statement.reason.message}.`);
  const validity = new Map<string, boolean | null>();
  for (const signature of decoded.value.signatures) {
    const known = keys.items.find(({ keyId }) => keyId === signature.keyId);
    const publicKey = known === undefined ? null : fromBase64(known.publicKey);
    if (publicKey === null) {
      validity.set(signature.keyId, null);
      continue;
    }
    // One at a time: what is wrong with one says nothing of the others.
    const alone = { ...decoded.value, signatures: [signature] };
    const verified = await verifyEnvelope(alone, [{ keyId: signature.keyId, publicKey }]);
    validity.set(signature.keyId, verified.ok);
  }
  return { statement: statement.value, validity };
}
