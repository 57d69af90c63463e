import type { AnyStateMachine } from 'xstate'
import { checksum } from '../../checkpoint/checksum.js'
import type { Chart, ChartState } from './chart.js'
import { cut, nameOf } from './names.js'
import { asConfig, type Config, type Outline, outlineOf, type Place } from './outline.js'
import { type Delays, invokesOf, listOf, transitionsOf } from './transitions.js'

/** Transitions that are drawn, in all. */
const MOST_TRANSITIONS = 20_000
/** Actions, invocations or tags of one state. */
const MOST_OF_A_STATE = 100
const LONGEST_DESCRIPTION = 1000

/**
 * The chart of a machine: its states, transitions, guards, actions and invocations by name, as JSON.
 *
 * @example
 * ```ts
 * chartOf(lifecycleMachine).root.states?.map(({ key }) => key) // ['resuming', 'running', …]
 * ```
 */
export function chartOf(machine: AnyStateMachine): Chart {
  return chartOfConfig(machine.config, machine.implementations.delays)
}

/**
 * The same of a config that comes from anywhere, such as the definition that `@statelyai/inspect` sends. Never throws for
 * data: what is no state or no transition is left out.
 */
export function chartOfConfig(config: unknown, delays: Delays = {}): Chart {
  const outline = outlineOf(asConfig(config))
  const budget = { transitions: MOST_TRANSITIONS, left: 0 }
  const root = stateOf(outline.root, outline, delays, budget)
  const { left: states } = outline
  const { left: transitions } = budget
  const chart = {
    id: outline.root.key,
    root,
    ...(states + transitions > 0 && { left: { states, transitions } }),
  }
  return { ...chart, hash: checksum(JSON.stringify(chart)) }
}

function stateOf(
  place: Place,
  outline: Outline,
  delays: Delays,
  budget: { transitions: number; left: number },
): ChartState {
  const { id, key, config, children } = place
  const all = transitionsOf(place, outline, delays)
  const transitions = all.slice(0, budget.transitions)
  budget.transitions -= transitions.length
  budget.left += all.length - transitions.length
  const type = typeOf(config, children.size)
  const invoke = invokesOf(place)
    .slice(0, MOST_OF_A_STATE)
    .map(({ id, src }) => ({ id, src }))
  const [tags, entry, exit] = [namesOf(config.tags), namesOf(config.entry), namesOf(config.exit)]
  const states = [...children.values()].map((child) => stateOf(child, outline, delays, budget))
  return {
    id,
    key: cut(key),
    type,
    ...(type === 'compound' && initialOf(place)),
    ...(type === 'history' && {
      history: config.history === 'deep' ? ('deep' as const) : ('shallow' as const),
    }),
    ...(typeof config.description === 'string' && {
      description: cut(config.description, LONGEST_DESCRIPTION),
    }),
    ...(tags.length > 0 && { tags }),
    ...(entry.length > 0 && { entry }),
    ...(exit.length > 0 && { exit }),
    ...(invoke.length > 0 && { invoke }),
    ...(transitions.length > 0 && { transitions }),
    ...(states.length > 0 && { states }),
  }
}

function typeOf(config: Config, children: number): ChartState['type'] {
  if (config.type === 'parallel' || config.type === 'final' || config.type === 'history') return config.type
  if (config.history === 'shallow' || config.history === 'deep' || config.history === true) return 'history'
  return children > 0 ? 'compound' : 'atomic'
}

function initialOf({ config, children }: Place): { readonly initial?: string } {
  const written = config.initial
  const [target] = listOf(
    typeof written === 'object' && written !== null && 'target' in written ? written.target : written,
  )
  if (typeof target !== 'string') return {}
  const initial = children.get(target.replace(/^\./, ''))?.id
  return initial === undefined ? {} : { initial }
}

function namesOf(written: unknown): readonly string[] {
  return listOf(written).slice(0, MOST_OF_A_STATE).map(nameOf)
}
