import { FlakyMachineError, type LedTo, UnverifiableError } from '../../errors/testing.js'
import { keyInCode } from '../key-in-code.js'
import { hasStarted, stepsIn } from '../world/met.js'
import type { StandIn } from '../world/stand-ins.js'
import type { WorldOptions } from '../world/world.js'
import type { Step } from './steps.js'

/**
 * Why a service differs from itself where everything was alike: by what keeps a time of its own, or may, or by itself.
 * @param led what led there, where that is known
 */
export function unlike(
  { standIn, process }: Pick<WorldOptions, 'standIn' | 'process'>,
  difference: string,
  led?: LedTo<Step>,
): Error {
  const { definition, ownTime, unwatched } = standIn
  const service = definition.id
  const suspects = [...new Set([...ownTime, ...unwatched])]
  if (suspects.length === 0) {
    const circumstances = { isolated: process !== undefined, written: writtenTasks(standIn) }
    return new FlakyMachineError(difference, led, { service }, circumstances)
  }
  const after = led === undefined || led.told.length === 0 ? '' : `, after “${led.told.join('; ')}”`
  const problem = `what runs as written works outside the kit's time, and in the same way again it differs${after}: ${difference}`
  return undriven(service, suspects, problem)
}

/** The tasks that have run as written, whose code may read what it likes; undefined: there is none. */
function writtenTasks({ asWritten, met }: StandIn): string | undefined {
  const tasks = [...new Set(asWritten)].filter((name) => hasStarted(met, name))
  if (tasks.length === 0) return undefined
  const names = tasks.map((name) => `“${name}”`).join(', ')
  const drivers = tasks.map((task) => {
    const steps = stepsIn(met, task).map((step) => `${keyInCode(step)}: { resolves: … }`)
    return `${keyInCode(task)}: { steps: { ${steps.length === 0 ? '…' : steps.join(', ')} } }`
  })
  return `${names} ${tasks.length === 1 ? 'runs' : 'run'} as written: where a step reads what lies outside, drive it, as in actors: { ${drivers.join(', ')} }; what is read between steps belongs into one.`
}

/** What differs where a task goes on by a time of its own may differ by that alone; undefined: none was seen to. */
export function untimely({ definition, ownTime }: StandIn, difference: string): Error | undefined {
  if (ownTime.size === 0) return undefined
  const problem = `what runs as written waits for what is not of the kit's time, and so ${difference}`
  return undriven(definition.id, [...ownTime], problem)
}

function undriven(service: string, asWritten: readonly string[], problem: string): Error {
  const names = asWritten.map((name) => `“${name}”`).join(', ')
  const written = asWritten.map(keyInCode)
  return new UnverifiableError(
    `${asWritten.length === 1 ? 'The actor' : 'Actors'} ${names}`,
    problem,
    `Drive it: actors: { ${written.map((name) => `${name}: { resolves: … }`).join(', ')} }.`,
    { service },
  )
}
