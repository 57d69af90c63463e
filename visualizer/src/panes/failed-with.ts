import type { Service } from '../store/service.js'
import { senderOf, typeOf } from '../store/values.js'

/** Whether a service has failed with an event of a type that came at a time or later: it was the last one from outside before that. */
export function hasFailedWith({ moments, state }: Service, type: string, sinceMs: number): boolean {
  if (state?.lifecycle !== 'failed') return false
  let isBefore = false
  for (let at = moments.length - 1; at >= 0; at--) {
    const moment = moments.at(at)
    if (moment?.type !== 'entry') continue
    const { entry } = moment
    if (entry.atMs < sinceMs) return false
    if (entry.kind === 'lifecycle' && entry.state === 'failed') isBefore = true
    if (isBefore && entry.kind === 'event' && entry.to.length === 0 && senderOf(entry) === undefined)
      return typeOf(entry.event) === type
  }
  return false
}
