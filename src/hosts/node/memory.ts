import { held } from '../held.js'
import type { Watch } from '../watch.js'
import { type MemoryFigures, memoryFigures } from './cgroup.js'
import { every, type World } from './world.js'

/** How often it is looked at, in ms. */
export const LOOK_AT_MEMORY_MS = 5000

/** `low-memory` while the container has little left; on a machine without control groups never. */
export function watchMemory(highest: number, world: World): Watch {
  return (sink) => {
    const hold = held(sink, 'low-memory')
    let last = memoryFigures(world.read)
    if (last === undefined) return () => {}
    let short = isShort(last, last, highest, false)
    hold(short)
    return every(world, LOOK_AT_MEMORY_MS, () => {
      const now = memoryFigures(world.read)
      if (now === undefined || last === undefined) return
      short = isShort(now, last, highest, short)
      last = now
      hold(short)
    })
  }
}

/** Whether memory is short. Once it is, it ends a good way below where it began, or it would begin at every other look. */
export function isShort(now: MemoryFigures, last: MemoryFigures, highest: number, before: boolean): boolean {
  const share = before ? highest * 0.9 : highest
  const waitingPercent = before ? 5 : 10
  return (
    now.usedBytes >= share * now.limitBytes ||
    now.waitingPercent >= waitingPercent ||
    now.refusals > last.refusals
  )
}
