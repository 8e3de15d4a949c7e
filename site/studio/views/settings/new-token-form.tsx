// What a new token is for: its name, its scopes, its project, its end.
import { useState } from "preact/hooks";
import type { CreatedToken } from "../../../../schemas/api/access.ts";
import { SUGGESTED_TOKEN_DAYS } from "../../../../schemas/organization-limits.ts";
import { PERMISSION_MEANINGS } from "../../../../schemas/permission-meanings.ts";
import { ALL_SCOPES, type Scope } from "../../../../schemas/permissions.ts";
import { Button } from "../../../halo/button.tsx";
import { SelectField } from "../../../halo/select-field.tsx";
import { useAction } from "../../data/action.ts";
import { askApi } from "../../data/api-client.ts";
import { usePerson } from "../../data/person.ts";
import { useProject } from "../../data/project-room.ts";
import { CheckField } from "../../forms/check-field.tsx";
import { InputField } from "../../forms/input-field.tsx";
import { ProblemNote } from "../../shell/problem-note.tsx";
import { useFreshBlock } from "./fresh-note.tsx";

const DAYS = [7, 30, SUGGESTED_TOKEN_DAYS, 365] as const;
const NEVER = "never";
/** What CI needs to push, rehearse and deploy. */
const CI_SCOPES: readonly Scope[] = [
  "projects:read",
  "capsules:read",
  "capsules:write",
  "deploys:read",
  "deploys:write",
  "simulations:read",
  "simulations:write",
];

type NewTokenFormProps = {
  readonly block: string | null;
  readonly onMade: (token: CreatedToken) => void;
};

export function NewTokenForm({ block, onMade }: NewTokenFormProps) {
  const person = usePerson();
  const { projectId, label } = useProject();
  const action = useAction();
  const freshBlock = useFreshBlock();
  const grantable = ALL_SCOPES.filter((scope) => person.scopes.includes(scope));
  const [name, setName] = useState("");
  const [place, setPlace] = useState("this");
  const [days, setDays] = useState<string>(String(SUGGESTED_TOKEN_DAYS));
  const [scopes, setScopes] = useState<ReadonlySet<Scope>>(() => choose(grantable, CI_SCOPES));
  if (block !== null) return <p class="muted">{block}</p>;
  const make = () =>
    action.run(async () => {
      const json = {
        name: name.trim(),
        scopes: [...scopes],
        ...(place === "this" ? { projectId } : {}),
        ...(days === NEVER ? {} : { expiresInDays: Number(days) }),
      };
      const made = await askApi<CreatedToken>("/api/tokens", { method: "POST", json });
      setName("");
      onMade(made);
    });
  return (
    <form
      class="form"
      onSubmit={(event) => {
        event.preventDefault();
        void make();
      }}
    >
      <div class="form__row">
        <InputField
          label="Name"
          required
          maxLength={100}
          value={name}
          hint="What will use it"
          onInput={setName}
        />
        <SelectField
          label="For"
          value={place}
          options={[
            { value: "this", label: `This project, ${label}` },
            { value: "all", label: `All projects of ${person.organization.name}` },
          ]}
          onChange={setPlace}
        />
        <SelectField
          label="Ends"
          value={days}
          options={[
            ...DAYS.map((count) => ({ value: String(count), label: `in ${count} days` })),
            { value: NEVER, label: "not by itself" },
          ]}
          onChange={setDays}
        />
      </div>
      <ScopesField grantable={grantable} scopes={scopes} onChange={setScopes} />
      <ProblemNote error={action.error} />
      <div class="form__actions">
        <Button
          type="submit"
          kind="primary"
          icon="key"
          isBusy={action.isBusy}
          disabledReason={freshBlock ?? (scopes.size === 0 ? "Choose at least one scope." : null)}
        >
          Make the token
        </Button>
      </div>
    </form>
  );
}

type ScopesFieldProps = {
  readonly grantable: readonly Scope[];
  readonly scopes: ReadonlySet<Scope>;
  readonly onChange: (scopes: ReadonlySet<Scope>) => void;
};

/** Only what one's own role allows is offered. */
function ScopesField({ grantable, scopes, onChange }: ScopesFieldProps) {
  const toggle = (scope: Scope): void => {
    const next = new Set(scopes);
    if (!next.delete(scope)) next.add(scope);
    onChange(next);
  };
  const reads = grantable.filter((scope) => scope.endsWith(":read"));
  return (
    <>
      <fieldset class="settings__scopes">
        <legend>Scopes</legend>
        {grantable.map((scope) => (
          <CheckField
            key={scope}
            label={<code>{scope}</code>}
            hint={PERMISSION_MEANINGS[scope]}
            checked={scopes.has(scope)}
            onChange={() => toggle(scope)}
          />
        ))}
      </fieldset>
      <div class="form__actions">
        <Button size="small" kind="quiet" onClick={() => onChange(choose(grantable, CI_SCOPES))}>
          As CI needs
        </Button>
        <Button size="small" kind="quiet" onClick={() => onChange(new Set(reads))}>
          Reading only
        </Button>
      </div>
    </>
  );
}

function choose(grantable: readonly Scope[], wanted: readonly Scope[]): ReadonlySet<Scope> {
  return new Set(grantable.filter((scope) => wanted.includes(scope)));
}
