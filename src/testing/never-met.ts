import { InvalidOptionError } from '../errors/options.js'
import { insteadOf, isMisspelt } from './misspelt.js'
import { namesOf } from './names.js'
import type { SubjectOptions } from './options.js'
import { effectsIn, type MetName, stepsIn } from './world/met.js'
import type { WorldOptions } from './world/world.js'

/** Names of one option that only what runs can show to be none, and those that it has shown. */
interface Given {
  readonly option: string
  readonly names: readonly string[]
  readonly met: readonly string[]
}

/**
 * What was given by a name that nothing has had while all was tried, as paths into the options: steps for which a task has never
 * asked, and effects that a machine which names them as it runs has never had.
 * @throws {InvalidOptionError} one is spelt much like a name that was met, and of which nothing is said
 */
export function neverMetOf(
  { standIn: { definition }, earlier, process }: WorldOptions,
  { actors = {}, effects = {} }: SubjectOptions,
  met: ReadonlySet<MetName>,
): readonly string[] {
  // What is met in another process is not known here.
  if (process !== undefined) return []
  const known = [definition, ...(earlier === undefined ? [] : [earlier.definition])].map(({ machine }) =>
    namesOf(machine),
  )
  const all: readonly Given[] = [
    ...Object.entries(actors).flatMap(([task, driver]) =>
      driver !== 'run' && 'steps' in driver
        ? [
            {
              option: `actors.${task}.steps`,
              names: Object.keys(driver.steps),
              met: stepsIn(met, task),
            },
          ]
        : [],
    ),
    {
      option: 'effects',
      names: Object.keys(effects).filter((name) => !known.some((names) => names.effects.has(name))),
      met: effectsIn(met),
    },
  ]
  return all.flatMap(({ option, names, met: here }) => {
    const never = names.filter((name) => !here.includes(name))
    const unsaid = here.filter((name) => !names.includes(name))
    const wrong = never.find((name) => unsaid.some((one) => isMisspelt(name, one)))
    if (wrong === undefined) return never.map((name) => `${option}.${name}`)
    throw new InvalidOptionError(
      `${option}.${wrong}`,
      `of a name that was never met in ${definition.id}`,
      insteadOf(wrong, here, 'names that are met there'),
      { service: definition.id },
    )
  })
}
