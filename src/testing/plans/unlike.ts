import { FlakyMachineError, UnverifiableError } from '../../errors/testing.js'
import type { StandIn } from '../world/stand-ins.js'

/** Why a service differs from itself without any interruption: by what runs as written, or by itself. */
export function unlike({ definition, asWritten }: StandIn, difference: string): Error {
  const service = definition.id
  if (asWritten.length === 0) return new FlakyMachineError(difference, { service })
  const names = asWritten.map((name) => `“${name}”`).join(', ')
  const written = asWritten.map((name) => (/^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name)))
  return new UnverifiableError(
    `${asWritten.length === 1 ? 'The actor' : 'Actors'} ${names}`,
    `what runs as written works outside the kit's time, and without any interruption too ${difference}`,
    `Drive it: actors: { ${written.map((name) => `${name}: { resolves: … }`).join(', ')} }.`,
    { service },
  )
}
