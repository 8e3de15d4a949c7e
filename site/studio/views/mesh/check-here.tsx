// The evidence file checked in this browser by the same core as everywhere (MESH.md M17); nothing is sent. By whose keys is
// the reader's to say: the project's, or keys of their own, which is what counts when one does not believe the platform.
import { useState } from "preact/hooks";
import { webHashing } from "../../../../core/capsule/web-hashing.ts";
import { createRerun } from "../../../../core/mesh/rerun-capsim.ts";
import { verifyCapsim } from "../../../../core/mesh/verify-capsim.ts";
import type { CapsimReport, CapsimStep } from "../../../../schemas/capsim.ts";
import type { TrustRecord } from "../../../../schemas/trust.ts";
import { Badge } from "../../../halo/badge.tsx";
import { Button } from "../../../halo/button.tsx";
import { Icon } from "../../../halo/icon.tsx";
import { SegmentedControl } from "../../../halo/segmented-control.tsx";
import { Switch } from "../../../halo/switch.tsx";
import { TextField } from "../../../halo/text-field.tsx";
import { readKeys } from "../../../scripts/read-keys.ts";
import { ProblemNote } from "../../shell/problem-note.tsx";
import { type ProjectKeys, trustOfProject } from "./project-trust.ts";

type CheckHereProps = { readonly bytes: Uint8Array | undefined; readonly keys: ProjectKeys | undefined };

type Checked = { readonly report: CapsimReport; readonly elapsedMs: number };

const VERDICTS = {
  pass: { words: "Sound evidence", tone: "good" },
  fail: { words: "Not what it says", tone: "bad" },
  undecidable: { words: "Not decidable", tone: "warn" },
} as const;

/** The check itself is part of this view's chunk: who sees the button can press it with the network gone. */
export function CheckHere({ bytes, keys }: CheckHereProps) {
  const [by, setBy] = useState<"project" | "own">("project");
  const [typed, setTyped] = useState("");
  const [isRerun, setIsRerun] = useState(true);
  const [isBusy, setIsBusy] = useState(false);
  const [checked, setChecked] = useState<Checked | null>(null);
  const [error, setError] = useState<unknown>(undefined);
  const check = async (): Promise<void> => {
    if (bytes === undefined || keys === undefined) return;
    setIsBusy(true);
    setError(undefined);
    try {
      setChecked(
        await checkBytes(bytes, by === "project" ? trustOfProject(keys) : await ownTrust(typed), isRerun),
      );
    } catch (thrown) {
      setError(thrown);
    } finally {
      setIsBusy(false);
    }
  };
  return (
    <div class="check-here">
      <SegmentedControl
        label="By the keys"
        segments={[
          { value: "project", label: "that this project trusts" },
          { value: "own", label: "that I bring" },
        ]}
        value={by}
        onChange={setBy}
      />
      {by === "own" ? (
        <TextField
          label="Public keys"
          hint="PEM, or base64 line by line, from somebody you believe."
          rowCount={4}
          isMono
          value={typed}
          onInput={setTyped}
        />
      ) : null}
      <Switch
        label="Simulate again"
        hint="Runs every seed once more in this browser and compares the traces."
        isOn={isRerun}
        onChange={setIsRerun}
      />
      <div>
        <Button
          kind="primary"
          icon="shield"
          isBusy={isBusy}
          isDisabled={bytes === undefined || keys === undefined}
          onClick={check}
        >
          Check it here
        </Button>
      </div>
      <ProblemNote error={error} />
      <div role="status">{checked === null ? null : <Verdict {...checked} />}</div>
      {checked === null ? null : <Steps steps={checked.report.steps} />}
    </div>
  );
}

function Verdict({ report, elapsedMs }: Checked) {
  const { words, tone } = VERDICTS[report.verdict];
  return (
    <p>
      <Badge tone={tone} icon={tone === "good" ? "check" : "alert"}>
        {words}
      </Badge>{" "}
      Checked in this browser in {Math.round(elapsedMs)} ms; nothing was sent.
    </p>
  );
}

const STEP_ICONS = { pass: "check", fail: "close", skip: "minus" } as const;
const STEP_WORDS = { pass: "passed", fail: "failed", skip: "open" } as const;

function Steps({ steps }: { readonly steps: readonly CapsimStep[] }) {
  return (
    <ol class="check-here__steps" aria-label="Steps of the check">
      {steps.map(({ id, title, status, message, code, expected, actual }) => (
        <li key={id} class={`check-here__step check-here__step--${status}`}>
          <Icon name={STEP_ICONS[status]} />
          <div>
            <strong>{title}</strong> <span class="only-read">{STEP_WORDS[status]}</span>
            {message === undefined && code === undefined ? null : <p class="muted">{message ?? code}</p>}
            {status === "fail" && expected !== undefined ? <p class="muted">expected {expected}</p> : null}
            {status === "fail" && actual !== undefined ? <p class="muted">found {actual}</p> : null}
          </div>
        </li>
      ))}
    </ol>
  );
}

async function checkBytes(bytes: Uint8Array, trust: TrustRecord | null, isRerun: boolean): Promise<Checked> {
  const started = performance.now();
  const takeTurn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));
  const rerun = isRerun ? { rerun: createRerun({ takeTurn }) } : {};
  const report = await verifyCapsim(bytes, { trust, hashing: webHashing, ...rerun });
  return { report, elapsedMs: performance.now() - started };
}

async function ownTrust(typed: string): Promise<TrustRecord | null> {
  const trust = await readKeys(typed);
  if (!trust.ok) throw new Error(trust.reason);
  return trust.value;
}
