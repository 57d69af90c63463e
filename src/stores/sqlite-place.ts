import { identityOf } from '../disk/identity.js'

/** Looked for no more often: each look costs a commit of one service a twentieth. */
const LOOK_EVERY_MS = 100

/** Whether the files that an owner has open are those that others find in the folder. */
export interface SqlitePlace {
  isOurs(): boolean
  /** The same as it was a moment ago, at the most: for whoever asks all the time. */
  wasOurs(): boolean
}

/**
 * The database at `path` and its log as they lie there now; `now` tells the time in ms. Of a file that was deleted, or that another one has replaced, the
 * kernel keeps what its owner goes on writing until that ends, and nobody would ever find it.
 */
export function placeOf(path: string, now: () => number): SqlitePlace {
  const files = [path, `${path}-wal`]
  const opened = files.map(identityOf)
  const isOurs = () => files.every((file, index) => identityOf(file) === opened[index])
  let [seen, seenAtMs] = [true, now()]
  return {
    isOurs,
    wasOurs() {
      const atMs = now()
      // A clock may go back.
      if (Math.abs(atMs - seenAtMs) >= LOOK_EVERY_MS) [seen, seenAtMs] = [isOurs(), atMs]
      return seen
    },
  }
}
