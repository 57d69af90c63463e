import type { Service } from './service.js'
import type { Store } from './store.js'

/**
 * Whether the process that has committed the newest checkpoint of a service recorded, and ended before it had recorded that too: `yes`, or `others`
 * where nothing of this service was recorded by it. Epochs and processes tell it, as far as the page knows them.
 */
export function lostLine(service: Service, { kept, incarnations }: Store): 'yes' | 'others' | 'no' {
  const { stored, committed, incarnation = '' } = service
  const owner = kept.owner.peek()
  if (stored === undefined) return 'no'
  if (owner === undefined || owner.epoch !== stored.epoch)
    return committed?.epoch === stored.epoch ? 'yes' : 'no'
  if (owner.exists) return 'no'
  const own = [...incarnations.values()].filter(
    ({ pid, guest, startedAtMs }) =>
      pid === owner.pid && guest === undefined && startedAtMs >= owner.claimedAtMs,
  )
  if (own.length === 0) return 'no'
  return own.some((one) => one.incarnation === incarnation) ? 'yes' : 'others'
}
