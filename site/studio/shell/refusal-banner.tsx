// Above the view when the platform has ended the watching for good: what it means, and where to go on. What is shown stays,
// for what somebody was typing is theirs.
import { ButtonLink } from "../../halo/button.tsx";
import { Icon } from "../../halo/icon.tsx";
import { openRoom } from "../data/project-room.ts";
import { signInUrl } from "../data/sign-in.ts";
import { routes } from "../routes.ts";
import "./refusal-banner.css";

/** Nothing while the project can be watched. */
export function RefusalBanner() {
  const state = openRoom.value?.timeline.state.value;
  if (state?.kind !== "refused") return null;
  const isSignedOut = state.code === 4401;
  return (
    <div class="refusal" role="alert">
      <Icon name="alert" />
      <p>
        {isSignedOut
          ? "You are signed out. What you see is how it was."
          : "You may no longer see this project. What you see is how it was; an owner or an admin can change that."}
      </p>
      {isSignedOut ? (
        <ButtonLink size="small" kind="primary" href={signInUrl()}>
          Sign in again
        </ButtonLink>
      ) : (
        <ButtonLink size="small" href={routes.projects()}>
          All projects
        </ButtonLink>
      )}
    </div>
  );
}
