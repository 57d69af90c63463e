import type { StoreOlderError } from '../errors/inspect.js'
import { problemFrom } from './problem.js'
import type { StoreOwnerShown } from './stream/stored.js'

/** What is told of a store's owner where the store is older than what was recorded beside it. */
export function olderShown(older: StoreOlderError | undefined): Pick<StoreOwnerShown, 'older' | 'behind'> {
  if (older === undefined) return {}
  return { older: problemFrom(older), behind: older.services.map(({ key }) => key) }
}
