import { FlakyMachineError, UnverifiableError } from '../../errors/testing.js'
import type { StandIn } from '../world/stand-ins.js'
import type { WorldOptions } from '../world/world.js'

/** Why a service differs from itself where everything was alike: by what keeps a time of its own, or may, or by itself. */
export function unlike(
  { standIn: { definition, ownTime, unwatched }, process }: Pick<WorldOptions, 'standIn' | 'process'>,
  difference: string,
): Error {
  const service = definition.id
  const suspects = [...new Set([...ownTime, ...unwatched])]
  if (suspects.length === 0) return new FlakyMachineError(difference, { service }, process !== undefined)
  const problem = `what runs as written works outside the kit's time, and in the same way again it differs: ${difference}`
  return undriven(service, suspects, problem)
}

/** What differs where a task goes on by a time of its own may differ by that alone; undefined: none was seen to. */
export function untimely({ definition, ownTime }: StandIn, difference: string): Error | undefined {
  if (ownTime.size === 0) return undefined
  const problem = `what runs as written waits for what is not of the kit's time, and so ${difference}`
  return undriven(definition.id, [...ownTime], problem)
}

function undriven(service: string, asWritten: readonly string[], problem: string): Error {
  const names = asWritten.map((name) => `“${name}”`).join(', ')
  const written = asWritten.map((name) => (/^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name)))
  return new UnverifiableError(
    `${asWritten.length === 1 ? 'The actor' : 'Actors'} ${names}`,
    problem,
    `Drive it: actors: { ${written.map((name) => `${name}: { resolves: … }`).join(', ')} }.`,
    { service },
  )
}
