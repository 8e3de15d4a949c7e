// A secret goes in: its name, its value, and the value is forgotten here as soon as it is sent.
import { useState } from "preact/hooks";
import type { Secret } from "../../../../schemas/api/secrets.ts";
import type { SecretEnvironment } from "../../../../schemas/environment.ts";
import { Button } from "../../../halo/button.tsx";
import { showToast } from "../../../halo/toasts.ts";
import { apiPath, askApi } from "../../data/api-client.ts";
import { ApiProblem } from "../../data/problem.ts";
import { useActionBlock, useProject } from "../../data/project-room.ts";
import { CheckField } from "../../forms/check-field.tsx";
import { InputField, LinesField } from "../../forms/input-field.tsx";
import { useProdAction } from "../../prod/prod-action.ts";
import { ProblemNote } from "../../shell/problem-note.tsx";

type SetSecretFormProps = {
  readonly env: SecretEnvironment;
  readonly name: string;
  readonly onName: (name: string) => void;
};

export function SetSecretForm({ env, name, onName }: SetSecretFormProps) {
  const { projectId } = useProject();
  const block = useActionBlock("secrets:write");
  const action = useProdAction();
  const [value, setValue] = useState("");
  const [hasLines, setHasLines] = useState(false);
  const set = () =>
    action.run(async () => {
      const path = apiPath`/api/projects/${projectId}/secrets`;
      const json = { env, name: name.trim(), value };
      // Whatever comes of it, the value stays no longer in the page.
      setValue("");
      const secret = await askApi<Secret>(path, { method: "POST", json });
      showToast({
        message: `${secret.name} is set in ${env}; what is live there has it within 5 seconds.`,
        tone: "good",
      });
      onName("");
    });
  const problem = action.error instanceof ApiProblem ? action.error : null;
  const nameError = problem?.fieldMessage("name");
  const valueError = problem?.fieldMessage("value");
  const valueProps = {
    label: "Value",
    required: true,
    value,
    error: valueError,
    spellcheck: false,
    hint: "At most 32 KiB. It cannot be read back.",
  };
  return (
    <form
      class="form"
      onSubmit={(event) => {
        event.preventDefault();
        void set();
      }}
    >
      <InputField
        label="Name of the secret"
        required
        value={name}
        error={nameError}
        spellcheck={false}
        hint="As the manifest names it in app.secrets"
        onInput={onName}
      />
      {hasLines ? (
        <LinesField {...valueProps} onInput={setValue} />
      ) : (
        <InputField {...valueProps} type="password" autocomplete="new-password" onInput={setValue} />
      )}
      <CheckField
        label="It has several lines"
        checked={hasLines}
        onChange={(event) => setHasLines(event.currentTarget.checked)}
      />
      {nameError === undefined && valueError === undefined ? <ProblemNote error={action.error} /> : null}
      <div class="form__actions">
        <Button type="submit" kind="primary" isBusy={action.isBusy} disabledReason={block}>
          Set it in {env}
        </Button>
      </div>
    </form>
  );
}
