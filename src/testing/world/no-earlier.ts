import { UnverifiableError } from '../../errors/testing.js'

/** Why a service cannot be upgraded: it was not said from what. */
export function noEarlier(service: string): UnverifiableError {
  return new UnverifiableError(
    'The interruption `upgrade`',
    'the kit does not know what the service was before',
    'Give the definition of the earlier version: earlier: defineService({ version: …, … }).',
    { service },
  )
}
