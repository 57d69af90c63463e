import { hasMethods } from '../../errors/option-checks.js'
import { InvalidOptionError } from '../../errors/options.js'

/** Whether it is a promise, or what is waited for like one. */
export function isPromise(value: unknown): value is PromiseLike<unknown> {
  return hasMethods(value, 'then')
}

/** Why a function of the author's cannot answer later: time is simulated, and its answer would be always the same. */
export function late(option: string, told: string, answer: PromiseLike<unknown>): InvalidOptionError {
  // Nobody waits for it any more.
  answer.then(undefined, () => {})
  return new InvalidOptionError(option, told, 'a function that returns its answer at once')
}
