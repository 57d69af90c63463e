import type { CloseFailure } from '../errors/host.js'
import type { StoreClaim } from '../ports/store.js'
import type { Hosts } from './hosts.js'
import type { Inspection } from './inspection.js'

/**
 * Ends the inspection and has the hosts cleaned up, while the store is still held, and then gives it back.
 *
 * @param inTime waits for work, and answers whether it is done; what hangs is not waited for for ever
 * @param closed settles when all of it, and what comes before, is over
 * @returns what went wrong
 */
export async function giveBack(
  inspection: Inspection | undefined,
  hosts: Hosts,
  claim: StoreClaim,
  inTime: (work: Promise<unknown>) => Promise<boolean>,
  closed: Promise<unknown> | undefined,
): Promise<readonly CloseFailure[]> {
  const outcome = async (what: string, work: Promise<readonly CloseFailure[]>) =>
    (await inTime(work)) ? work : [{ what, cause: new Error('it did not come to an end in time') }]
  const ended = Promise.resolve(inspection?.close()).then(() => [])
  const outcomes = await Promise.all([
    outcome('the inspection', ended),
    outcome('a host’s cleanup', hosts.cleanUp(closed)),
  ])
  const store = 'the store'
  const given = claim.close().then(
    () => [],
    (cause: unknown) => [{ what: store, cause }],
  )
  return [...outcomes.flat(), ...(await outcome(store, given))]
}
