/**
 * Every bound in one place. Together they keep a link short enough for chat apps and proxies,
 * and keep all sums below 2^53 so that integer arithmetic on minor units stays exact.
 */
export const limits = {
  /** 16 people: the exact search over groups visits 2^16 sets, a few milliseconds at most. */
  peopleCountMax: 16,
  expensesCountMax: 100,
  ratesCountMax: 8,
  nameLengthMax: 30,
  titleLengthMax: 60,
  /** Characters of the encoded state in the path. */
  codeLengthMax: 6000,
  /** An amount as entered, in minor units of its own currency. */
  amountMinorMax: 100_000_000_000,
  /** The same amount after conversion to the main currency. */
  convertedMinorMax: 1_000_000_000_000,
  partsMax: 1000,
  rateDecimalsMax: 8,
  bodyBytesMax: 65_536,
} as const;
