// The next step in one sentence, with the place where it is done and the command that does the same.
import type { ComponentChildren } from "preact";
import type { GateDecision } from "../../../../schemas/gate.ts";
import { Badge } from "../../../halo/badge.tsx";
import { ButtonLink } from "../../../halo/button.tsx";
import { Card } from "../../../halo/card.tsx";
import { Skeleton } from "../../../halo/skeleton.tsx";
import { useProject } from "../../data/project-room.ts";
import { routes } from "../../routes.ts";
import { CommandLine } from "../../shell/command-line.tsx";
import { ProblemNote } from "../../shell/problem-note.tsx";
import { hasView, type ViewId } from "../../view-ids.ts";
import { findNextStep, findProdCandidate, type NextStep } from "./next-step.ts";
import type { HomeFacts } from "./use-project-facts.ts";

type NextStepCardProps = {
  readonly facts: HomeFacts;
  readonly gate: GateDecision | null;
  readonly gateError: unknown;
};

export function NextStepCard({ facts, gate, gateError }: NextStepCardProps) {
  const { detail, label, timeline } = useProject();
  const step = findNextStep({
    environments: detail.environments,
    capsules: facts.capsules,
    deploys: facts.deploys,
    events: timeline.events.value,
    gate,
    now: Date.now(),
  });
  // Before prod's gate has answered nobody knows whether there is something to do.
  const isAsking =
    gate === null && gateError === undefined && findProdCandidate(detail.environments) !== null;
  if (step.kind === "done" && isAsking)
    return <Skeleton label="Looking what is next" shape="card" count={1} />;
  const shown = describeStep(step, label, (digest) => nameOf(facts, digest));
  return (
    <Card
      title={shown.title}
      headingLevel={2}
      depth={step.kind === "done" ? "flat" : "lit"}
      aside={step.kind === "done" ? <Badge tone="good">done</Badge> : <Badge tone="info">next step</Badge>}
    >
      <p>{shown.text}</p>
      <ProblemNote error={gateError} />
      {shown.link === null || !hasView(shown.link.view) ? null : (
        <p>
          <ButtonLink kind="primary" href={shown.link.href}>
            {shown.link.words}
          </ButtonLink>
        </p>
      )}
      {shown.page === null ? null : (
        <p>
          <ButtonLink kind="primary" href={shown.page.href}>
            {shown.page.words}
          </ButtonLink>
        </p>
      )}
      {shown.command === null ? null : <CommandLine text={shown.command} />}
    </Card>
  );
}

type ShownStep = {
  readonly title: string;
  readonly text: ComponentChildren;
  readonly link: { readonly view: ViewId; readonly href: string; readonly words: string } | null;
  /** Outside of the Studio. */
  readonly page: { readonly href: string; readonly words: string } | null;
  readonly command: string | null;
};

const NOTHING = { link: null, page: null, command: null } as const;

function describeStep(step: NextStep, label: string, name: (digest: string) => string): ShownStep {
  switch (step.kind) {
    case "push":
      return {
        ...NOTHING,
        title: "Push the first capsule",
        text: "In the folder of your app. It is packed, verified and accepted, and stands on the timeline.",
        command: `npx oursynth push . --project ${label}`,
      };
    case "answer":
      return {
        ...NOTHING,
        title: "Somebody waits for your answer",
        text: step.sentence,
        page: { href: `/confirmations/${encodeURIComponent(step.confirmationId)}`, words: "Read and answer" },
      };
    case "wait":
      return {
        ...NOTHING,
        title: `A deploy to ${step.deploy.env} is under way`,
        text: `It is ${step.deploy.phase}.`,
        link: { view: "deploys", href: routes.deploy(label, step.deploy.deployId), words: "Watch it" },
      };
    case "look-why":
      return {
        ...NOTHING,
        title: `The last deploy to ${step.deploy.env} failed`,
        text: step.deploy.failure?.message ?? "It ended without a reason.",
        link: { view: "deploys", href: routes.deploy(label, step.deploy.deployId), words: "See its log" },
      };
    case "deploy":
      return {
        ...NOTHING,
        title: `Deploy ${name(step.capsuleDigest)} to ${step.env}`,
        text: "It is the newest capsule, and runs nowhere yet.",
        link: {
          view: "deploys",
          href: routes.deploys(label, { capsule: step.capsuleDigest, env: step.env }),
          words: `Deploy to ${step.env}`,
        },
        command: `npx oursynth deploy ${step.capsuleDigest} --project ${label} --env ${step.env} --wait`,
      };
    case "promote":
      return {
        ...NOTHING,
        title: `Promote ${name(step.capsuleDigest)} to ${step.to}`,
        text: `${step.from} runs it, and ${step.to} does not.`,
        link: {
          view: "deploys",
          href: routes.deploys(label, { capsule: step.capsuleDigest, env: step.to }),
          words: `Promote to ${step.to}`,
        },
        command: `npx oursynth promote --from ${step.from} --to ${step.to} --project ${label}`,
      };
    case "rehearse":
      return {
        ...NOTHING,
        title: `Rehearse ${name(step.capsuleDigest)} for ${step.env}`,
        text: GATE_WORDS[step.basis],
        link: {
          view: "mesh",
          href: routes.mesh(label, { capsule: step.capsuleDigest, env: step.env }),
          words: `Rehearse for ${step.env}`,
        },
        command: `npx oursynth mesh-sim --capsule ${step.capsuleDigest} --gate ${step.env} --project ${label}`,
      };
    case "ship":
      return {
        ...NOTHING,
        title: `Ship ${name(step.capsuleDigest)} to ${step.env}`,
        text: GATE_WORDS[step.basis],
        link: {
          view: "deploys",
          href: routes.deploys(label, { capsule: step.capsuleDigest, env: step.env }),
          words: `Ship to ${step.env}`,
        },
        command: `npx oursynth promote --from staging --to ${step.env} --project ${label}`,
      };
    case "done":
      return {
        ...NOTHING,
        title: "All is shipped",
        text: "Every environment runs what it should: the newest capsule is as far as it can go.",
      };
  }
}

/** What prod's gate says to the capsule that staging runs. */
const GATE_WORDS: Readonly<Record<GateDecision["basis"], string>> = {
  open: "Its gate asks for nothing.",
  evidence: "It was rehearsed, and the gate lets it in. A person confirms it.",
  rollback: "It was there before, and the gate lets it come back. A person confirms it.",
  override: "An owner lets it in without evidence. A person confirms it.",
  "evidence-missing": "Its gate takes what was rehearsed on the mesh, and this was not yet.",
  "evidence-stale": "Its last rehearsal is too old for the gate.",
  "evidence-failed": "Its newest rehearsal did not pass.",
  "evidence-untrusted": "Its evidence is signed by nobody whom the gate trusts.",
};

function nameOf({ capsules }: HomeFacts, digest: string): string {
  const capsule = capsules.find(({ capsuleDigest }) => capsuleDigest === digest);
  return capsule === undefined ? "the capsule" : `${capsule.name} ${capsule.version}`;
}
