import { go, type Link, link } from './link.js'

/** What was looked at in a service, which is there again for who comes back to it. */
type Place = Pick<Link, 'at' | 'from' | 'actor'>

const NOWHERE: Place = { at: undefined, from: undefined, actor: undefined }
const left = new Map<string, Place>()

/** Goes to a service as it is now, or to the moments and the actor of it that were looked at before; from itself to now. */
export function goToService(key: string): void {
  const { service, at, from, actor } = link.value
  if (service !== undefined) left.set(service, { at, from, actor })
  const place = key === service ? NOWHERE : (left.get(key) ?? NOWHERE)
  go({ service: key, ...place }, true)
}
