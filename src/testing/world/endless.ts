import { UnverifiableError } from '../../errors/testing.js'
import { MOST_AT_ONCE } from './clock.js'

/** A machine in which a delay begins again at the very time at which it comes due. `event`: that of the timer that is due. */
export function timeless(service: string, event: unknown): UnverifiableError {
  // Where there is no timer there is no type.
  const { type } = (event ?? {}) as { readonly type?: unknown }
  return new UnverifiableError(
    type === undefined ? 'A delay of the machine' : `The delay of “${type}”`,
    `it comes due again and again without any time between, more than ${MOST_AT_ONCE} times, and no time ever passes`,
    'Give it 1 ms or more where it begins again by itself, or look for what should end it.',
    { service },
  )
}

/** A machine that goes on and on after a step, without any time between. */
export function restless(service: string): UnverifiableError {
  return new UnverifiableError(
    'The machine',
    'it does not come to rest after a step',
    'Look for events that it sends itself for ever; give actors that wait for the outside a driver.',
    { service },
  )
}
