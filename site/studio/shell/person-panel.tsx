// Who is signed in, for which organization, and the way out.
import { usePerson } from "../data/person.ts";

export function PersonPanel() {
  const { user, organization, role } = usePerson();
  return (
    <div class="person">
      <p>
        <strong>{user.name}</strong>
        <span class="muted">
          {organization.name}, {role}
        </span>
      </p>
      <div class="row">
        <a href="/account">Account</a>
        <form method="post" action="/sign-out">
          <button type="submit" class="plain">
            Sign out
          </button>
        </form>
      </div>
    </div>
  );
}
