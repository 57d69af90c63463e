/** Something that has its place in a row: a state with all that is in it, or the dot from which a beginning is drawn. */
export interface Item {
  readonly id: string
  readonly width: number
  readonly height: number
}

/** A way from one item to another within a state; undefined: from the state's upper edge, or to its lower one. */
export interface Piece {
  readonly edge: string
  readonly from: number | undefined
  readonly to: number | undefined
}

/** How much wider than high a chart is, about. */
const SHAPE = 1.7
/** Room around an item that its ways take, as far as one can know before. */
const BESIDE = 40
const BELOW = 56

/**
 * The items in rows, as words stand on a page: those that come first from where a state begins come first, and a row is as long as makes
 * the whole a page.
 */
export function rowsOf(items: readonly Item[], pieces: readonly Piece[]): readonly (readonly number[])[] {
  const area = items.reduce((sum, { width, height }) => sum + (width + BESIDE) * (height + BELOW), 0)
  const widest = Math.max(0, ...items.map(({ width }) => width))
  const longest = Math.max(widest + BESIDE, Math.sqrt(area * SHAPE))
  const rows: number[][] = []
  let left = 0
  for (const index of inOrder(items, pieces)) {
    const needed = (items[index]?.width ?? 0) + BESIDE
    if (left < needed) {
      rows.push([])
      left = longest
    }
    rows.at(-1)?.push(index)
    left -= needed
  }
  return rows
}

/** By the number of steps from the first item, then as they are written; what cannot be reached comes after. */
function inOrder(items: readonly Item[], pieces: readonly Piece[]): readonly number[] {
  const next = items.map((): number[] => [])
  for (const { from, to } of pieces) if (from !== undefined && to !== undefined) next[from]?.push(to)
  const order = new Set<number>()
  for (const start of items.keys()) {
    order.add(start)
    // What is added meanwhile is visited, too.
    if (order.size > start) for (const index of order) for (const to of next[index] ?? []) order.add(to)
  }
  return [...order]
}
