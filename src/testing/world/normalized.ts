import { InvalidOptionError } from '../../errors/options.js'
import { answerOf } from './late.js'
import type { Observation } from './observe.js'

/**
 * What an author leaves of what was seen, whatever shape it has.
 * @throws {InvalidOptionError} they leave nothing, answer later, or throw
 */
export function normalized(
  seen: Observation,
  normalize: ((seen: Observation) => unknown) | undefined,
): Partial<Observation> {
  if (normalize === undefined) return seen
  const left = answerOf('normalize', () => normalize(seen))
  if (left === undefined || left === null) {
    throw new InvalidOptionError(
      'normalize',
      `a function that returned ${left}`,
      'one that returns what is to be compared, as in (seen) => ({ ...seen, timers: [] })',
    )
  }
  // What the author has left of it is compared as data, whatever it is.
  return left as Partial<Observation>
}
