import { InvalidOptionError } from '../errors/options.js'
import type { ServiceDefinition } from '../service/definition.js'
import { isOfPattern } from '../xstate/descriptor.js'
import { insteadOf } from './misspelt.js'
import { patternsOf } from './plans/events.js'

/** Refuses an event that nothing takes, by where it stands in the options, as in `events[1]`. */
export type CheckTaken = (at: string, type: string) => void

/**
 * Whether a service takes an event in one of its states: one that it takes in none would try nothing.
 * @param earlier its earlier version, which may take others
 * @returns throws an {InvalidOptionError} where it takes none of that type
 */
export function takenBy({ id, machine }: ServiceDefinition, earlier?: ServiceDefinition): CheckTaken {
  const taken = patternsOf(earlier === undefined ? [machine] : [machine, earlier.machine])
  return (at, type) => {
    if (taken.some((pattern) => isOfPattern(type, pattern))) return
    throw new InvalidOptionError(
      at,
      `of an event “${type}”, which ${id} takes in none of its states`,
      taken.length === 0 ? 'times alone' : insteadOf(type, taken, 'events of the machine'),
      { service: id },
    )
  }
}
