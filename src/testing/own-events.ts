import type { EventObject } from 'xstate'
import { isObject } from '../errors/option-checks.js'
import { InvalidOptionError } from '../errors/options.js'
import type { ServiceDefinition } from '../service/definition.js'
import { isOfPattern } from '../xstate/descriptor.js'
import { type FastCheck, loadFastCheck } from './fast-check.js'
import { insteadOf } from './misspelt.js'
import { type EventSource, isArbitrary, patternsOf } from './plans/events.js'
import { isEvent } from './plans/step-problem.js'

/** How many of an arbitrary's events are looked at for whether one is for a service. */
const DRAWN = 200

/**
 * Of the events for several services those that this one takes. Where all are for others, it is sent what it names by itself.
 * @throws {InvalidOptionError} an event is for none of them
 */
export async function ownEvents(
  events: unknown,
  service: ServiceDefinition,
  others: readonly ServiceDefinition[],
  earlier: ServiceDefinition | undefined,
): Promise<{ readonly events?: readonly EventSource[] | undefined }> {
  const { own, all } = takenBy(service, others, earlier)
  // Wrong shapes are told with all options; and what takes nothing may be sent any, which it leaves alone.
  if (!Array.isArray(events) || !events.every(isSource) || own.length === 0) return {}
  const fastCheck = events.some(isArbitrary) ? await loadFastCheck() : undefined
  const kept = events.flatMap((event: EventSource, index): readonly EventSource[] => {
    if (fastCheck !== undefined && isArbitrary(event)) {
      const mine = (one: EventObject) => !isEvent(one) || isTaken(own, one) || !isTaken(all, one)
      return drawsOne(fastCheck, event, mine) ? [event.filter(mine)] : []
    }
    // An arbitrary has loaded fast-check, and was drawn above.
    const plain = event as EventObject
    checkTaken(`events[${index}]`, plain, all)
    return isTaken(own, plain) ? [event] : []
  })
  return { events: kept.length === 0 && events.length > 0 ? undefined : kept }
}

/**
 * Of the sequences for several services those of which this one takes every event.
 * @throws {InvalidOptionError} an event is for none of them, or no sequence is for this one
 */
export function ownSequences(
  sequences: unknown,
  service: ServiceDefinition,
  others: readonly ServiceDefinition[],
): { readonly sequences?: readonly (readonly unknown[])[] } {
  if (!Array.isArray(sequences) || !sequences.every(Array.isArray) || sequences.length === 0) return {}
  const { own, all } = takenBy(service, others)
  const kept = sequences.filter((sequence: readonly unknown[], index) => {
    const sent = sequence.map(eventOf)
    for (const [place, event] of sent.entries()) {
      if (event !== undefined) checkTaken(`sequences[${index}][${place}]`, event, all)
    }
    return sent.every((event) => event === undefined || isTaken(own, event))
  })
  if (kept.length > 0) return { sequences: kept }
  throw new InvalidOptionError(
    'sequences',
    `of ${sequences.length}, and ${service.id} takes all events of none`,
    `one of events that it takes (${own.join(', ')}) too, or verify the services of the others alone`,
    { service: service.id },
  )
}

function takenBy(
  service: ServiceDefinition,
  others: readonly ServiceDefinition[],
  earlier?: ServiceDefinition,
): { readonly own: readonly string[]; readonly all: readonly string[] } {
  const before = earlier?.id === service.id ? [earlier.machine] : []
  const own = patternsOf([service.machine, ...before])
  return { own, all: [...new Set([...own, ...patternsOf(others.map(({ machine }) => machine))])] }
}

const isSource = (value: unknown): value is EventSource =>
  isEvent(value) || (isObject(value) && 'generate' in value)

/** Those of XState's own every service refuses. */
const isTaken = (patterns: readonly string[], { type }: EventObject) =>
  type.startsWith('xstate.') || patterns.some((pattern) => isOfPattern(type, pattern))

function drawsOne(
  { sample }: FastCheck,
  arbitrary: Extract<EventSource, { generate: unknown }>,
  mine: (event: EventObject) => boolean,
): boolean {
  return sample(arbitrary, { numRuns: DRAWN, seed: 1 }).some(mine)
}

/** What a part of a sequence sends; undefined: time passes, or it is no such part. */
function eventOf(part: unknown): EventObject | undefined {
  const event: unknown = isObject(part) && 'event' in part ? part.event : part
  return isEvent(event) ? (event as EventObject) : undefined
}

function checkTaken(at: string, event: EventObject, all: readonly string[]): void {
  if (isTaken(all, event)) return
  throw new InvalidOptionError(
    at,
    `of an event “${event.type}”, which none of the services takes`,
    insteadOf(event.type, all, 'events of their machines'),
  )
}
