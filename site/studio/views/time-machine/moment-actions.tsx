// What can be done from the chosen moment. Each carries the head that the person saw; one that moved is told.
import { useState } from "preact/hooks";
import type { Pin } from "../../../../schemas/api/pins.ts";
import { Button, ButtonLink } from "../../../halo/button.tsx";
import { showToast } from "../../../halo/toasts.ts";
import { ApiProblem } from "../../data/problem.ts";
import { useActionBlock, useProject } from "../../data/project-room.ts";
import { routes } from "../../routes.ts";
import { ProblemNote } from "../../shell/problem-note.tsx";
import { hasView } from "../../view-ids.ts";
import { BranchDialog } from "./branch-dialog.tsx";
import { packMoment, type Tree } from "./moment-requests.ts";
import { PinDialog } from "./pin-dialog.tsx";
import { restoreWithUndo } from "./restore-with-undo.ts";

type MomentActionsProps = {
  readonly branch: string;
  readonly at: number;
  /** The moment's files and capsule; undefined while they are read, or where the branch was not there yet. */
  readonly tree: Tree | undefined;
  readonly pin: Pin | undefined;
  readonly onPinned: () => void;
  readonly onPacked: () => void;
  readonly onBegun: (branch: string, seq: number) => void;
};

type Asked = "branch" | "pin" | null;
type Busy = "restore" | "pack" | null;

export function MomentActions(props: MomentActionsProps) {
  const { branch, at, tree, pin } = props;
  const { projectId, label, detail, reloadDetail } = useProject();
  const block = useActionBlock("capsules:write");
  const [asked, setAsked] = useState<Asked>(null);
  const [busy, setBusy] = useState<Busy>(null);
  const [error, setError] = useState<unknown>();
  const head = detail.branches.find(({ name }) => name === branch);
  const isHead = head !== undefined && tree?.headSeq === head.headSeq;
  const missing = tree === undefined ? `${branch} has no files at this moment.` : null;

  const run = async (what: Busy, request: () => Promise<void>): Promise<void> => {
    setBusy(what);
    setError(undefined);
    try {
      await request();
    } catch (thrown) {
      setError(thrown);
      // What moved is read again: the next try stands on what is.
      if (thrown instanceof ApiProblem && thrown.code === "head-moved") reloadDetail();
    } finally {
      setBusy(null);
    }
  };
  const restore = (): Promise<void> =>
    run("restore", () => restoreWithUndo({ projectId, branch, at, expectedHead: head?.headSeq ?? 0 }));
  const pack = (): Promise<void> =>
    run("pack", async () => {
      const packed = await packMoment(projectId, { branch, at });
      showToast({ message: `Packed and signed: ${packed.urn}`, tone: "good" });
      props.onPacked();
    });
  const whyNoRestore = block ?? missing ?? (isHead ? `${branch} stands at this moment now.` : null);
  const whyNot = block ?? missing;
  return (
    <div class="moment-actions">
      <div class="time-buttons">
        <Action icon="restore" isBusy={busy === "restore"} why={whyNoRestore} onClick={() => void restore()}>
          Restore
        </Action>
        <Action icon="branch" why={whyNot} onClick={() => setAsked("branch")}>
          Branch from here
        </Action>
        <Action icon="capsule" isBusy={busy === "pack"} why={whyNot} onClick={() => void pack()}>
          Recreate capsule
        </Action>
        {hasView("deploys") && tree?.capsuleDigest ? (
          <ButtonLink
            size="small"
            icon="rocket"
            href={`${routes.deploys(label)}?capsule=${encodeURIComponent(tree.capsuleDigest)}`}
          >
            Promote
          </ButtonLink>
        ) : null}
        <Action icon="pin" why={block} onClick={() => setAsked("pin")}>
          {pin === undefined ? "Pin" : "Pinned"}
        </Action>
      </div>
      <ProblemNote error={error} />
      <BranchDialog
        branch={branch}
        at={at}
        isOpen={asked === "branch"}
        onClose={() => setAsked(null)}
        onBegun={props.onBegun}
      />
      {asked === "pin" ? (
        <PinDialog at={at} pin={pin} onClose={() => setAsked(null)} onChanged={props.onPinned} />
      ) : null}
    </div>
  );
}

type ActionProps = {
  readonly icon: "restore" | "branch" | "capsule" | "pin";
  readonly isBusy?: boolean;
  /** Why it cannot be done; null when it can. */
  readonly why: string | null;
  readonly onClick: () => void;
  readonly children: string;
};

function Action({ icon, isBusy = false, why, onClick, children }: ActionProps) {
  return (
    <Button size="small" icon={icon} isBusy={isBusy} disabledReason={why} onClick={onClick}>
      {children}
    </Button>
  );
}
