import type { Random } from '../../crash/random.js'
import type { DiskEvent } from './disk.js'

/**
 * Everything that a power cut may leave of these events: all that was synced, and of the others each by itself or not, in every
 * combination; of a write also its first half. What happens in `loose`, folders that are never synced and of which nobody reads
 * what was left there, is kept together, lost together, or each by chance.
 */
export function* powerCuts(
  events: readonly DiskEvent[],
  loose: ReadonlySet<number>,
  random: Random,
): Generator<readonly DiskEvent[]> {
  const open = unsynced(events)
  const single = open.filter((at) => !isIn(events[at], loose))
  const group = open.filter((at) => isIn(events[at], loose))
  const sizes = single.map((at) => (events[at]?.do === 'write' ? 3 : 2))
  if (group.length > 0) sizes.push(3)
  const ways = sizes.reduce((product, size) => product * size, 1)
  for (let way = 0; way < ways; way++) {
    let rest = way
    const fates = sizes.map((size) => {
      const fate = rest % size
      rest = Math.floor(rest / size)
      return fate
    })
    const fateOf = new Map(single.map((at, index) => [at, fates[index] ?? 0]))
    const together = fates[single.length] ?? 0
    for (const at of group) fateOf.set(at, together === 2 ? random.below(2) : together)
    yield events.flatMap((event, at) => outcome(event, fateOf.get(at) ?? 0))
  }
}

/** 0: it survived; 1: it did not; 2: half of it did. */
function outcome(event: DiskEvent, fate: number): readonly DiskEvent[] {
  if (fate === 0) return [event]
  if (fate === 1 || event.do !== 'write') return []
  return [{ ...event, text: event.text.slice(0, event.text.length >> 1) }]
}

function isIn(event: DiskEvent | undefined, folders: ReadonlySet<number>): boolean {
  return event !== undefined && 'folder' in event && folders.has(event.folder)
}

/** Where the events stand that no later sync has made durable. */
function unsynced(events: readonly DiskEvent[]): readonly number[] {
  const synced = new Set<number>()
  const open: number[] = []
  for (let at = events.length - 1; at >= 0; at--) {
    const event = events[at]
    if (event === undefined) continue
    if (event.do === 'sync') synced.add(event.node)
    else if (!synced.has('folder' in event ? event.folder : event.node)) open.push(at)
  }
  return open.reverse()
}
