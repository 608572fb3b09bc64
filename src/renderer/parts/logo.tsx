/** The lifebuoy: the one place of the brand's orange. */
export function Logo({ size = 22 }: { size?: number }) {
  const r = 7.5
  const quarter = (2 * Math.PI * r) / 8
  return (
    <svg width={size} height={size} viewBox="0 0 24 24" aria-hidden className="shrink-0">
      <circle cx="12" cy="12" r={r} fill="none" stroke="var(--brand)" strokeWidth="7" />
      <circle
        cx="12"
        cy="12"
        r={r}
        fill="none"
        stroke="var(--bg)"
        strokeWidth="7.4"
        strokeDasharray={`${quarter * 0.62} ${quarter * 1.38}`}
        strokeDashoffset={quarter * 0.31}
      />
    </svg>
  )
}
