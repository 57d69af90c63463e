import { problemOf } from '../errors/base.js'
import { RemoteError } from './errors.js'
import type { WireError } from './protocol.js'

/** The owner's message ends with its remedy, and so will this one's. */
export function fromWire({ code, message, remedy, service, key }: WireError): RemoteError {
  const facts = { service, key }
  const elsewhere = 'The output of the process that owns the store says more.'
  return new RemoteError(code, problemOf({ message, remedy }), remedy ?? elsewhere, facts)
}
