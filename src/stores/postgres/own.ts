import { StoreLockedError } from '../../errors/store.js'
import type { StoreClaim } from '../../ports/store.js'
import type { ResolvedStoreOptions } from '../options.js'
import { patiently } from '../patiently.js'
import { claimOf } from './claim.js'
import type { PgPoolLike } from './driver.js'
import { checkOwned, takeEpoch, takeLockBack } from './epoch.js'
import { isAway } from './failures.js'
import { Line } from './line.js'
import { readerOf } from './reader.js'
import { migrate } from './schema.js'
import { Session } from './session.js'
import type { Site } from './site.js'

/** Takes the store of a server; `release` ends what the pool is made of, and `signal` the waiting. */
export async function claimOver(
  pool: PgPoolLike,
  site: Site,
  options: ResolvedStoreOptions,
  release: () => Promise<void>,
  signal?: AbortSignal,
): Promise<StoreClaim> {
  const { name, location, tables, lock, patienceMs } = site
  const { session, owned } = await takeOver(pool, site, options, signal)
  const reopen = async (former: Session) => {
    const next = await Session.open(pool, site)
    try {
      await takeLockBack(next, former, lock, () => checkOwned(next, tables, location, owned))
      return next
    } catch (error) {
      // Another's store is not kept locked for as long as the server takes to find that a connection has been closed.
      await next.endAfter(error)
      throw error
    }
  }
  const line = new Line(session, reopen, patienceMs)
  return claimOf({ name, location, tables, owned, line, now: options.now, release })
}

/** A session that has the store's lock, and the store taken over it. */
async function takeOver(pool: PgPoolLike, site: Site, options: ResolvedStoreOptions, signal?: AbortSignal) {
  const { name, location, tables, schemaLock, whenLocked, patienceMs } = site
  for (;;) {
    signal?.throwIfAborted()
    const session = await patiently(patienceMs, isAway, () => Session.open(pool, site))
    try {
      if (whenLocked === 'wait') await session.waitForLock(signal)
      else if (!(await session.tryLock())) {
        throw new StoreLockedError(location, await holderOver(session, site), {}, 'server')
      }
      // Stores that share the schema would make its tables at the same time.
      const owned = await session.transactUnder(schemaLock, async () => {
        await migrate(session, tables, location)
        return takeEpoch(session, tables, name, options)
      })
      return { session, owned }
    } catch (error) {
      await session.endAfter(error)
      // Whoever waits for the store waits for a server that was away meanwhile as well; where it has done what it was asked, a second
      // epoch does no harm.
      if (whenLocked !== 'wait' || !isAway(error)) throw error
    }
  }
}

/** Who holds the store, as it says itself; undefined when that cannot be read. */
async function holderOver(session: Session, { name, tables }: Site): Promise<number | undefined> {
  const reader = readerOf(name, tables, (text, values) => session.ask(text, values))
  return (await reader.owner().catch(() => undefined))?.pid
}
