import type { Item, Piece } from './plan.js'
import { EMPTY, LANE } from './room.js'
import { spread } from './spread.js'

/** A piece on its way: the channels between rows in which it turns, and the gap that it takes through each row. */
export interface Way {
  readonly piece: Piece
  readonly channels: readonly number[]
  readonly gaps: readonly { readonly row: number; readonly gap: number }[]
}

/** How many ways take each gap, by its row. */
export type Loads = readonly (readonly number[])[]

/** Leads each piece through the rows: by the gap that is near to where it is and to where it goes, and not too full. */
export function waysOf(
  items: readonly Item[],
  rows: readonly (readonly number[])[],
  pieces: readonly Piece[],
): { readonly ways: readonly Way[]; readonly loads: Loads; readonly heading: (way: Way) => number } {
  const rowOf = new Map(rows.flatMap((row, at) => row.map((index) => [index, at] as const)))
  const about = spread(items, rows, () => EMPTY)
  const loads = rows.map((row) => [...row, 0].map(() => 0))
  const middle = (index: number | undefined) =>
    index === undefined ? about.width / 2 : (about.xs[index] ?? 0) + (items[index]?.width ?? 0) / 2

  function gapNear(row: number, x: number, goal: number): number {
    let [nearest, least] = [0, Number.POSITIVE_INFINITY]
    for (const [gap, gapX] of (about.gaps[row] ?? []).entries()) {
      const cost = Math.abs(gapX - x) + Math.abs(gapX - goal) + 2 * LANE * (loads[row]?.[gap] ?? 0)
      if (cost < least) [nearest, least] = [gap, cost]
    }
    return nearest
  }

  function lead(piece: Piece): Way {
    const first = piece.from === undefined ? 0 : (rowOf.get(piece.from) ?? 0) + 1
    const last = piece.to === undefined ? rows.length : (rowOf.get(piece.to) ?? 0)
    const step = last < first ? -1 : 1
    const channels = Array.from({ length: Math.abs(last - first) + 1 }, (_, at) => first + at * step)
    let x = middle(piece.from)
    const gaps = channels.slice(1).map((channel) => {
      const row = step === 1 ? channel - 1 : channel
      const gap = gapNear(row, x, middle(piece.to))
      const load = loads[row]
      if (load !== undefined) load[gap] = (load[gap] ?? 0) + 1
      x = about.gaps[row]?.[gap] ?? x
      return { row, gap }
    })
    return { piece, channels, gaps }
  }
  const ways = pieces.map(lead)
  return { ways, loads, heading: ({ piece }) => middle(piece.from) + middle(piece.to) }
}
