import { deleteDB, openDB } from 'idb'

/** What Chromium alone says of the event with which a database begins: whether it has dropped one that was damaged. */
interface ChromiumEvent {
  readonly dataLoss?: string
  readonly dataLossMessage?: string
}

/**
 * Has Chromium leave the log of this site's databases for a new one. It writes the head of a record and then its body: killed between them, it
 * goes on behind the head when it is started again, and at the start after that it finds the log damaged and drops
 * all databases of the site (seen with 150, after three of 650 kills in the middle of commits). To delete a database ends a log.
 * @returns what Chromium says where it has done so already; undefined where it has not, and in other browsers
 */
export async function beginNewLog(name: string): Promise<string | undefined> {
  if (!('dataLoss' in IDBVersionChangeEvent.prototype)) return undefined
  const prefix = `${name}, new log `
  let dropped: string | undefined
  try {
    // Each has its own: a page that is frozen in the middle of this keeps nobody waiting.
    const own = prefix + Math.random()
    const database = await openDB(own, 1, {
      upgrade(_database, _old, _new, _transaction, event) {
        // It has what the type of the standard does not know.
        const { dataLoss, dataLossMessage = '' } = event as ChromiumEvent
        if (dataLoss === 'total') dropped = dataLossMessage
      },
    })
    database.close()
    await deleteDB(own)
    // What pages have left that died meanwhile. Not asked before: Chromium tells a loss to who asks first.
    for (const { name: left = '' } of await indexedDB.databases())
      if (left.startsWith(prefix)) deleteDB(left).catch(() => {})
  } catch {
    // It is no harm to what is stored, and what keeps the browser from it tells the claim by itself.
  }
  return dropped
}
