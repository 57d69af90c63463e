import type { Item } from './plan.js'

/** The items of each row beside one another, in the middle of the whole, and where the gaps between them are. */
export function spread(
  items: readonly Item[],
  rows: readonly (readonly number[])[],
  gapWidth: (row: number, gap: number) => number,
): { readonly xs: readonly number[]; readonly gaps: readonly (readonly number[])[]; readonly width: number } {
  const xs: number[] = []
  const made = rows.map((row, at) => {
    let x = 0
    const gaps = row.map((index, gap) => {
      const gapX = x
      x += gapWidth(at, gap)
      xs[index] = x
      x += items[index]?.width ?? 0
      return gapX
    })
    gaps.push(x)
    return { gaps, width: x + gapWidth(at, row.length) }
  })
  const width = Math.max(0, ...made.map((row) => row.width))
  const gaps = made.map((row, at) => {
    const aside = (width - row.width) / 2
    for (const index of rows[at] ?? []) xs[index] = (xs[index] ?? 0) + aside
    return row.gaps.map((x) => x + aside)
  })
  return { xs, gaps, width }
}
