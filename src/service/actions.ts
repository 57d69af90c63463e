import type { AnyStateMachine } from 'xstate'
import { isObject } from '../errors/option-checks.js'
import { type AnyNode, allNodes, configPath, join, toArray } from './walk.js'

/** A place in a machine's config that names an action, a guard or a delay. */
export interface Place<T> {
  readonly path: string
  readonly value: T
}

/** A transition as the config writes it: a target alone, or an object. */
interface TransitionLike {
  readonly actions?: unknown
  readonly guard?: unknown
}

function transitionsOf(config: unknown, path: string): Place<TransitionLike>[] {
  const list = toArray(config)
  return list.flatMap((value, index) =>
    // Targets alone have neither actions nor a guard.
    isObject(value)
      ? [{ path: list.length > 1 ? `${path}[${index}]` : path, value: value as TransitionLike }]
      : [],
  )
}

/** Every transition that the node's config writes, with its path. */
export function transitionsOfNode(node: AnyNode): Place<TransitionLike>[] {
  const at = (...parts: string[]) => join(configPath(node), ...parts)
  const table = (name: 'on' | 'after') =>
    Object.entries(node.config[name] ?? {}).flatMap(([key, config]) =>
      transitionsOf(config, `${at(name)}[${JSON.stringify(key)}]`),
    )
  const invoked = toArray(node.config.invoke).flatMap((invoke, index) =>
    (['onDone', 'onError', 'onSnapshot'] as const).flatMap((name) =>
      transitionsOf(invoke[name], at(`invoke[${index}]`, name)),
    ),
  )
  const initial =
    typeof node.config.initial === 'object' ? transitionsOf(node.config.initial, at('initial')) : []
  return [
    ...table('on'),
    ...table('after'),
    ...transitionsOf(node.config.always, at('always')),
    ...transitionsOf(node.config.onDone, at('onDone')),
    ...invoked,
    ...initial,
  ]
}

function list(actions: unknown, path: string): Place<unknown>[] {
  const all = toArray(actions)
  return all.map((value, index) => ({ value, path: all.length > 1 ? `${path}[${index}]` : path }))
}

/** The actions that the node's config writes for its entry, with their paths. */
export function entryActionsOf(node: AnyNode): Place<unknown>[] {
  return list(node.config.entry, join(configPath(node), 'entry'))
}

/** Every action that the machine's config or its `setup({ actions })` writes, with its path. */
export function actionsOf(machine: AnyStateMachine): Place<unknown>[] {
  const inConfig = allNodes(machine).flatMap((node) => [
    ...entryActionsOf(node),
    ...list(node.config.exit, join(configPath(node), 'exit')),
    ...transitionsOfNode(node).flatMap(({ path, value }) => list(value.actions, `${path}.actions`)),
  ])
  const named = Object.entries(machine.implementations.actions).map(([name, value]) => ({
    value: value as unknown,
    path: `actions.${name}`,
  }))
  return [...inConfig, ...named]
}

/** A guard, and those inside it where it is XState's `and`, `or` or `not`. */
function withInner(value: unknown, path: string): Place<unknown>[] {
  const inner: unknown = typeof value === 'function' && 'guards' in value ? value.guards : undefined
  const below = Array.isArray(inner) ? (inner as readonly unknown[]) : []
  return [{ path, value }, ...below.flatMap((guard, index) => withInner(guard, `${path}.guards[${index}]`))]
}

/** Every guard that the machine's config or its `setup({ guards })` writes, with its path. */
export function guardsOf(machine: AnyStateMachine): Place<unknown>[] {
  const inConfig = allNodes(machine)
    .flatMap(transitionsOfNode)
    .flatMap(({ path, value }) => (value.guard === undefined ? [] : withInner(value.guard, `${path}.guard`)))
  const named = Object.entries(machine.implementations.guards).flatMap(([name, value]) =>
    withInner(value, `guards.${name}`),
  )
  return [...inConfig, ...named]
}

/** The name under which an action, guard or logic is referred to; undefined for an inline one. */
export function nameOf(reference: unknown): string | undefined {
  if (typeof reference === 'string') return reference
  if (isObject(reference) && 'type' in reference) return String(reference.type)
  return undefined
}

/** One of XState's own actions, such as `raise` or `spawnChild`, with what it was given. */
export interface BuiltinAction {
  readonly type: string
  readonly src?: unknown
  readonly id?: unknown
  readonly systemId?: unknown
  readonly delay?: unknown
}

export function builtinOf(action: unknown): BuiltinAction | undefined {
  // XState's action creators return functions that carry a `resolve` and their parameters as properties.
  return typeof action === 'function' && 'resolve' in action
    ? (action as unknown as BuiltinAction)
    : undefined
}
