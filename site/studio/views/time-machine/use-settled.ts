// A value once it has stood still for a while: what costs a request does not follow each step of a scrub.
import { useEffect, useState } from "preact/hooks";

export function useSettled<Value>(value: Value, stillMs: number): Value {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), stillMs);
    return () => clearTimeout(timer);
  }, [value, stillMs]);
  return settled;
}
