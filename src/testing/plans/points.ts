import type { World } from '../world/world.js'
import type { InterruptionKind } from './steps.js'
import type { PersistencePoint } from './token.js'

/** Arms the world for what is to happen there. */
export function arm(world: World, point: PersistencePoint): void {
  if ('commit' in point) world.store.at(point.commit, point.fate)
  else world.outside.at(point.effect, point.fate)
}

/** Whether it has come. */
export function hasCome(world: World, point: PersistencePoint | undefined): boolean {
  if (point === undefined) return false
  return 'commit' in point ? world.store.commits >= point.commit : world.outside.count >= point.effect
}

/** Which kind of interruption it is. */
export function kindOfPoint({ fate }: PersistencePoint): InterruptionKind {
  if (fate === 'torn') return 'storeTears'
  return fate === 'full' ? 'storeFull' : 'crash'
}

/** The point in words. */
export function pointInWords(point: PersistencePoint): string {
  if ('effect' in point) {
    const when = { 'death-before': 'before', 'death-during': 'during', 'death-after': 'right after' }
    return `kill -9 ${when[point.fate]} effect ${point.effect}`
  }
  const told = {
    'death-before': `kill -9 before commit ${point.commit}`,
    torn: `of commit ${point.commit} half is written as the power goes`,
    'death-after': `kill -9 after commit ${point.commit}`,
    full: `the disk is full at commit ${point.commit}`,
  }
  return told[point.fate]
}
