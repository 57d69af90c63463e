import type { TardigradeError } from './base.js'

/** The error as one service is told of it: a copy, where it names none and others may be told of it too. */
export function copyWithFacts<TError extends TardigradeError>(
  error: TError,
  facts: { readonly service: string; readonly key: string },
): TError {
  return error.service !== undefined && error.key !== undefined ? error : copyFor(error, facts)
}

/** A copy of the error for a service of which it was not told. */
export function copyFor<TError extends TardigradeError>(
  error: TError,
  { service, key }: { readonly service: string; readonly key: string },
): TError {
  // A copy of all that it has is one of its type.
  const copy = Object.create(Object.getPrototypeOf(error)) as TError
  const define = (name: string | symbol, own: PropertyDescriptor) => Object.defineProperty(copy, name, own)
  for (const name of Reflect.ownKeys(error)) {
    // Asking for a stack, its descriptor too, has it put into words, and most are never read. Some engines keep it behind an
    // accessor, which answers for the error alone and not for a copy.
    if (name !== 'stack') define(name, Object.getOwnPropertyDescriptor(error, name) as PropertyDescriptor)
  }
  define('stack', {
    get: () => error.stack,
    set: (value) => define('stack', { value, writable: true }),
    configurable: true,
  })
  return Object.assign(copy, { service, key })
}

/** The same error with the service and the key, where the room that threw it did not know them. */
export function withFacts<TError extends TardigradeError>(
  error: TError,
  facts: { readonly service: string; readonly key: string },
): TError {
  return Object.assign(error, { service: error.service ?? facts.service, key: error.key ?? facts.key })
}
