// Who is signed in, for which organization, how the pages look, and the way out.
import { useState } from "preact/hooks";
import { Button, ButtonLink } from "../../halo/button.tsx";
import { Icon } from "../../halo/icon.tsx";
import { usePerson } from "../data/person.ts";
import { LookSwitch } from "./look-switch.tsx";
import { OrganizationSwitch } from "./organization-switch.tsx";
import { isKeyHelpOpen } from "./palette-state.ts";
import "./person-panel.css";

export function PersonPanel() {
  const { user, organization, role } = usePerson();
  const [isOpen, setIsOpen] = useState(false);
  return (
    <details class="person" onToggle={({ currentTarget }) => setIsOpen(currentTarget.open)}>
      <summary>
        <span class="person__mark" aria-hidden="true">
          {initialsOf(user.name)}
        </span>
        <span class="person__name">
          <strong>{user.name}</strong>
          <span class="muted">
            {organization.name}, {role}
          </span>
        </span>
        <Icon name="chevron-down" size="small" />
      </summary>
      <div class="person__more">
        {isOpen ? <OrganizationSwitch /> : null}
        <LookSwitch />
        <Button
          kind="quiet"
          size="small"
          icon="info"
          onClick={() => {
            isKeyHelpOpen.value = true;
          }}
        >
          Keys
        </Button>
        <ButtonLink kind="quiet" size="small" icon="users" href="/account">
          Your account
        </ButtonLink>
        <form method="post" action="/sign-out">
          <Button type="submit" size="small">
            Sign out
          </Button>
        </form>
      </div>
    </details>
  );
}

function initialsOf(name: string): string {
  const words = name.split(/\s+/).filter((word) => word !== "");
  const letters = [words[0], words.length > 1 ? words.at(-1) : undefined];
  return letters.map((word) => [...(word ?? "")][0] ?? "").join("");
}
