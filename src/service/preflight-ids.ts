import type { AnyStateMachine } from 'xstate'
import { isActorId } from '../checkpoint/schema.js'
import type { Finding } from '../errors/definition.js'
import { actionsOf, builtinOf, entryActionsOf } from './actions.js'
import { problem } from './finding.js'
import { type AnyNode, allNodes, canBeActiveTogether, configPath, join, toArray } from './walk.js'

/** An actor of a state: one that it invokes, or that it spawns as it is entered. */
interface Claim {
  readonly node: AnyNode
  readonly id: unknown
  readonly systemId: unknown
  readonly path: string
  readonly isSpawned?: true
}

function collisions(claims: readonly Claim[], name: 'id' | 'systemId', what: string): Finding[] {
  return claims.flatMap((claim, index) => {
    const id = claim[name]
    // One that is computed is looked at when the actor is spawned.
    if (typeof id !== 'string') return []
    const earlier = claims.slice(0, index).find((other) => other[name] === id && meet(other, claim))
    if (earlier === undefined) return []
    const taken = `The ${what} “${id}” is taken by ${earlier.path}.${name} at the same time.`
    return [problem('duplicate-id', `${claim.path}.${name}`, taken, 'Give each its own.')]
  })
}

/** Whether both are certain to be there at once: one that another state has spawned may have been stopped meanwhile. */
function meet(one: Claim, other: Claim): boolean {
  const isSpawned = one.isSpawned ?? other.isSpawned
  return isSpawned ? one.node === other.node : canBeActiveTogether(one.node, other.node)
}

/** What a state spawns as it is entered, unless it stops some meanwhile. */
function spawnsOf(node: AnyNode): Claim[] {
  const actions = entryActionsOf(node).map(({ path, value }) => ({ path, ...builtinOf(value) }))
  if (actions.some(({ type }) => type === 'xstate.stopChild')) return []
  return actions.flatMap(({ type, id, systemId, path }) =>
    type === 'xstate.spawnChild' ? [{ node, id, systemId, path, isSpawned: true }] : [],
  )
}

function invokesOf(node: AnyNode): Claim[] {
  return toArray(node.config.invoke).map(({ id, systemId }, index) => ({
    node,
    id,
    systemId,
    path: join(configPath(node), `invoke[${index}]`),
  }))
}

function reserved(id: unknown, path: string): Finding[] {
  if (typeof id !== 'string' || isActorId(id)) return []
  const what = id === '' ? 'The id is empty.' : `The id “${id}” is reserved.`
  return [problem('reserved-id', path, what, 'Choose another id.')]
}

/** Ids that are reserved, and ids that two actors would share. */
export function checkIds(machine: AnyStateMachine): Finding[] {
  const nodes = allNodes(machine)
  const invokes = nodes.flatMap(invokesOf)
  // XState spawns what a state invokes after what its entry spawns.
  const actors = [...nodes.flatMap(spawnsOf), ...invokes]
  return [
    ...collisions(actors, 'id', 'actor id'),
    ...collisions(actors, 'systemId', 'system id'),
    ...invokes.flatMap(({ id, path }) => reserved(id, `${path}.id`)),
    // An empty key is a state's own matter.
    ...nodes.flatMap((node) => (node.key === '' ? [] : reserved(node.key, configPath(node)))),
    ...actionsOf(machine).flatMap(({ path, value }) => {
      const action = builtinOf(value)
      return action?.type === 'xstate.spawnChild' ? reserved(action.id, path) : []
    }),
  ]
}
