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
import { migrate, type Query } from './schema.js'
import { Session } from './session.js'
import type { Site } from './site.js'

/** Takes the store of a server; `release` ends what the pool is made of. */
export async function claimOver(
  pool: PgPoolLike,
  site: Site,
  options: ResolvedStoreOptions,
  release: () => Promise<void>,
): Promise<StoreClaim> {
  const { name, location, tables, lock, schemaLock, patienceMs } = site
  const session = await lockedSession(pool, site)
  try {
    // Stores that share the schema would make its tables at the same time.
    const owned = await session.transactUnder(schemaLock, async () => {
      // What changes many rows takes its time.
      const query: Query = (text, values) => session.askAtLength(text, values)
      await migrate(query, tables, location)
      return takeEpoch(query, tables, name, options)
    })
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
  } catch (error) {
    await session.endAfter(error)
    throw error
  }
}

/** A session that has the store's lock. */
async function lockedSession(pool: PgPoolLike, site: Site): Promise<Session> {
  const { location, whenLocked, patienceMs } = site
  for (;;) {
    const session = await patiently(patienceMs, isAway, () => Session.open(pool, site))
    try {
      if (whenLocked === 'wait') await session.waitForLock()
      else if (!(await session.tryLock())) {
        throw new StoreLockedError(location, await holderOver(session, site), {}, 'server')
      }
      return session
    } catch (error) {
      await session.endAfter(error)
      // Whoever waits for the store waits for a server that was away meanwhile as well.
      if (whenLocked !== 'wait' || !isAway(error)) throw error
    }
  }
}

/** Who holds the store, as it says itself; undefined when that cannot be read. */
async function holderOver(session: Session, { name, tables }: Site): Promise<number | undefined> {
  const reader = readerOf(name, tables, (text, values) => session.ask(text, values))
  return (await reader.owner().catch(() => undefined))?.pid
}
