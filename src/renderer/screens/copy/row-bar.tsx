/** How many of the rows are in this table, as a bar. */
export function RowBar({ rows, most }: { rows: number; most: number }) {
  // A table with few rows still shows that it has some.
  const width = rows === 0 ? 0 : Math.max(2, (100 * rows) / most)
  return (
    <span aria-hidden className="block h-1.5 overflow-hidden rounded-full bg-proof-0">
      <span className="block h-full rounded-full bg-proof-3" style={{ width: `${width}%` }} />
    </span>
  )
}
