import type { AnyMachineSnapshot } from 'xstate'
import { UnverifiableError } from '../../errors/testing.js'
import { MOST_AT_ONCE } from './clock.js'
import { NO_STATES, stateInWords } from './state-in-words.js'

/** Most steps of one transition, and most events that a tree takes without a pause. */
export const MOST_AT_A_TIME = 10_000

/** How XState begins what it says of a transition that never ends. */
const ENDLESS = 'Infinite loop detected'

/** What a machine fails with that gets event after event from the actors of its own tree. */
export const endlessEvents = (type: string) => new Error(`${ENDLESS}: “${type}” comes again and again.`)

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

/** A machine that goes on and on after a step, without any time between. `where`: where it is, and after what, in words. */
export function restless(service: string, where: string): UnverifiableError {
  return new UnverifiableError(
    'The machine',
    `it does not come to rest ${where}`,
    'Look for events that it sends itself for ever; give actors that wait for the outside a driver.',
    { service },
  )
}

/** A machine that has failed since something in it never ends; undefined: it has failed by something else. */
export function endless(service: string, cause: unknown, where: string): UnverifiableError | undefined {
  // XState has no class for it, and one of another process is known by its message alone.
  if (!(cause instanceof Error) || !cause.message.startsWith(ENDLESS)) return undefined
  const [, type] = /: “(.*)” comes again/.exec(cause.message) ?? []
  const facts = { service, cause }
  if (type === undefined) {
    return new UnverifiableError(
      'The machine',
      `a transition of it never ends, beyond ${MOST_AT_A_TIME} steps, ${where}`,
      'Look for `always` without a guard that ends it, and for events that it raises for itself.',
      facts,
    )
  }
  return new UnverifiableError(
    'The machine',
    `its actors send themselves or each other “${type}” without end, beyond ${MOST_AT_A_TIME} events, ${where}`,
    'Look for `sendTo`, `sendParent` and `forwardTo` that bring about what they answer to, and for an actor that is invoked again as soon as it has answered.',
    facts,
  )
}

/** Where a service is in which something never ends, in words. `last`: what came to it from outside. */
export function whereaboutsOf(last: string, snapshot: AnyMachineSnapshot | undefined): string {
  const state = stateInWords(snapshot?.value)
  return state === NO_STATES ? `after ${last}` : `after ${last}, in the state ${state}`
}
