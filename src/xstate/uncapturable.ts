import { UncapturableError } from '../errors/service.js'
import type { InternalActor } from './internals.js'
import { pathOf } from './paths.js'

/** The error of an actor that no checkpoint can hold. */
export function uncapturable(actor: InternalActor, problem: string, remedy: string): UncapturableError {
  return new UncapturableError(`The actor ${pathOf(actor).join('/')}`, problem, remedy)
}
