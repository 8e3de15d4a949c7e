// Lines that join two events: which of them are drawn. Too many are a blot that says nothing and costs every frame.

/** A later event, and the earlier one that it reaches back to. In the order of `seq`. */
export type Joined = { readonly fromSeq: number; readonly seq: number };

/** So many lines can still be told apart. */
export const MAX_JOINED = 60;

/**
 * Those that reach into `[from, to]`, walked without making a list of them; none when there are too many. `chosen` is
 * drawn all the same: it is what the person looks at.
 */
export function forEachJoined<Kind extends Joined>(
  joined: readonly Kind[],
  view: { readonly from: number; readonly to: number; readonly chosen: number },
  draw: (line: Kind) => void,
): void {
  let count = 0;
  for (const { fromSeq, seq } of joined) {
    if (seq >= view.from && fromSeq <= view.to && ++count > MAX_JOINED) break;
  }
  for (const line of joined) {
    const isInView = line.seq >= view.from && line.fromSeq <= view.to;
    if (isInView && (count <= MAX_JOINED || line.seq === view.chosen)) draw(line);
  }
}
