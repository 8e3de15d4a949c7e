// What a person must confirm: the API answers 428 with a restatement, and the address then holds what is to be answered.
import { useCallback } from "preact/hooks";
import type { ConfirmationNeeded } from "../../../schemas/api/deploys.ts";
import { type Action, useAction } from "../data/action.ts";
import { useAddressQuery } from "../data/address-query.ts";
import { ApiProblem } from "../data/problem.ts";

/** In the address while the restatement is read, so that one can sign in again and come back to it. */
export const CONFIRM_QUERY = "confirm";

/** What is to be confirmed, when that is why it was refused; else null. */
export function confirmationIn(error: unknown): string | null {
  if (!(error instanceof ApiProblem) || error.code !== "confirmation-needed") return null;
  return (error.problem as unknown as ConfirmationNeeded).confirmationId;
}

/**
 * An action that may be a prod action. When it is, the restatement opens instead of an error (ConfirmationHost shows it),
 * and run() gives false: nothing is done yet.
 * @param closing names of the query that go when the restatement opens: the dialog that asked
 */
export function useProdAction(closing: readonly string[] = []): Action {
  const action = useAction();
  const { change } = useAddressQuery();
  const run = useCallback<Action["run"]>(
    async (act) => {
      let asked: string | null = null;
      const isDone = await action.run(async () => {
        try {
          await act();
        } catch (error) {
          asked = confirmationIn(error);
          if (asked === null) throw error;
        }
      });
      if (asked === null) return isDone;
      change(
        { ...Object.fromEntries(closing.map((name) => [name, null])), [CONFIRM_QUERY]: asked },
        "replace",
      );
      return false;
    },
    [action.run, change, closing],
  );
  return { ...action, run };
}
