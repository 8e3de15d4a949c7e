// What a bench gives: figures, each with what it is held against in the same run, and the goal if it has one.

export type Unit = "ms" | "requests/s" | "deliveries/s" | "events/s" | "×" | "%" | "lost" | "MiB" | "s";

export type Beside = { readonly name: string; readonly value: number; readonly unit: Unit };

export type Figure = {
  readonly name: string;
  readonly value: number;
  readonly unit: Unit;
  /** Floors and peers of the same run. */
  readonly beside: readonly Beside[];
  readonly goal: { readonly text: string; readonly isMet: boolean } | null;
};

export type BenchOptions = {
  /** Fewer rounds, rougher figures. */
  readonly isQuick: boolean;
  /** One line for each thing that is being done. */
  readonly say: (line: string) => void;
};

export type Bench = (options: BenchOptions) => Promise<readonly Figure[]>;

/** The middle one; of an even number the upper. */
export function median(values: readonly number[]): number {
  return percentile(values, 50);
}

/** The value that `percent` of the others do not exceed; 0 of none. */
export function percentile(values: readonly number[], percent: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor((sorted.length * percent) / 100))] ?? 0;
}
