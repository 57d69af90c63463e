import type { AnyMachineSnapshot } from 'xstate'
import { type Candidate, guardAnswers } from '../../xstate/candidates.js'
import { nameOf } from '../chart/names.js'
import type { GuardOutcome, TakenTransition } from './entry.js'
import { jsonText } from './json-text.js'

const transitions = new WeakMap<Candidate, string>()

/** A microstep as the JSON of what is shown of it; empty for one of which there is nothing to tell. */
export function microstepText(
  before: AnyMachineSnapshot | undefined,
  eventType: string,
  taken: readonly Candidate[],
): string {
  const event = taken[0]?.eventType === '' ? '' : eventType
  const guards = before === undefined ? [] : guardsOf(before, event, taken)
  if (taken.length === 0 && guards.length === 0) return ''
  let transitions = ''
  for (const transition of taken)
    transitions += `${transitions === '' ? '' : ','}${transitionText(transition)}`
  const asked = guards.length === 0 ? '' : `,"guards":${JSON.stringify(guards)}`
  return `{"event":${jsonText(event)},"transitions":[${transitions}]${asked}}`
}

function guardsOf(
  before: AnyMachineSnapshot,
  event: string,
  taken: readonly Candidate[],
): readonly GuardOutcome[] {
  const answers = guardAnswers(before, event, taken)
  return answers.map(({ candidate, index, passed }) => ({
    source: candidate.source.id,
    index,
    guard: nameOf(candidate.guard),
    passed,
  }))
}

function transitionText(transition: Candidate): string {
  let text = transitions.get(transition)
  if (text === undefined) {
    const { source, target, guard, actions } = transition
    const told: TakenTransition = {
      source: source.id,
      targets: (target ?? []).map(({ id }) => id),
      ...(guard === undefined ? {} : { guard: nameOf(guard) }),
      ...(actions.length === 0 ? {} : { actions: actions.map(nameOf) }),
    }
    text = JSON.stringify(told)
    transitions.set(transition, text)
  }
  return text
}
