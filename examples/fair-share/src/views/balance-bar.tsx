/** A balance as a bar around a middle line: left owes, right gets back. Sizes are SVG attributes, so the CSP holds. */
const halfWidth = 50;

export function BalanceBar({
  balanceMinor,
  largestMinor,
}: {
  readonly balanceMinor: number;
  readonly largestMinor: number;
}) {
  const width = largestMinor === 0 ? 0 : Math.max(1, (Math.abs(balanceMinor) / largestMinor) * halfWidth);
  const isOwed = balanceMinor > 0;
  return (
    <svg
      class="balance-bar"
      viewBox="0 0 100 6"
      preserveAspectRatio="none"
      aria-hidden="true"
      focusable="false"
    >
      <rect class="bar-track" x="0" y="0" width="100" height="6" />
      {balanceMinor !== 0 && (
        <rect
          class={isOwed ? "bar-plus" : "bar-minus"}
          x={String(isOwed ? halfWidth : halfWidth - width)}
          y="0"
          width={width.toFixed(2)}
          height="6"
        />
      )}
      <rect class="bar-middle" x="49.8" y="0" width="0.4" height="6" />
    </svg>
  );
}
