import { InvalidOptionError } from '../../errors/options.js'
import { isPromise, late } from './late.js'
import type { Observation } from './observe.js'

/**
 * What an author leaves of what was seen, whatever shape it has.
 * @throws {InvalidOptionError} they leave nothing, or answer later
 */
export function normalized(
  seen: Observation,
  normalize: ((seen: Observation) => unknown) | undefined,
): Partial<Observation> {
  if (normalize === undefined) return seen
  const left = normalize(seen)
  if (isPromise(left)) throw late('normalize', 'a function that returns a promise', left)
  if (left === undefined || left === null) {
    throw new InvalidOptionError(
      'normalize',
      `a function that returned ${left}`,
      'one that returns what is to be compared, as in (seen) => ({ ...seen, timers: [] })',
    )
  }
  return left as Partial<Observation>
}
