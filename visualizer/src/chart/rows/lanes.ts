import type { Item } from './plan.js'
import { CLEAR, LANE } from './room.js'
import type { Way } from './ways.js'

/** Where ways begin or end on an item that has ways of its own within it, by their edges, from its left. */
export type Doors = ReadonlyMap<string, number>

/** The x of each way in each gap that it takes: those that come from the left stand left. */
export function lanesIn(
  ways: readonly Way[],
  heading: (way: Way) => number,
  start: (row: number, gap: number) => number,
): ReadonlyMap<Way, readonly number[]> {
  const found = new Map(ways.map((way): [Way, number[]] => [way, []]))
  const taken = new Map<string, number>()
  for (const way of [...ways].sort((a, b) => heading(a) - heading(b)))
    for (const { row, gap } of way.gaps) {
      const lane = taken.get(`${row} ${gap}`) ?? 0
      taken.set(`${row} ${gap}`, lane + 1)
      found.get(way)?.push(start(row, gap) + CLEAR + lane * LANE)
    }
  return found
}

/** Where ways meet an item: at its own doors, else side by side in the order in which they go on. */
export function doorsOf(
  ways: readonly Way[],
  itemOf: (way: Way) => number | undefined,
  doors: readonly Doors[],
  items: readonly Item[],
  xs: readonly number[],
  goal: (way: Way) => number,
): ReadonlyMap<Way, number> {
  const at = new Map<number, Way[]>()
  for (const way of ways) {
    const index = itemOf(way)
    if (index !== undefined) at.set(index, [...(at.get(index) ?? []), way])
  }
  const found = new Map<Way, number>()
  for (const [index, meeting] of at) {
    const x = xs[index] ?? 0
    const free = meeting.filter((way) => !doors[index]?.has(way.piece.edge)).sort((a, b) => goal(a) - goal(b))
    for (const [order, way] of free.entries())
      found.set(way, x + ((items[index]?.width ?? 0) * (order + 1)) / (free.length + 1))
    for (const way of meeting) {
      const door = doors[index]?.get(way.piece.edge)
      if (door !== undefined) found.set(way, x + door)
    }
  }
  return found
}

/** The lane that each way has in each channel where it turns: those that do not meet share one. */
export function turns(
  ways: readonly Way[],
  stations: readonly (readonly number[])[],
  count: number,
): { readonly counts: readonly number[]; readonly lanes: ReadonlyMap<Way, readonly number[]> } {
  const inChannel = Array.from(
    { length: count },
    (): { way: Way; turn: number; from: number; to: number }[] => [],
  )
  for (const [at, way] of ways.entries())
    for (const [turn, channel] of way.channels.entries()) {
      const [a = 0, b = 0] = [stations[at]?.[turn], stations[at]?.[turn + 1]]
      if (a !== b) inChannel[channel]?.push({ way, turn, from: Math.min(a, b), to: Math.max(a, b) })
    }
  const lanes = new Map(ways.map((way): [Way, number[]] => [way, []]))
  const counts = inChannel.map((spans) => {
    const ends: number[] = []
    for (const { way, turn, from, to } of spans.sort((a, b) => a.from - b.from)) {
      const free = ends.findIndex((end) => end + LANE < from)
      const lane = free === -1 ? ends.length : free
      ends[lane] = to
      const own = lanes.get(way)
      if (own !== undefined) own[turn] = lane
    }
    return ends.length
  })
  return { counts, lanes }
}
