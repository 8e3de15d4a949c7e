// Said where changes ask for a sign-in of the last 15 minutes and this one is older: the way there, and back.
import { ButtonLink } from "../../../halo/button.tsx";
import { useIsFresh } from "../../data/fresh-sign-in.ts";
import { confirmSignInUrl } from "../../data/sign-in.ts";

/** For a button's disabledReason; null when the sign-in is fresh. */
export function useFreshBlock(): string | null {
  return useIsFresh() ? null : "This needs a sign-in of the last 15 minutes; give your password once more.";
}

export function FreshNote() {
  const isFresh = useIsFresh();
  if (isFresh) return null;
  return (
    <div class="note note--warn settings__fresh">
      <p>
        Changes here ask for a sign-in of the last 15 minutes, and yours is older. You come back to this page.
      </p>
      <ButtonLink size="small" icon="key" href={confirmSignInUrl()}>
        Give your password once more
      </ButtonLink>
    </div>
  );
}
