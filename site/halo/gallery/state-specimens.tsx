// Under way, done, failed.
import { ErrorNote } from "../error-note.tsx";
import { Progress } from "../progress.tsx";
import { Skeleton } from "../skeleton.tsx";
import { Spinner } from "../spinner.tsx";
import { Stepper } from "../stepper.tsx";
import type { SpecimenEntry } from "./specimen.tsx";

export const STATE_SPECIMENS: readonly SpecimenEntry[] = [
  {
    name: "Stepper",
    about: "Steps in order, and where we are; each says its state in words too.",
    Show: () => (
      <>
        <Stepper
          label="Deploy to dev"
          direction="across"
          isRunning
          steps={[
            { id: "verifying", title: "Verifying", state: "done", aside: "0.2 s" },
            { id: "gating", title: "Gating", state: "done", aside: "0.0 s" },
            { id: "building", title: "Building", state: "current", detail: "14 files" },
            { id: "publishing", title: "Publishing", state: "waiting" },
            { id: "checking", title: "Checking", state: "waiting" },
            { id: "activating", title: "Activating", state: "waiting" },
          ]}
        />
        <Stepper
          label="Verification"
          steps={[
            {
              id: "container",
              title: "The container is whole",
              state: "done",
              detail: "every byte where it says",
            },
            { id: "files", title: "Every file has its digest", state: "done", aside: "14 files" },
            {
              id: "signature",
              title: "Signed by a key that you trust",
              state: "failed",
              detail: "The envelope's key is not among yours.",
            },
            { id: "parents", title: "Its parents are known", state: "skipped" },
          ]}
        />
      </>
    ),
  },
  {
    name: "Progress",
    about: "How far something is; a light that passes while nobody can tell.",
    Show: () => (
      <div class="gallery__form">
        <Progress label="Uploading" value={12} max={40} text="12 of 40 files" />
        <Progress label="Simulated" value={1} tone="good" />
        <Progress label="Waiting for the node" />
      </div>
    ),
  },
  {
    name: "Spinner",
    about: "Under way, beside the words that say what.",
    isRow: true,
    Show: () => (
      <>
        <Spinner size="small" label="Loading, small" />
        <Spinner label="Loading" />
        <Spinner size="large" label="Loading, large" />
      </>
    ),
  },
  {
    name: "Skeleton",
    about: "The shape of what is still loading, so that nothing jumps.",
    Show: () => (
      <>
        <Skeleton label="The words are loading" />
        <Skeleton label="The cards are loading" shape="card" />
      </>
    ),
  },
  {
    name: "ErrorNote",
    about: "What failed, in the words of the platform's answer, and what to do now.",
    Show: () => (
      <>
        <ErrorNote
          problem={{
            title: "The branch has moved",
            detail:
              "Somebody committed to main meanwhile. Look at what is new, then commit again: your text is kept.",
            status: 409,
            requestId: "req_01jt3v8k2h9m",
          }}
          onRetry={() => undefined}
        />
        <ErrorNote
          problem={{
            title: "The request is not valid",
            detail: "Two fields are not as they must be.",
            errors: [
              { path: "nodes", message: "At most 64." },
              { path: "links.0.delayMs", message: "Must be a number." },
            ],
          }}
        />
      </>
    ),
  },
];
