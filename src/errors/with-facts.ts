import type { TardigradeError } from './base.js'

/** The same error with the service and the key, where the room that threw it did not know them. */
export function withFacts<TError extends TardigradeError>(
  error: TError,
  facts: { readonly service: string; readonly key: string },
): TError {
  return Object.assign(error, { service: error.service ?? facts.service, key: error.key ?? facts.key })
}
