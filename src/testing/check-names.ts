import { isObject } from '../errors/option-checks.js'
import { InvalidOptionError } from '../errors/options.js'
import type { ServiceDefinition } from '../service/definition.js'
import { insteadOf, isMisspelt } from './misspelt.js'
import { type Names, namesOf } from './names.js'
import type { SubjectOptions } from './options.js'

/**
 * Drivers, oracles and policies of what the service does not have. Where others are known only as the machine runs, the
 * names that are spelt much like one that it has.
 * @throws {InvalidOptionError} there is one
 */
export function checkNames(definition: ServiceDefinition, options: SubjectOptions): void {
  const { actors = {}, effects = {}, earlier } = options
  const { id, machine, timers } = definition
  const all = [machine, ...(earlier === undefined ? [] : [earlier.machine])].map(namesOf)
  // The steps of a task ask by names of their own.
  const steps = Object.values(actors).flatMap((one) =>
    isObject(one) && 'steps' in one ? Object.keys(one.steps) : [],
  )
  check(id, 'actors', Object.keys(actors), all)
  check(id, 'effects', Object.keys(effects), all, steps)
  check(id, 'timers', typeof timers === 'string' ? [] : Object.keys(timers), all.slice(0, 1), ['default'])
}

function check(
  service: string,
  option: 'actors' | 'effects' | 'timers',
  given: readonly string[],
  all: readonly Names[],
  besides: readonly string[] = [],
): void {
  const known = [...new Set([...all.flatMap((names) => [...names[option]]), ...besides])]
  const open = option !== 'actors' && all.some((names) => names.open.has(option))
  const meant = known.filter((name) => !given.includes(name))
  const unknown = given.find(
    (name) => !known.includes(name) && (!open || meant.some((one) => isMisspelt(name, one))),
  )
  if (unknown === undefined) return
  throw new InvalidOptionError(
    `${option}.${unknown}`,
    `of a name that ${service} does not have`,
    known.length === 0
      ? 'none, since the machine has none'
      : insteadOf(unknown, known, 'names of the machine'),
    { service },
  )
}
