import { StaleEpochError, StoreDamagedError } from '../errors/store.js'

/** Why this epoch may not write: another has come; or the server has gone back to a time before this one. */
export function lost(location: string, epoch: number, currentEpoch: number): Error {
  if (currentEpoch > epoch) return new StaleEpochError(epoch, currentEpoch)
  return new StoreDamagedError(
    location,
    `it knows nothing of its owner's epoch ${epoch}, so the server has lost what it had acknowledged`,
  )
}
