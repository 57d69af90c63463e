import { hasMethods } from '../../errors/option-checks.js'
import { InvalidOptionError } from '../../errors/options.js'
import { reasonOf } from '../../errors/text-of.js'

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

/**
 * What a function of the author's answers.
 * @throws {InvalidOptionError} it throws, or answers later
 */
export function answerOf(option: string, ask: () => unknown): unknown {
  let answer: unknown
  try {
    answer = ask()
  } catch (cause) {
    throw new InvalidOptionError(
      option,
      `a function that threw ${reasonOf(cause)}`,
      'one that answers for every state of the service',
      { cause },
    )
  }
  if (isPromise(answer)) throw late(option, 'a function that returns a promise', answer)
  return answer
}
