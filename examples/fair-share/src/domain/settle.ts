/** The smallest set of payments that brings every balance to zero. */

export type Payment = { readonly from: number; readonly to: number; readonly amountMinor: number };

/**
 * People whose balances cancel among themselves form a group, and a group of k needs k − 1 payments.
 * So the fewest payments come from the most groups; a dynamic program over all sets of people finds them
 * (exact, not a heuristic: `limits.peopleCountMax` keeps 2^n small). Balances must add up to zero.
 */
export function settle(balancesMinor: readonly number[]): readonly Payment[] {
  const open = balancesMinor
    .map((balance, person) => ({ person, balance }))
    .filter((entry) => entry.balance !== 0);
  if (open.reduce((sum, entry) => sum + entry.balance, 0) !== 0) {
    throw new RangeError("balances must add up to zero");
  }
  return splitIntoGroups(open).flatMap(settleGroup);
}

type OpenBalance = { readonly person: number; readonly balance: number };

function splitIntoGroups(open: readonly OpenBalance[]): readonly (readonly OpenBalance[])[] {
  const setCount = 2 ** open.length;
  const sums = new Float64Array(setCount);
  const groupCounts = new Uint8Array(setCount);
  const lastAdded = new Uint8Array(setCount);
  for (let set = 1; set < setCount; set += 1) {
    const lowest = 31 - Math.clz32(set & -set);
    sums[set] = (sums[set & (set - 1)] ?? 0) + (open[lowest]?.balance ?? 0);
    let best = -1;
    for (let position = 0; position < open.length; position += 1) {
      if ((set & (1 << position)) === 0) continue;
      const count = groupCounts[set ^ (1 << position)] ?? 0;
      if (count <= best) continue;
      best = count;
      lastAdded[set] = position;
    }
    groupCounts[set] = best + (sums[set] === 0 ? 1 : 0);
  }
  return walkBack(open, sums, lastAdded);
}

/** Taking people out in reverse order, a group is complete each time the rest adds up to zero. */
function walkBack(open: readonly OpenBalance[], sums: Float64Array, lastAdded: Uint8Array) {
  const groups: OpenBalance[][] = [];
  let set = 2 ** open.length - 1;
  while (set !== 0) {
    if (sums[set] === 0) groups.push([]);
    const position = lastAdded[set] ?? 0;
    const entry = open[position];
    if (entry !== undefined) groups.at(-1)?.push(entry);
    set ^= 1 << position;
  }
  return groups;
}

/** Largest debt to largest credit: each payment closes at least one balance, and the last closes two. */
function settleGroup(group: readonly OpenBalance[]): readonly Payment[] {
  const left = group.map((entry) => ({ ...entry }));
  const payments: Payment[] = [];
  for (let round = 1; round < group.length; round += 1) {
    left.sort((a, b) => a.balance - b.balance || a.person - b.person);
    const debtor = left[0];
    const creditor = left.at(-1);
    if (debtor === undefined || creditor === undefined || creditor.balance === 0) break;
    const amountMinor = Math.min(-debtor.balance, creditor.balance);
    payments.push({ from: debtor.person, to: creditor.person, amountMinor });
    debtor.balance += amountMinor;
    creditor.balance -= amountMinor;
  }
  return payments;
}
