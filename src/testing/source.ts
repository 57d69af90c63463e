import type { EventObject } from 'xstate'
import { shown } from '../errors/option-checks.js'
import { InvalidOptionError } from '../errors/options.js'
import { UnverifiableError } from '../errors/testing.js'
import type { ServiceDefinition } from '../service/definition.js'
import { type CheckTaken, takenBy } from './check-taken.js'
import type { SubjectOptions, VerifyOptions } from './options.js'
import { stepsOfSequence } from './plans/crash-points.js'
import { type EventSource, eventsFor, isArbitrary, patternsOf } from './plans/events.js'
import { isEvent } from './plans/step-problem.js'
import type { InterruptionKind } from './plans/steps.js'
import { kindsFor } from './subject.js'

/** What is sent to a service, and what interrupts it. */
export interface Source {
  readonly definition: ServiceDefinition
  readonly events: readonly EventSource[]
  readonly kinds: readonly InterruptionKind[]
  /** Types of the events, as far as they are known beforehand. */
  readonly types: readonly string[]
}

/** What the kinds of the mode of crash points are called among all. */
const CRASH_POINT_KINDS: readonly InterruptionKind[] = ['crash', 'storeTears', 'storeFull']

/** @throws {UnverifiableError} there is no event, or a kind that needs something that was not given */
export function sourceOf(definition: ServiceDefinition, options: VerifyOptions): Source {
  // By types there is none in that mode; modules and the command line may choose it for all that they have.
  const { earlier }: SubjectOptions = options
  if (options.mode === 'crashPoints') {
    if (options.isolate !== undefined) {
      throw new UnverifiableError(
        'The mode crashPoints',
        'it needs a store of which half a record can be left, and these are real',
        "Choose mode: 'random', whose plans crash before and after commits and effects, or leave out `isolate`.",
        { service: definition.id },
      )
    }
    if (earlier !== undefined) {
      throw new InvalidOptionError(
        'earlier',
        `version ${earlier.version}, and the mode crashPoints begins with no earlier version`,
        "it with mode: 'random' or 'exhaustive', which upgrade, and leave it out here",
        { service: definition.id },
      )
    }
    // Types ask for them; modules and the command line may choose the mode alone.
    const { sequences } = options as Partial<typeof options>
    if (sequences === undefined) {
      throw new InvalidOptionError(
        'sequences',
        sequences,
        "what mode: 'crashPoints' sends: sequences: [[{ type: … }]]",
        {
          service: definition.id,
        },
      )
    }
    const check = takenBy(definition)
    const types = sequences.flatMap((sequence, index) =>
      stepsOfSequence(sequence).flatMap((step, place) => {
        if (!('event' in step)) return []
        check(`sequences[${index}][${place}]`, step.event.type)
        return [step.event.type]
      }),
    )
    return { definition, events: [], kinds: CRASH_POINT_KINDS, types }
  }
  // Events of one machine are events of any; the arbitraries too.
  const given = options.events as readonly EventSource[] | undefined
  const machines = [definition.machine, ...(earlier === undefined ? [] : [earlier.machine])]
  const events = checked(
    eventsFor(definition.id, machines, given, [definition.resumedEvent, earlier?.resumedEvent]),
    takenBy(definition, earlier),
    patternsOf(machines).length === 0,
  )
  const types = events.flatMap((event) => (isArbitrary(event) ? [] : [event.type]))
  return { definition, events, kinds: kindsFor(definition, options.kinds, options), types }
}

/** What is drawn of an arbitrary is known as it is drawn. A machine that takes none may be sent any, which it leaves alone. */
function checked(
  events: readonly EventSource[],
  check: CheckTaken,
  takesNone: boolean,
): readonly EventSource[] {
  return events.map((event, index) => {
    const at = `events[${index}]`
    const taken = (one: EventObject) => {
      if (!isEvent(one))
        throw new InvalidOptionError(
          at,
          `an arbitrary of ${shown(one)}`,
          'one of events, objects with a type',
        )
      // Those of XState's own every service refuses.
      if (!takesNone && !one.type.startsWith('xstate.')) check(at, one.type)
      return one
    }
    return isArbitrary(event) ? event.map(taken) : taken(event)
  })
}
