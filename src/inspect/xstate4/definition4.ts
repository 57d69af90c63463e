import { nameOf } from '../chart/names.js'
import type { Shown } from '../shown.js'

type Fields = { readonly [name: string]: Shown }

/** A machine's config, as it is shown, as XState 4 reads it: the chart alone, without a context and without anything that could run. */
export function definition4(config: Shown, key?: string): Fields {
  if (!isFields(config)) return {}
  const { id, initial, type, history, target, entry, exit, invoke, tags, description, states } = config
  return {
    ...kept({ id, type, history, tags, description }),
    ...(initial === undefined ? {} : { initial: isFields(initial) ? (initial.target ?? null) : initial }),
    // Of a history state it is where that leads which remembers nothing.
    ...(type === 'history' && target !== undefined ? { target } : {}),
    ...transitionsOf(config, key, ['always', 'onDone']),
    ...(isFields(config.on) ? { on: transitionsOf(config.on, key) } : {}),
    ...(isFields(config.after) ? { after: transitionsOf(config.after, key) } : {}),
    ...(entry === undefined ? {} : { entry: actions(entry) }),
    ...(exit === undefined ? {} : { exit: actions(exit) }),
    ...(invoke === undefined ? {} : { invoke: listOf(invoke).map((one) => invocation(one, key)) }),
    ...(isFields(states) ? { states: mapped(states, definition4) } : {}),
  }
}

/** @param key of the state whose transitions they are */
function transitionsOf(
  written: Fields,
  key: string | undefined,
  names: readonly string[] = Object.keys(written),
): Fields {
  const told = names.flatMap((name) => {
    const transitions = written[name]
    return transitions === undefined
      ? []
      : [[name, listOf(transitions).map((one) => transition(one, key))] as const]
  })
  return Object.fromEntries(told)
}

function transition(written: Shown, key: string | undefined): Shown {
  if (!isFields(written)) return transition({ target: written }, key)
  const { target, guard, actions: own, reenter, description } = written
  return {
    ...kept({ target, description }),
    ...(guard === undefined ? {} : { cond: nameOf(guard) }),
    ...(own === undefined ? {} : { actions: actions(own) }),
    ...(reenter === true ? { internal: false } : {}),
    // XState 4 leaves a state and enters it again unless it is told otherwise, XState 5 does not.
    ...(reenter !== true && key !== undefined && target === key ? { internal: true } : {}),
  }
}

function invocation(written: Shown, key: string | undefined): Shown {
  if (!isFields(written)) return { src: nameOf(written) }
  const { id, src } = written
  return { ...kept({ id }), src: nameOf(src), ...transitionsOf(written, key, ['onDone', 'onError']) }
}

function actions(written: Shown): Shown {
  return listOf(written).map((action) => ({ type: nameOf(action) }))
}

function kept(fields: { readonly [name: string]: Shown | undefined }): Fields {
  const there = Object.entries(fields).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value] as const],
  )
  return Object.fromEntries(there)
}

function mapped(fields: Fields, map: (value: Shown, name: string) => Shown): Fields {
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, map(value, name)]))
}

function listOf(value: Shown): readonly Shown[] {
  return Array.isArray(value) ? value : [value]
}

function isFields(value: Shown | undefined): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
