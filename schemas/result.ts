// An expected failure is a value: a Result with a tagged reason (STYLE 24, 29).

export type Ok<Value> = { readonly ok: true; readonly value: Value };
export type Failure<Reason> = { readonly ok: false; readonly reason: Reason };
export type Result<Value, Reason> = Ok<Value> | Failure<Reason>;

export function ok<Value>(value: Value): Ok<Value> {
  return { ok: true, value };
}

export function fail<Reason>(reason: Reason): Failure<Reason> {
  return { ok: false, reason };
}
