import type { StoredService } from '../../../src/inspect/stream/message.js'
import type { Moment } from './moments.js'
import type { Service } from './service.js'

/** When the moment was: that of the last entry before, where it has no time of its own. */
export function timeOf(service: Service, index: number): number | undefined {
  for (let at = Math.min(index, service.moments.length - 1); at >= 0; at--) {
    const moment = service.moments.at(at)
    if (moment?.type === 'entry') return moment.entry.atMs
  }
  return undefined
}

/** Index of the moment at an address, as the page's own holds it; undefined where the service has none such. */
export function indexAt(service: Service | undefined, address: string | undefined): number | undefined {
  if (service === undefined || address === undefined) return undefined
  service.version.value
  const index = indexOf(service, address)
  return index === -1 ? undefined : index
}

/** The address of a moment: `incarnation:sequence`, and of one without an entry `incarnation:#index`. */
export function addressOf(moment: Moment, index: number): string {
  return moment.type === 'entry'
    ? `${moment.incarnation}:${moment.entry.sequence}`
    : `${moment.incarnation}:#${index}`
}

function indexOf({ moments }: Service, at: string): number {
  const list = moments.all()
  const [incarnation, name = ''] = [at.slice(0, at.lastIndexOf(':')), at.slice(at.lastIndexOf(':') + 1)]
  if (name.startsWith('#')) return Math.min(Number(name.slice(1)) || 0, list.length - 1)
  const sequence = Number(name)
  return list.findLastIndex(
    (moment) =>
      moment.type === 'entry' && moment.incarnation === incarnation && moment.entry.sequence <= sequence,
  )
}

/** Index of the moment at which a checkpoint came to the store; undefined where nothing tells of it. */
export function momentOf(
  { moments }: Service,
  { checkpoint, epoch, savedAtMs }: StoredService,
): number | undefined {
  const index = moments.all().findLastIndex(
    (moment) =>
      moment.type === 'entry' &&
      moment.entry.kind === 'commit' &&
      moment.entry.ok &&
      moment.entry.checkpoint === checkpoint &&
      moment.entry.epoch === epoch &&
      // In a store that was restored or begun anew both come again.
      moment.entry.atMs >= savedAtMs,
  )
  return index === -1 ? undefined : index
}
