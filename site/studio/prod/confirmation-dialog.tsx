// A prod action said again in full, and a person's answer. Confirming asks for a sign-in of the last 15 minutes; the way
// there leads back to this very dialog.
import { useEffect, useRef, useState } from "preact/hooks";
import type { ConfirmationFacts, Decided } from "../../../schemas/api/deploys.ts";
import type { RestatedRelease } from "../../../schemas/restatement.ts";
import { Button, ButtonLink } from "../../halo/button.tsx";
import { CopyButton } from "../../halo/copy-button.tsx";
import { Dialog } from "../../halo/dialog.tsx";
import { Skeleton } from "../../halo/skeleton.tsx";
import { useAction } from "../data/action.ts";
import { apiPath, askApi } from "../data/api-client.ts";
import { useIsFresh } from "../data/fresh-sign-in.ts";
import { useActorName } from "../data/people.ts";
import { usePerson, whyNotAllowed } from "../data/person.ts";
import { ApiProblem } from "../data/problem.ts";
import { useReloadOn } from "../data/project-room.ts";
import { useResource } from "../data/resource.ts";
import { confirmSignInUrl } from "../data/sign-in.ts";
import { ProblemNote } from "../shell/problem-note.tsx";
import { SimulateLink } from "../shell/simulate-link.tsx";
import { sayTimeLeft } from "./restatement-sections.ts";
import { RestatementText } from "./restatement-text.tsx";

const TICK_MS = 1_000;
/** Not there, and void (API.md, confirmations). */
const OVER_STATUSES: ReadonlySet<number> = new Set([404, 409]);

type ConfirmationDialogProps = {
  readonly confirmationId: string;
  readonly onClose: () => void;
  readonly onDecided: (answer: Decided) => void;
};

export function ConfirmationDialog({ confirmationId, onClose, onDecided }: ConfirmationDialogProps) {
  const found = useResource(`confirmation ${confirmationId}`, (signal) =>
    askApi<ConfirmationFacts>(apiPath`/api/confirmations/${confirmationId}`, { signal }),
  );
  // Somebody else may have answered meanwhile; one's own answer tells by itself what came of it.
  const isAnswering = useRef(false);
  useReloadOn(["confirmation.confirmed", "confirmation.refused", "confirmation.voided"], () => {
    if (!isAnswering.current) found.reload();
  });
  const isGone = found.error instanceof ApiProblem && found.error.status === 404;
  if (isGone) return <Gone onClose={onClose} />;
  if (found.value === undefined) {
    return (
      <Dialog isOpen isWide onClose={onClose} title="A person must confirm this">
        {found.error === undefined ? <Skeleton label="Reading what would be done" count={6} /> : null}
        <ProblemNote error={found.error} retry={found.reload} />
      </Dialog>
    );
  }
  return (
    <Restated
      confirmation={found.value}
      onClose={onClose}
      onAnswer={() => {
        isAnswering.current = true;
      }}
      onDecided={onDecided}
    />
  );
}

type RestatedProps = Omit<ConfirmationDialogProps, "confirmationId"> & {
  readonly confirmation: ConfirmationFacts;
  readonly onAnswer: () => void;
};

function Restated({ confirmation, onClose, onAnswer, onDecided }: RestatedProps) {
  const { confirmationId, restatement, expiresAt } = confirmation;
  const nameActor = useActorName();
  const person = usePerson();
  const timeLeft = useTimeLeft(expiresAt);
  const action = useAction();
  const { release } = restatement;
  const isRefused = release !== null && !release.gate.isAllowed;
  const roleBlock = whyNotAllowed(person, "deploys:confirm");
  // Void, or answered by somebody else just now: it cannot be answered any more.
  const isOver = action.error instanceof ApiProblem && OVER_STATUSES.has(action.error.status);
  const decide = (decision: "confirm" | "refuse") =>
    action.run(async () => {
      onAnswer();
      const path = apiPath`/api/confirmations/${confirmationId}`;
      onDecided(await askApi<Decided>(path, { method: "POST", json: { decision } }));
    });
  const actions = isOver ? (
    <Button kind="primary" onClick={onClose}>
      Close, and ask again
    </Button>
  ) : (
    <>
      <Button
        kind="danger"
        isBusy={action.isBusy}
        isDisabled={timeLeft === null}
        onClick={() => void decide("refuse")}
      >
        Refuse
      </Button>
      {timeLeft === null || isRefused || roleBlock !== null ? null : (
        <ConfirmButton isBusy={action.isBusy} onConfirm={() => void decide("confirm")} />
      )}
    </>
  );
  return (
    <Dialog isOpen isWide onClose={onClose} title="A person must confirm this" actions={actions}>
      <p class="restated__lead">{restatement.sentence}</p>
      <p class="restated__time">
        {timeLeft === null ? "The ten minutes are over: ask for it again." : `${timeLeft} left to answer.`}
      </p>
      {isRefused ? <GateRefusal env={restatement.env} release={release} /> : null}
      {roleBlock === null ? null : (
        <p class="note note--warn">
          {roleBlock} You may refuse it, or send this page to somebody who may confirm:{" "}
          <CopyButton text={location.href} label="Copy the link to this question" hasWord />
        </p>
      )}
      <ProblemNote error={action.error} />
      <RestatementText restatement={restatement} asker={nameActor(restatement.requestedBy.actor)} />
    </Dialog>
  );
}

/** Confirms, or leads to the password first and back here. */
function ConfirmButton({ isBusy, onConfirm }: { readonly isBusy: boolean; readonly onConfirm: () => void }) {
  const isFresh = useIsFresh();
  if (!isFresh) {
    return (
      <ButtonLink kind="primary" href={confirmSignInUrl()} icon="key">
        Give your password once more, then confirm
      </ButtonLink>
    );
  }
  return (
    <Button kind="primary" isBusy={isBusy} onClick={onConfirm} icon="check">
      Confirm: do it now
    </Button>
  );
}

type GateRefusalProps = { readonly env: string; readonly release: RestatedRelease };

function GateRefusal({ env, release }: GateRefusalProps) {
  return (
    <div class="note note--bad">
      <p>The gate refuses it: {release.gate.message}</p>
      <SimulateLink capsuleDigest={release.capsuleDigest} env={env} />
    </div>
  );
}

function Gone({ onClose }: { readonly onClose: () => void }) {
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title="Nothing waits here"
      actions={
        <Button kind="primary" onClick={onClose}>
          Close
        </Button>
      }
    >
      <p>
        It was answered, has expired, or became void because something that it covered moved. Ask again for
        what is still wanted; it is then restated anew.
      </p>
    </Dialog>
  );
}

function useTimeLeft(expiresAt: number): string | null {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), TICK_MS);
    return () => clearInterval(timer);
  }, []);
  return sayTimeLeft(expiresAt, now);
}
