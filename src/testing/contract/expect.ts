import { firstDifference } from '../compare.js'

/** A promise that is not kept, in words. */
export class Unmet extends Error {}

/** @throws {Unmet} they differ */
export function same(found: unknown, expected: unknown, what: string): void {
  const difference = firstDifference(expected, found, '', 'by the contract')
  if (difference !== undefined) throw new Unmet(`${what}: ${difference}.`)
}

/** @throws {Unmet} it does not hold */
export function holds(condition: boolean, otherwise: string): asserts condition {
  if (!condition) throw new Unmet(`${otherwise}.`)
}

/** A class of errors, as `instanceof` takes it. */
type ErrorClass = abstract new (...args: never[]) => Error

/**
 * @returns the error
 * @throws {Unmet} it is another, or its fields are
 */
export function isError(found: unknown, kind: ErrorClass, fields: object, what: string): Error {
  const ends = found === undefined ? 'goes through' : `ends in ${inWords(found)}`
  holds(found instanceof kind, `${what} ${ends}, and must be refused with: ${kind.name}`)
  const own = Object.fromEntries(Object.keys(fields).map((name) => [name, Reflect.get(found, name)]))
  same(own, fields, `the ${kind.name} of ${what}`)
  return found
}

/**
 * @returns the error that it rejects with
 * @throws {Unmet} it resolves, or rejects with another
 */
export async function refused(
  answer: Promise<unknown>,
  kind: ErrorClass,
  fields: object,
  what: string,
): Promise<Error> {
  const error = await answer.then(
    () => undefined,
    (error: unknown) => error,
  )
  return isError(error, kind, fields, what)
}

/** Something thrown, in words. */
export function inWords(thrown: unknown): string {
  return thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : String(thrown)
}
