import type { Point } from '../graph.js'
import { type Doors, doorsOf, lanesIn, turns } from './lanes.js'
import type { Item, Piece } from './plan.js'
import { CLEAR, EMPTY, LANE, roomFor } from './room.js'
import { spread } from './spread.js'
import { type Way, waysOf } from './ways.js'

/** Items with their places, and the way of each piece by its edge. */
export interface Placed {
  readonly width: number
  readonly height: number
  readonly places: readonly Point[]
  readonly ways: ReadonlyMap<string, readonly Point[]>
}

/**
 * Places items in rows and leads every piece around them: out of an item below, along the channels between the rows, through the gaps
 * between the items, and into an item from above. No line crosses an item, and none runs upon another.
 */
export function placed(
  items: readonly Item[],
  rows: readonly (readonly number[])[],
  pieces: readonly Piece[],
  doors: { readonly out: readonly Doors[]; readonly into: readonly Doors[] },
): Placed {
  const { ways, loads, heading } = waysOf(items, rows, pieces)
  const { xs, width, gaps } = spread(items, rows, (row, gap) => {
    const isOuter = gap === 0 || gap === rows[row]?.length
    return roomFor(loads[row]?.[gap] ?? 0, isOuter ? 0 : EMPTY)
  })
  const lanes = lanesIn(ways, heading, (row, gap) => gaps[row]?.[gap] ?? 0)
  const middle = (index: number | undefined) =>
    index === undefined ? width / 2 : (xs[index] ?? 0) + (items[index]?.width ?? 0) / 2
  const first = (way: Way) => lanes.get(way)?.[0] ?? middle(way.piece.to)
  const last = (way: Way) => lanes.get(way)?.at(-1) ?? middle(way.piece.from)
  const out = doorsOf(ways, (way) => way.piece.from, doors.out, items, xs, first)
  const into = doorsOf(ways, (way) => way.piece.to, doors.into, items, xs, last)

  /** The x of each way before, between and after its channels. */
  const stations = ways.map((way) => {
    const between = lanes.get(way) ?? []
    const start = out.get(way) ?? between[0] ?? into.get(way) ?? width / 2
    return [start, ...between, into.get(way) ?? between.at(-1) ?? start]
  })
  const channels = turns(ways, stations, rows.length + 1)
  const { rowYs, channelYs, height } = levels(items, rows, channels.counts)
  const places = items.map((_, index) => ({ x: xs[index] ?? 0, y: 0 }))
  for (const [at, row] of rows.entries())
    for (const index of row) places[index] = { x: xs[index] ?? 0, y: rowYs[at] ?? 0 }

  const drawn = ways.map((way, at): [string, readonly Point[]] => {
    const { from, to, edge } = way.piece
    const x = stations[at] ?? []
    const start = from === undefined ? 0 : (places[from]?.y ?? 0) + (items[from]?.height ?? 0)
    const end = to === undefined ? height : (places[to]?.y ?? 0)
    const bends = way.channels.flatMap((channel, turn) => {
      const [before = 0, after = 0] = [x[turn], x[turn + 1]]
      if (before === after) return []
      const y = (channelYs[channel] ?? 0) + CLEAR + LANE * (channels.lanes.get(way)?.[turn] ?? 0)
      return [
        { x: before, y },
        { x: after, y },
      ]
    })
    return [edge, [{ x: x[0] ?? 0, y: start }, ...bends, { x: x.at(-1) ?? 0, y: end }]]
  })
  return { width, height, places, ways: new Map(drawn) }
}

/** Where rows and channels begin, from above: a channel, a row, a channel … */
function levels(
  items: readonly Item[],
  rows: readonly (readonly number[])[],
  lanes: readonly number[],
): { readonly rowYs: readonly number[]; readonly channelYs: readonly number[]; readonly height: number } {
  const rowYs: number[] = []
  const channelYs: number[] = []
  let y = 0
  for (let at = 0; at <= rows.length; at++) {
    channelYs.push(y)
    y += roomFor(lanes[at] ?? 0, at === 0 || at === rows.length ? CLEAR : EMPTY)
    rowYs.push(y)
    y += Math.max(0, ...(rows[at] ?? []).map((index) => items[index]?.height ?? 0))
  }
  return { rowYs, channelYs, height: y }
}
