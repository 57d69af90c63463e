import type { CloseFailure } from '../errors/host.js'
import type { StoreClaim } from '../ports/store.js'
import type { Hosts } from './hosts.js'

/**
 * Has the hosts cleaned up, while the store is still held, and then gives it back.
 *
 * @param inTime waits for work, and answers whether it is done; what hangs is not waited for for ever
 * @returns what went wrong
 */
export async function giveBack(
  hosts: Hosts,
  claim: StoreClaim,
  inTime: (work: Promise<unknown>) => Promise<boolean>,
): Promise<readonly CloseFailure[]> {
  const outcome = async (what: string, work: Promise<readonly CloseFailure[]>) =>
    (await inTime(work)) ? work : [{ what, cause: new Error('it did not come to an end in time') }]
  const ofHosts = await outcome('a host’s cleanup', hosts.cleanUp())
  const store = 'the store'
  const closed = claim.close().then(
    () => [],
    (cause: unknown) => [{ what: store, cause }],
  )
  return [...ofHosts, ...(await outcome(store, closed))]
}
