// Something that a person does: under way, refused, done.
import { useCallback, useState } from "preact/hooks";

export type Action = {
  readonly isBusy: boolean;
  /** Why the last try was refused; undefined when it was not. */
  readonly error: unknown;
  /** Whether it was done; what it throws is kept as `error`. */
  readonly run: (act: () => Promise<void>) => Promise<boolean>;
  readonly clear: () => void;
};

/** One at a time: what is asked while another is under way is not begun. */
export function useAction(): Action {
  const [isBusy, setIsBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const run = useCallback(
    async (act: () => Promise<void>): Promise<boolean> => {
      if (isBusy) return false;
      setIsBusy(true);
      setError(undefined);
      try {
        await act();
        return true;
      } catch (thrown) {
        setError(thrown);
        return false;
      } finally {
        setIsBusy(false);
      }
    },
    [isBusy],
  );
  const clear = useCallback(() => setError(undefined), []);
  return { isBusy, error, run, clear };
}
