import { StaleEpochError, StoreDamagedError } from '../errors/store.js'

/**
 * Why a claim of this epoch may not write: another has come; or the server has gone back to a time before what it had acknowledged, and
 * has given the same epoch to another perhaps.
 */
export function lost(location: string, epoch: number, currentEpoch: number): Error {
  if (currentEpoch > epoch) return new StaleEpochError(epoch, currentEpoch)
  return new StoreDamagedError(
    location,
    `it does not hold what its owner of epoch ${epoch} had written, so the server has lost what it had acknowledged`,
    {},
    'Nothing was changed. Start the process again: it goes on from what is there.',
  )
}
