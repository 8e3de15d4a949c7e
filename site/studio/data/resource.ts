// Something that is asked of the API and shown: what came last stays on the page while it is asked for again.
import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import { Unreachable } from "./problem.ts";
import { onReturn } from "./reachability.ts";

export type Resource<Value> = {
  /** What came last; undefined before the first answer. */
  readonly value: Value | undefined;
  /** Why the last try failed; undefined when it did not. */
  readonly error: unknown;
  readonly isLoading: boolean;
  readonly reload: () => void;
};

type State<Value> = {
  readonly key: string;
  readonly value: Value | undefined;
  readonly error: unknown;
  readonly isLoading: boolean;
};

/**
 * Loads when the key changes, and on reload().
 * @param key names what is loaded: another key, and the old value is gone; null loads nothing
 */
export function useResource<Value>(
  key: string | null,
  load: (signal: AbortSignal) => Promise<Value>,
): Resource<Value> {
  const [state, setState] = useState<State<Value>>(() => emptyState(key));
  const [round, setRound] = useState(0);
  const latest = useRef(load);
  latest.current = load;
  useEffect(() => {
    if (key === null) return;
    const abort = new AbortController();
    setState((before) =>
      before.key === key ? { ...before, isLoading: true } : { ...emptyState<Value>(key), isLoading: true },
    );
    latest.current(abort.signal).then(
      (value) => {
        if (!abort.signal.aborted) setState({ key, value, error: undefined, isLoading: false });
      },
      (error: unknown) => {
        if (!abort.signal.aborted) setState((before) => ({ ...before, error, isLoading: false }));
      },
    );
    return () => abort.abort();
  }, [key, round]);
  const reload = useCallback(() => setRound((count) => count + 1), []);
  // What only failed because nobody could be reached heals when somebody can.
  const isUnreachable = state.error instanceof Unreachable;
  useEffect(() => (isUnreachable ? onReturn(reload) : undefined), [isUnreachable, reload]);
  // Between a change of the key and its effect, nothing of the old one is shown.
  const shown = state.key === (key ?? "") ? state : emptyState<Value>(key);
  return { value: shown.value, error: shown.error, isLoading: shown.isLoading, reload };
}

function emptyState<Value>(key: string | null): State<Value> {
  return { key: key ?? "", value: undefined, error: undefined, isLoading: key !== null };
}
