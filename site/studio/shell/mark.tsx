// The mark of site/components/mark.astro: a capsule, half sealed, with a seed in it.
export function Mark() {
  return (
    <svg class="brand__mark" viewBox="0 0 32 32" aria-hidden="true">
      <g transform="rotate(-45 16 16)">
        <path fill="var(--color-accent)" d="M16 9H9a7 7 0 0 0 0 14h7z" />
        <rect
          x="2"
          y="9"
          width="28"
          height="14"
          rx="7"
          fill="none"
          stroke="var(--color-accent)"
          stroke-width="2.5"
        />
        <circle cx="22.5" cy="16" r="2.75" fill="var(--color-seed)" />
      </g>
    </svg>
  );
}
