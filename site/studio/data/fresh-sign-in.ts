// Whether this session's sign-in is of the last 15 minutes, as what is dangerous asks for (docs/sign-in.md).
import { useEffect, useState } from "preact/hooks";
import { usePerson } from "./person.ts";

const MAX_TIMER_MS = 2 ** 31 - 1;

/** Turns to false when the time has passed, while one looks at it. The server decides all the same. */
export function useIsFresh(): boolean {
  const { freshUntil } = usePerson();
  const [isFresh, setIsFresh] = useState(() => isStillFresh(freshUntil));
  useEffect(() => {
    setIsFresh(isStillFresh(freshUntil));
    if (freshUntil === null) return;
    const leftMs = Math.min(Math.max(0, freshUntil - Date.now()), MAX_TIMER_MS);
    const timer = setTimeout(() => setIsFresh(isStillFresh(freshUntil)), leftMs);
    return () => clearTimeout(timer);
  }, [freshUntil]);
  return isFresh;
}

function isStillFresh(freshUntil: number | null): boolean {
  return freshUntil === null || Date.now() < freshUntil;
}
