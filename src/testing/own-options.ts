import type { ServiceDefinition } from '../service/definition.js'
import { type Names, namesOf } from './names.js'
import { ownEvents, ownSequences } from './own-events.js'

/** What of the options is sorted: by names, and by what is sent. */
interface Sorted {
  readonly actors?: object
  readonly effects?: object
  readonly events?: unknown
  readonly sequences?: unknown
  readonly earlier?: ServiceDefinition
}

/**
 * Of options for several services, the drivers, oracles, events and sequences for this one, and those that are for none of them.
 * @throws {InvalidOptionError} an event is for none of them, or no sequence is for this one
 */
export async function ownOf<TOptions extends Sorted>(
  options: TOptions,
  service: ServiceDefinition,
  all: readonly ServiceDefinition[],
): Promise<TOptions> {
  const rest = all.filter((one) => one !== service)
  if (rest.length === 0) return options
  const own = namesOf(service.machine)
  const others = rest.map(({ machine }) => namesOf(machine))
  const mayHave = (names: Names, of: 'actors' | 'effects', name: string) =>
    names[of].has(name) || (of === 'effects' && names.open.has(of))
  const kept = (of: 'actors' | 'effects') => {
    const entries = Object.entries(options[of] ?? {}).filter(
      ([name]) => mayHave(own, of, name) || !others.some((names) => mayHave(names, of, name)),
    )
    return options[of] === undefined ? {} : { [of]: Object.fromEntries(entries) }
  }
  return {
    ...options,
    ...kept('actors'),
    ...kept('effects'),
    ...(await ownEvents(options.events, service, rest, options.earlier)),
    ...ownSequences(options.sequences, service, rest),
  }
}
