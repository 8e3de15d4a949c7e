// For who belongs to more than one organization: which of them this sign-in speaks for.
import { useState } from "preact/hooks";
import type { OrganizationAnswer } from "../../../schemas/api/organizations.ts";
import { Button } from "../../halo/button.tsx";
import { apiPath, askApi } from "../data/api-client.ts";
import { askAllPages } from "../data/pages.ts";
import { useResource } from "../data/resource.ts";
import { routes } from "../routes.ts";
import { ProblemNote } from "./problem-note.tsx";

/** Nothing for who belongs to one only, and while the list cannot be had. */
export function OrganizationSwitch() {
  const [error, setError] = useState<unknown>();
  const organizations = useResource("organizations", (signal) =>
    askAllPages<OrganizationAnswer>("/api/organizations", { signal }),
  );
  const others = (organizations.value ?? []).filter(({ isActive }) => !isActive);
  if (others.length === 0) return null;
  const turnTo = async (organizationId: string): Promise<void> => {
    setError(undefined);
    try {
      await askApi(apiPath`/api/organizations/${organizationId}/switch`, { method: "POST" });
      // Everything on the page belongs to the other one.
      location.assign(routes.projects());
    } catch (thrown) {
      setError(thrown);
    }
  };
  return (
    <>
      <ul aria-label="Your other organizations">
        {others.map(({ organizationId, name, role }) => (
          <li key={organizationId}>
            <Button kind="quiet" size="small" icon="users" onClick={() => void turnTo(organizationId)}>
              Turn to {name}, as {role}
            </Button>
          </li>
        ))}
      </ul>
      <ProblemNote error={error} />
    </>
  );
}
