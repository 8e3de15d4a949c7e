// After the check: the file can be pushed to the project. Only now, and only on a press, does anything leave the browser.
import { useEffect, useRef, useState } from "preact/hooks";
import type { AcceptedCapsule } from "../../../../schemas/api/capsules.ts";
import { Button, ButtonLink } from "../../../halo/button.tsx";
import { Progress } from "../../../halo/progress.tsx";
import { SelectField } from "../../../halo/select-field.tsx";
import { judgeCaps } from "../../../verification/caps-verdict.ts";
import { sayBytes } from "../../../verification/say-bytes.ts";
import { useActionBlock, useProject } from "../../data/project-room.ts";
import { routes } from "../../routes.ts";
import { CommandLine } from "../../shell/command-line.tsx";
import { ProblemNote } from "../../shell/problem-note.tsx";
import type { CapsCheckState } from "./caps-check.ts";
import { uploadCaps } from "./upload-caps.ts";

type PushCapsProps = { readonly state: CapsCheckState & { readonly kind: "done" } };

type PushState =
  | { readonly kind: "ready" }
  | { readonly kind: "sending"; readonly sentBytes: number }
  | { readonly kind: "failed"; readonly error: unknown }
  | { readonly kind: "accepted"; readonly accepted: AcceptedCapsule };

/** What one request may bring (adapters/capsules/take-container.ts). */
const MAX_UPLOAD_BYTES = 100_000_000;

/** Nothing for a file that is broken: the platform would refuse it. */
export function PushCaps({ state: { file, check, given } }: PushCapsProps) {
  const { detail, label, projectId } = useProject();
  const block = useActionBlock("capsules:write");
  const [branch, setBranch] = useState("main");
  const [push, setPush] = useState<PushState>({ kind: "ready" });
  const idempotencyKey = useRef(crypto.randomUUID());
  const abort = useRef<AbortController | null>(null);
  useEffect(() => () => abort.current?.abort(), []);
  const { standing } = judgeCaps(check, given, "this project");
  if (standing === "broken") return null;
  const send = async (): Promise<void> => {
    const controller = new AbortController();
    abort.current = controller;
    setPush({ kind: "sending", sentBytes: 0 });
    try {
      const accepted = await uploadCaps({
        file,
        projectId,
        branch,
        idempotencyKey: idempotencyKey.current,
        signal: controller.signal,
        onProgress: (sentBytes) => setPush({ kind: "sending", sentBytes }),
      });
      setPush(accepted === null ? { kind: "ready" } : { kind: "accepted", accepted });
    } catch (error) {
      // A refusal is kept for its key; another try is another push.
      idempotencyKey.current = crypto.randomUUID();
      setPush({ kind: "failed", error });
    }
  };
  if (push.kind === "accepted") {
    const { name, version, capsuleDigest } = push.accepted;
    return (
      <div class="caps-push" role="status">
        <p>
          {name} {version} is in {detail.name} now, on {branch}.
        </p>
        <ButtonLink kind="primary" href={routes.capsule(label, capsuleDigest)}>
          Open the capsule
        </ButtonLink>
      </div>
    );
  }
  if (push.kind === "sending") {
    const text = `${sayBytes(push.sentBytes)} of ${sayBytes(file.size)}`;
    return (
      <div class="caps-push">
        <Progress
          label={`Sending ${file.name}`}
          value={push.sentBytes}
          max={Math.max(1, file.size)}
          text={text}
        />
        <Button size="small" onClick={() => abort.current?.abort()}>
          Stop
        </Button>
      </div>
    );
  }
  if (file.size > MAX_UPLOAD_BYTES) {
    return (
      <div class="caps-push">
        <p>To push a file as large as this:</p>
        <CommandLine text={`oursynth push ${file.name} --project ${label}`} />
      </div>
    );
  }
  const branches = [...new Set(["main", ...detail.branches.map(({ name }) => name)])];
  return (
    <form
      class="caps-push"
      onSubmit={(event) => {
        event.preventDefault();
        if (block === null) void send();
      }}
    >
      <SelectField
        label={`Push it to ${detail.name}, branch`}
        hint="It becomes a commit: the branch moves to this capsule's files and settings. What was there stays on the timeline."
        options={branches.map((name) => ({ value: name, label: name }))}
        value={branch}
        onChange={setBranch}
      />
      {standing === "unproven" ? (
        <p class="muted">
          The platform verifies it too, and will refuse it as long as nobody trusted stands for it.
        </p>
      ) : null}
      <Button type="submit" icon="upload" disabledReason={block}>
        Push it to this project
      </Button>
      {push.kind === "failed" ? <ProblemNote error={push.error} /> : null}
    </form>
  );
}
