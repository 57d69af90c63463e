import type { AnyStateMachine } from 'xstate'
import { actionsOf, builtinOf } from '../service/actions.js'
import { timerNames } from '../service/preflight-options.js'
import { isMachine } from '../service/walk.js'
import { isTask } from '../task/task.js'
import { logicsOf } from './logics.js'

/** What drivers and oracles can name in a machine and in those inside it. */
export interface Names {
  readonly actors: ReadonlySet<string>
  /** Of actions, actors and emitted events, as far as they can be seen in the machine. */
  readonly effects: ReadonlySet<string>
  /** Of delays and delayed events, likewise. */
  readonly timers: ReadonlySet<string>
  /** What has others that are known only as the machine runs. */
  readonly open: ReadonlySet<'effects' | 'timers'>
}

/** The names in `setup`, and of the events that are emitted. */
export function namesOf(machine: AnyStateMachine): Names {
  const { actions, actors } = machine.implementations
  const logics = logicsOf(machine).map(([, logic]) => logic)
  const emitted = actionsOf(machine).map(({ value }) => emittedBy(value))
  const inside = logics.filter(isMachine).map(namesOf)
  const names = new Set([...Object.keys(actors), ...inside.flatMap((one) => [...one.actors])])
  const open = new Set(inside.flatMap((one) => [...one.open]))
  // A task names its steps as it runs.
  if (emitted.includes(undefined) || logics.some(isTask)) open.add('effects')
  if (actionsOf(machine).some(({ value }) => builtinOf(value)?.type === 'xstate.enqueueActions'))
    open.add('timers')
  const effects = new Set([
    ...names,
    ...Object.keys(actions),
    ...emitted.flatMap((types) => types ?? []),
    ...inside.flatMap((one) => [...one.effects]),
  ])
  return { actors: names, effects, timers: timerNames(machine), open }
}

/** Types of the events that an action emits; undefined: it decides as it runs. */
function emittedBy(action: unknown): readonly string[] | undefined {
  if (typeof action !== 'function' || !('type' in action)) return []
  if (action.type === 'xstate.enqueueActions') return undefined
  if (action.type !== 'xstate.emit') return []
  const event: unknown = 'event' in action ? action.event : undefined
  // XState keeps an event that is given as it is, and a function that makes it.
  return typeof event === 'object' && event !== null && 'type' in event ? [String(event.type)] : undefined
}
