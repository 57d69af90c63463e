import type { ServiceState } from '../../../src/inspect/stream/state.js'
import type { Moments } from '../store/moments.js'
import { areGoing } from '../store/service.js'
import { standstillOf } from '../store/standstill.js'

/**
 * How long all timers of a service stood still between a moment and the one before it, as the service stood then: while it was paused, or
 * no process had it. Where one of them has a deadline, time went on for that one, and it is none.
 */
export function stoodBefore(moments: Moments, index: number, state: ServiceState | undefined): number {
  const [before, moment] = [moments.at(index - 1), moments.at(index)]
  if (before?.type !== 'entry' || moment?.type !== 'entry') return 0
  const { timers = [], asleep, lifecycle } = state ?? {}
  if (timers.length === 0 || timers.some(({ policy }) => policy === 'deadline')) return 0
  // What ran out after its newest checkpoint is lost with the process.
  if (before.incarnation !== moment.incarnation)
    return moment.entry.atMs - (standstillOf(moments, index - 1) ?? before.entry.atMs)
  return areGoing(asleep === true ? 'asleep' : lifecycle) ? 0 : moment.entry.atMs - before.entry.atMs
}
