// What the first view will surely ask is asked while its script is still on its way: each such question once, and its answer
// is taken by whoever asks first.

const early = new Map<string, Promise<Response>>();

/** Begins a GET; a failure is told to whoever takes it. */
export function askEarly(url: string): void {
  const answer = fetch(url, { credentials: "same-origin", headers: { accept: "application/json" } });
  // Nobody may have taken it yet when it fails.
  answer.catch(() => undefined);
  early.set(url, answer);
}

/** The answer that is on its way, once; null when nobody asked. */
export function takeEarly(url: string): Promise<Response> | null {
  const answer = early.get(url) ?? null;
  early.delete(url);
  return answer;
}
