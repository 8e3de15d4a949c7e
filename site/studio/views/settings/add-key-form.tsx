// Another key to trust: registered from outside, or made in the vault, whose private half never leaves it.
import { useState } from "preact/hooks";
import type { AwaitingSignatures } from "../../../../schemas/api/keys.ts";
import { type Role, roleSchema } from "../../../../schemas/trust.ts";
import { Button } from "../../../halo/button.tsx";
import { SegmentedControl } from "../../../halo/segmented-control.tsx";
import { showToast } from "../../../halo/toasts.ts";
import { askApi } from "../../data/api-client.ts";
import { ApiProblem } from "../../data/problem.ts";
import { useActionBlock, useProject } from "../../data/project-room.ts";
import { CheckField } from "../../forms/check-field.tsx";
import { InputField, LinesField } from "../../forms/input-field.tsx";
import { useProdAction } from "../../prod/prod-action.ts";
import { ProblemNote } from "../../shell/problem-note.tsx";
import { useFreshBlock } from "./fresh-note.tsx";

const ROLES = roleSchema.options;

type AddKeyFormProps = { readonly onAwaiting: (awaiting: AwaitingSignatures) => void };

export function AddKeyForm({ onAwaiting }: AddKeyFormProps) {
  const { projectId } = useProject();
  const roleBlock = useActionBlock("keys:write");
  const freshBlock = useFreshBlock();
  const action = useProdAction();
  const [origin, setOrigin] = useState<"register" | "make">("register");
  const [name, setName] = useState("");
  const [publicKey, setPublicKey] = useState("");
  const [roles, setRoles] = useState<readonly Role[]>(["builder"]);
  const add = () =>
    action.run(async () => {
      const source = origin === "make" ? { make: true } : { publicKey: publicKey.trim() };
      const json = { name: name.trim(), projectId, roles, ...source };
      const answer = await askApi<AwaitingSignatures | { readonly fingerprint: string }>("/api/keys", {
        method: "POST",
        json,
      });
      if ("status" in answer) onAwaiting(answer);
      else showToast({ message: `${name.trim()} (${answer.fingerprint}) is trusted.`, tone: "good" });
      setName("");
      setPublicKey("");
    });
  const toggle = (role: Role): void =>
    setRoles(ROLES.filter((one) => (one === role ? !roles.includes(one) : roles.includes(one))));
  const keyError = action.error instanceof ApiProblem ? action.error.fieldMessage("publicKey") : undefined;
  return (
    <form
      class="form"
      onSubmit={(event) => {
        event.preventDefault();
        void add();
      }}
    >
      <SegmentedControl<"register" | "make">
        label="Where it comes from"
        value={origin}
        segments={[
          { value: "register", label: "Register a public key" },
          { value: "make", label: "Make it in the vault" },
        ]}
        onChange={setOrigin}
      />
      <InputField label="Name of the key" required maxLength={100} value={name} onInput={setName} />
      {origin === "make" ? null : (
        <LinesField
          label="Public key"
          required
          value={publicKey}
          error={keyError}
          hint={
            <>
              PEM, or base64 of the 32 bytes; <code>oursynth capsule keygen</code> writes both halves. The
              private half stays with you.
            </>
          }
          onInput={setPublicKey}
        />
      )}
      <fieldset class="settings__scopes">
        <legend>Roles</legend>
        {ROLES.map((role) => (
          <CheckField key={role} label={role} checked={roles.includes(role)} onChange={() => toggle(role)} />
        ))}
      </fieldset>
      {keyError === undefined ? <ProblemNote error={action.error} /> : null}
      <div class="form__actions">
        <Button
          type="submit"
          kind="primary"
          icon="key"
          isBusy={action.isBusy}
          disabledReason={
            roleBlock ?? freshBlock ?? (roles.length === 0 ? "Choose at least one role." : null)
          }
        >
          {origin === "make" ? "Make and trust it" : "Trust it"}
        </Button>
      </div>
    </form>
  );
}
