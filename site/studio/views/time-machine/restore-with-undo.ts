// Restoring, with the way back: undoing restores the moment before, if nobody has moved the branch since.
import { showToast } from "../../../halo/toasts.ts";
import { sayError } from "../../data/problem.ts";
import { restoreMoment } from "./moment-requests.ts";

export type Restore = {
  readonly projectId: string;
  readonly branch: string;
  readonly at: number;
  /** Where the person saw the branch stand. */
  readonly expectedHead: number;
};

/** Restores, and offers to undo it in one click. Throws what the API refuses. */
export async function restoreWithUndo({ projectId, branch, at, expectedHead }: Restore): Promise<void> {
  const restored = await restoreMoment(projectId, { branch, at, expectedHead });
  showToast({
    message: `${branch} is again as it was at #${at}. Nothing is lost: this is event #${restored.seq}.`,
    tone: "good",
    action: {
      label: "Undo",
      run: () => undoRestoring({ projectId, branch, at: expectedHead, expectedHead: restored.seq }),
    },
  });
}

/** Brings back the moment before, and says in a notice what came of it. */
export function undoRestoring(restore: Restore): void {
  void undo(restore);
}

async function undo(restore: Restore): Promise<void> {
  try {
    const { projectId, ...json } = restore;
    const { seq } = await restoreMoment(projectId, json);
    const message = `Undone: ${restore.branch} is again as it was at #${restore.at} (event #${seq}).`;
    showToast({ message, tone: "good" });
  } catch (error) {
    showToast({ message: `Not undone. ${sayError(error)}`, tone: "bad" });
  }
}
