import type { Arbitrary } from 'fast-check'
import type { AnyStateMachine, EventObject } from 'xstate'
import { UnverifiableError } from '../errors/testing.js'
import { allNodes } from '../service/walk.js'
import type { FastCheck } from './fast-check.js'
import type { CrashPoint, InterruptionKind, Step } from './steps.js'

/** The events that a machine names: those without data, of which the kit can make some by itself. */
export function eventsOf(machine: AnyStateMachine): readonly EventObject[] {
  const types = new Set(allNodes(machine).flatMap((node) => node.ownEvents))
  // The events of XState's own, and patterns, are nobody's to send.
  return [...types]
    .filter((type) => !type.startsWith('xstate.') && !type.includes('*'))
    .map((type) => ({ type }))
}

/** Plans of an author's events and interruptions of these kinds. */
export function plans(
  fc: FastCheck,
  service: string,
  events: readonly (EventObject | Arbitrary<EventObject>)[],
  kinds: readonly InterruptionKind[],
  most: { readonly steps: number; readonly ms: number },
): Arbitrary<readonly Step[]> {
  if (events.length === 0) {
    throw new UnverifiableError('The machine', 'it names no event', 'Give some: events: [{ type: … }].', {
      service,
    })
  }
  const event = fc.oneof(...events.map((one) => ('generate' in one ? one : fc.constant(one))))
  const ms = fc.integer({ min: 1, max: most.ms })
  const at = fc.constantFrom<CrashPoint>('before-commit', 'after-commit', 'during-effect')
  const interruption = (kind: InterruptionKind): Arbitrary<Step> => {
    const named = fc.constant(kind)
    // The casts put together again what the kind has parted.
    if (kind === 'crash') return fc.record({ do: named, at, event }) as Arbitrary<Step>
    if (kind === 'frozen') return fc.record({ do: named, ms }) as Arbitrary<Step>
    if (kind === 'pauseAndSend' || kind === 'storeFails')
      return fc.record({ do: named, event }) as Arbitrary<Step>
    return fc.constant({ do: kind } as Step)
  }
  const step = fc.oneof(
    { weight: 5, arbitrary: fc.record({ do: fc.constant('send' as const), event }) },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('advance' as const), ms }) },
    { weight: 6, arbitrary: fc.oneof(...kinds.map(interruption)) },
  )
  return fc.array<Step>(step, { minLength: 1, maxLength: most.steps })
}
