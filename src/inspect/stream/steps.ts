import type { AnyMachineSnapshot } from 'xstate'
import { type Candidate, guardAnswers } from '../../xstate/candidates.js'
import { nameOf } from '../chart/names.js'
import type { GuardOutcome, Microstep, TakenTransition } from './entry.js'

const transitions = new WeakMap<Candidate, TakenTransition>()

/** A microstep as it is shown; undefined for one of which there is nothing to tell. */
export function microstepOf(
  before: AnyMachineSnapshot | undefined,
  eventType: string,
  taken: readonly Candidate[],
): Microstep | undefined {
  const event = taken[0]?.eventType === '' ? '' : eventType
  const guards = before === undefined ? [] : guardsOf(before, event, taken)
  if (taken.length === 0 && guards.length === 0) return undefined
  const told = { event, transitions: taken.map(transitionOf) }
  return guards.length === 0 ? told : { ...told, guards }
}

function guardsOf(
  before: AnyMachineSnapshot,
  event: string,
  taken: readonly Candidate[],
): readonly GuardOutcome[] {
  return guardAnswers(before, event, taken).map(({ candidate, index, passed }) => ({
    source: candidate.source.id,
    index,
    guard: nameOf(candidate.guard),
    passed,
  }))
}

function transitionOf(transition: Candidate): TakenTransition {
  let told = transitions.get(transition)
  if (told === undefined) {
    const { source, target, guard, actions } = transition
    told = {
      source: source.id,
      targets: (target ?? []).map(({ id }) => id),
      ...(guard === undefined ? {} : { guard: nameOf(guard) }),
      ...(actions.length === 0 ? {} : { actions: actions.map(nameOf) }),
    }
    transitions.set(transition, told)
  }
  return told
}
