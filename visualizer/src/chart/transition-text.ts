import type { ChartTransition } from '../../../src/inspect/chart/chart.js'
import { triggerText } from './words.js'

/** A line of what an edge says. */
export interface Line {
  readonly kind: 'trigger' | 'guard' | 'action'
  readonly text: string
}

/** What is said of it, and where it leads, by the keys of the states. */
export function leadingTexts(
  transition: ChartTransition,
  keys: ReadonlyMap<string, string>,
): readonly [string, string] {
  const targets = (transition.targets ?? []).map((id) => keys.get(id) ?? id)
  const said = linesOf(transition).map(({ text }) => text)
  return [said.join(' '), ` → ${targets.join(', ')}`]
}

/** With whether it enters its state anew. */
export function wholeText(transition: ChartTransition): string {
  const unknown = (transition.unknownTargets ?? []).map((name) => ` → ${name}?`).join('')
  const again = transition.targets !== undefined && transition.targets.length > 0 ? ' ↻' : ''
  return [...linesOf(transition).map(({ text }) => text)].join(' ') + unknown + again
}

function linesOf({ trigger, guard, actions = [] }: ChartTransition): readonly Line[] {
  const text = triggerText(trigger)
  return [
    ...(text === '' ? [] : [{ kind: 'trigger' as const, text }]),
    ...(guard === undefined ? [] : [{ kind: 'guard' as const, text: `[${guard}]` }]),
    ...(actions.length === 0 ? [] : [{ kind: 'action' as const, text: `/ ${actions.join(', ')}` }]),
  ]
}

/** Of many, what triggers each. */
export function linesOfAll(transitions: readonly ChartTransition[]): readonly Line[] {
  const [first] = transitions
  if (first !== undefined && transitions.length === 1) return linesOf(first)
  const triggers = new Set(transitions.map(({ trigger }) => triggerText(trigger)).filter(Boolean))
  return triggers.size === 0 ? [] : [{ kind: 'trigger', text: [...triggers].join(', ') }]
}
