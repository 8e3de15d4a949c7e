/** The largest remainder method: integer shares that follow the weights and add up to the total, always. */

/**
 * Split `totalMinor` by `weights` (integers, not all zero). Each share is within one unit of its ideal value.
 * Left-over units go to the largest remainders; equal remainders take turns, beginning at a place that the
 * total itself picks, so that the first person in the list does not pay every odd cent.
 */
export function allocate(totalMinor: number, weights: readonly number[]): readonly number[] {
  const total = BigInt(totalMinor);
  const weightSum = weights.reduce((sum, weight) => sum + BigInt(weight), 0n);
  if (weightSum <= 0n) throw new RangeError("allocate needs a weight above zero");
  const count = weights.length;
  const turnStart = Math.abs(totalMinor) % count;
  const entries = weights.map((weight, index) => {
    const ideal = total * BigInt(weight);
    return {
      index,
      share: Number(ideal / weightSum),
      remainder: ideal % weightSum,
      turn: (index - turnStart + count) % count,
    };
  });
  const shares = entries.map((entry) => entry.share);
  const leftOver = totalMinor - shares.reduce((sum, share) => sum + share, 0);
  const byRemainder = entries.toSorted((a, b) =>
    a.remainder === b.remainder ? a.turn - b.turn : a.remainder > b.remainder ? -1 : 1,
  );
  for (const entry of byRemainder.slice(0, leftOver)) shares[entry.index] = entry.share + 1;
  return shares;
}
