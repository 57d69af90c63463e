import type { AnyStateMachine } from 'xstate'
import type { OutboxEntry } from '../checkpoint/record.js'
import { isMachine } from '../service/walk.js'
import type { KeyedEffect } from './effects.js'
import { actionEffect, emitEffect } from './gate.js'
import { type ExecutableAction, type InternalActor, isMachineSnapshot } from './internals.js'
import { outsideOf } from './outside.js'
import { actorAt } from './paths.js'

/** The effects that an earlier life owed, ready to run again; `unrunnable` hears of those of which nothing is there to run. */
export function owedEffects(
  entries: readonly OutboxEntry[],
  root: InternalActor,
  unrunnable: (entry: OutboxEntry) => void,
): readonly KeyedEffect[] {
  return entries.flatMap((entry) => {
    const effect = owedEffect(entry, root)
    if (effect === undefined) unrunnable(entry)
    return effect ?? []
  })
}

/** An effect that an earlier life owed, ready to run again; undefined when nothing is there to run. */
function owedEffect(entry: OutboxEntry, root: InternalActor): KeyedEffect | undefined {
  // The root stands for an actor that has ended; one that has its id now is another.
  const found = entry.logic === undefined ? actorAt(root, entry.actor) : root
  const actor = found ?? root
  if (entry.kind === 'emit') return { ...emitEffect(entry.event, actor), key: entry.key }
  if (entry.kind === 'deliver' && found === undefined) return undefined
  if (entry.kind === 'deliver') return { ...entry, actor, run: () => outsideOf(actor)?.deliver(entry.event) }
  const snapshot = actor.getSnapshot()
  const exec = implementationOf(entry, root)
  if (exec === undefined) return undefined
  const context = 'context' in entry ? entry.context : snapshot.context
  const { system } = actor
  const info = { context, event: entry.event, self: actor, system }
  const action = { type: entry.type, info, params: entry.params, exec }
  return { ...actionEffect(action, { self: actor, system }), key: entry.key }
}

function implementationOf(entry: OutboxEntry, root: InternalActor): ExecutableAction['exec'] {
  // `log` keeps in its parameters what it says; the function that XState binds to them is XState's own.
  if (entry.kind === 'log') return (_, params) => printLog(params as { label?: string; value: unknown })
  const actions = machineOf(entry, root)?.implementations.actions
  // It takes what the author's function takes, which is not known here.
  return actions !== undefined && Object.hasOwn(actions, entry.type)
    ? (actions[entry.type] as unknown as ExecutableAction['exec'])
    : undefined
}

/** The machine whose action it is: that of its actor, or the one that an ended actor had run. */
function machineOf({ actor, logic }: OutboxEntry, root: InternalActor): AnyStateMachine | undefined {
  const snapshot = (logic === undefined ? actorAt(root, actor) : root)?.getSnapshot()
  if (snapshot === undefined || !isMachineSnapshot(snapshot)) return undefined
  let machine = snapshot.machine
  for (const name of logic ?? []) {
    const { actors } = machine.implementations
    const child: unknown = Object.hasOwn(actors, name) ? actors[name] : undefined
    if (!isMachine(child)) return undefined
    machine = child
  }
  return machine
}

function printLog({ label, value }: { readonly label?: string; readonly value: unknown }): void {
  if (label === undefined) console.log(value)
  else console.log(label, value)
}
