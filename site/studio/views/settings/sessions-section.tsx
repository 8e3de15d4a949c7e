// Where one is signed in, and how that ends.

import { describeBrowser } from "../../../../core/sessions/describe-browser.ts";
import type { SessionAnswer } from "../../../../schemas/api/sessions.ts";
import { Badge } from "../../../halo/badge.tsx";
import { Button } from "../../../halo/button.tsx";
import { RelativeTime } from "../../../halo/relative-time.tsx";
import { Skeleton } from "../../../halo/skeleton.tsx";
import { showToast } from "../../../halo/toasts.ts";
import { useAction } from "../../data/action.ts";
import { apiPath, askApi } from "../../data/api-client.ts";
import { useResource } from "../../data/resource.ts";
import { ProblemNote } from "../../shell/problem-note.tsx";

const MAX_AGENT_CHARACTERS = 120;

export function SessionsSection() {
  const sessions = useResource("sessions", async (signal) => {
    const { items } = await askApi<{ readonly items: readonly SessionAnswer[] }>("/api/sessions", { signal });
    return items;
  });
  const action = useAction();
  const list = sessions.value ?? [];
  const others = list.filter(({ isCurrent }) => !isCurrent);
  const end = (ended: readonly SessionAnswer[]) =>
    action.run(async () => {
      for (const { sessionId } of ended) {
        await askApi<null>(apiPath`/api/sessions/${sessionId}`, { method: "DELETE" });
      }
      showToast({
        message: ended.length === 1 ? "Signed out there." : `Signed out of ${ended.length} others.`,
      });
      sessions.reload();
    });
  return (
    <>
      <p class="muted">These are yours alone, in whatever project you are. Signing out holds at once.</p>
      <ProblemNote error={sessions.error} retry={sessions.reload} />
      <ProblemNote error={action.error} />
      {sessions.value === undefined && sessions.error === undefined ? (
        <Skeleton label="Loading your sessions" shape="row" />
      ) : null}
      <ul class="settings__rows" aria-label="Your sessions">
        {list.map((session) => (
          <li key={session.sessionId} class="settings__row">
            <SessionFacts session={session} />
            {session.isCurrent ? null : (
              <Button
                size="small"
                isBusy={action.isBusy}
                aria-label={`Sign out ${nameSession(session)}`}
                onClick={() => void end([session])}
              >
                Sign out
              </Button>
            )}
          </li>
        ))}
      </ul>
      <div class="form__actions">
        <Button
          kind="danger"
          isBusy={action.isBusy}
          disabledReason={others.length === 0 ? "You are signed in here alone." : null}
          onClick={() => void end(others)}
        >
          Sign out all others
        </Button>
        <a href="/account">Your account</a>
      </div>
    </>
  );
}

function SessionFacts({ session }: { readonly session: SessionAnswer }) {
  const { ipAddress, createdAt, lastUsedAt, isCurrent } = session;
  return (
    <div class="settings__row-main">
      <p>
        <strong>{nameSession(session)}</strong> {isCurrent ? <Badge tone="info">here</Badge> : null}
      </p>
      <p class="muted">
        {ipAddress === null || ipAddress === "" ? null : `From ${ipAddress}. `}
        Since <RelativeTime ts={createdAt} />, last seen <RelativeTime ts={lastUsedAt} />.
      </p>
    </div>
  );
}

function nameSession({ kind, userAgent }: SessionAnswer): string {
  return kind === "device"
    ? "Command line"
    : describeBrowser((userAgent ?? "").slice(0, MAX_AGENT_CHARACTERS));
}
