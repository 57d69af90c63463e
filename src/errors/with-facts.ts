import type { TardigradeError } from './base.js'

/** The error as one service is told of it: a copy, where it names none and others may be told of it too. */
export function copyWithFacts<TError extends TardigradeError>(
  error: TError,
  facts: { readonly service: string; readonly key: string },
): TError {
  if (error.service !== undefined && error.key !== undefined) return error
  // Some engines keep the stack behind an accessor, which answers for the error alone and not for a copy.
  const stack = { value: error.stack, writable: true, configurable: true }
  const own = { ...Object.getOwnPropertyDescriptors(error), stack }
  // A copy of all that it has is one of its type.
  const copy = Object.create(Object.getPrototypeOf(error), own) as TError
  return withFacts(copy, facts)
}

/** The same error with the service and the key, where the room that threw it did not know them. */
export function withFacts<TError extends TardigradeError>(
  error: TError,
  facts: { readonly service: string; readonly key: string },
): TError {
  return Object.assign(error, { service: error.service ?? facts.service, key: error.key ?? facts.key })
}
