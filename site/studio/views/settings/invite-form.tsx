// An invitation: an address and a role, a mail with a link that is good for 7 days and one use.
import { useState } from "preact/hooks";
import type { InvitationAnswer } from "../../../../schemas/api/organizations.ts";
import type { MemberRole } from "../../../../schemas/permissions.ts";
import { Button } from "../../../halo/button.tsx";
import { SelectField } from "../../../halo/select-field.tsx";
import { showToast } from "../../../halo/toasts.ts";
import { useAction } from "../../data/action.ts";
import { apiPath, askApi } from "../../data/api-client.ts";
import { usePerson } from "../../data/person.ts";
import { ApiProblem } from "../../data/problem.ts";
import { InputField } from "../../forms/input-field.tsx";
import { ProblemNote } from "../../shell/problem-note.tsx";
import { useFreshBlock } from "./fresh-note.tsx";

type InviteFormProps = {
  readonly roles: readonly MemberRole[];
  readonly block: string | null;
  readonly onInvited: () => void;
};

export function InviteForm({ roles, block, onInvited }: InviteFormProps) {
  const { organization } = usePerson();
  const action = useAction();
  const freshBlock = useFreshBlock();
  const [email, setEmail] = useState("");
  const [role, setRole] = useState<string>(roles.includes("creator") ? "creator" : (roles[0] ?? "viewer"));
  if (block !== null) return <p class="muted">{block}</p>;
  const invite = () =>
    action.run(async () => {
      const path = apiPath`/api/organizations/${organization.id}/invitations`;
      const sent = await askApi<InvitationAnswer>(path, {
        method: "POST",
        json: { email: email.trim(), role },
      });
      showToast({ message: `A mail with a link is on its way to ${sent.email}.`, tone: "good" });
      setEmail("");
      onInvited();
    });
  const fieldError = action.error instanceof ApiProblem ? action.error.fieldMessage("email") : undefined;
  return (
    <form
      class="form"
      onSubmit={(event) => {
        event.preventDefault();
        void invite();
      }}
    >
      <div class="form__row">
        <InputField
          label="E-mail address"
          type="email"
          required
          value={email}
          error={fieldError}
          onInput={setEmail}
        />
        <SelectField
          label="Role"
          value={role}
          options={roles.map((one) => ({ value: one, label: one }))}
          onChange={setRole}
        />
      </div>
      {fieldError === undefined ? <ProblemNote error={action.error} /> : null}
      <div class="form__actions">
        <Button type="submit" kind="primary" icon="plus" isBusy={action.isBusy} disabledReason={freshBlock}>
          Invite
        </Button>
      </div>
    </form>
  );
}
