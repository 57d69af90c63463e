import { StoreDamagedError } from '../../errors/store.js'
import { DAMAGED_HERE_REMEDY } from '../damaged-remedies.js'
import type { ResolvedStoreOptions } from '../options.js'
import { ask, settle, write } from './one-go.js'
import type { Database } from './open.js'
import { OWNER, placeOf, type Schema } from './schema.js'
import type { TabLock } from './tab-lock.js'

/** So many epochs that are over are told apart from one that writes. Who may have stood still looks who is the owner before it writes. */
const FENCED = 10_000

/**
 * Writes this tab down as the owner, and the epoch before it as over. Gives what is written of it, and how many checkpoints a key keeps:
 * what this owner asked for, else what the last one did; undefined where the lock was taken away meanwhile.
 */
export async function takeEpoch(
  location: string,
  database: Database,
  lock: TabLock,
  pid: number,
  { keep: asked, keepGiven, now }: ResolvedStoreOptions,
): Promise<Schema['owner']['value'] | undefined> {
  for (let tooLate = 0; ; ) {
    const last = await ask(database, 'owner', (owners) => owners.get(OWNER))
    // The page may have been frozen before that, and another have come. One that comes after it has this one come too late.
    if (!(await lock.isHeld())) return undefined
    const over = last?.epoch ?? 0
    const epoch = over + 1
    if (epoch === tooLate)
      throw new StoreDamagedError(
        location,
        `it has had owners after epoch ${over}, its last`,
        {},
        DAMAGED_HERE_REMEDY,
      )
    const owner = { epoch, pid, claimedAtMs: now() }
    const keep = keepGiven ? asked : (last?.keep ?? asked)
    const kept = last?.keep ?? keep
    const taken = await write(database, epoch, (transaction) => {
      settle(transaction.objectStore('turn').add({ id: `over ${over}`, epoch: over }))
      settle(transaction.objectStore('turn').delete(`over ${over - FENCED}`))
      settle(transaction.objectStore('owner').put({ ...owner, keep: kept }, OWNER))
    })
    if (!taken) tooLate = epoch
    // Nobody else writes any more.
    else if (kept === keep || (await resizeRings(database, { ...owner, keep }))) return { ...owner, keep }
  }
}

/** Puts every checkpoint in its place of the new rings; what they have no room for goes. False where the owner is none any more. */
async function resizeRings(database: Database, owner: Schema['owner']['value']): Promise<boolean> {
  const { epoch, keep } = owner
  const all = await ask(database, 'checkpoint', (checkpoints) => checkpoints.getAll())
  const summaries = await ask(database, 'newest', (newest) => newest.getAll())
  const newest = new Map(summaries.map((one) => [one.key, one.sequence]))
  return write(database, epoch, (transaction) => {
    const checkpoints = transaction.objectStore('checkpoint')
    settle(checkpoints.clear())
    for (const one of all) {
      const { key, sequence } = one
      if (sequence > (newest.get(key) ?? 0) - keep) settle(checkpoints.put(one, placeOf(key, sequence, keep)))
    }
    settle(transaction.objectStore('owner').put(owner, OWNER))
  })
}
