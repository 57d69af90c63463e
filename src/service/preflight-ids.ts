import type { AnyStateMachine } from 'xstate'
import { isActorId } from '../checkpoint/schema.js'
import type { Finding } from '../errors/definition.js'
import { actionsOf, builtinOf } from './actions.js'
import { problem } from './finding.js'
import { type AnyNode, allNodes, canBeActiveTogether, configPath, join, toArray } from './walk.js'

interface Claim {
  readonly node: AnyNode
  readonly id: string
  readonly path: string
}

function collisions(claims: readonly Claim[], what: string): Finding[] {
  return claims.flatMap((claim, index) => {
    const earlier = claims
      .slice(0, index)
      .find((other) => other.id === claim.id && canBeActiveTogether(other.node, claim.node))
    if (earlier === undefined) return []
    const taken = `The ${what} “${claim.id}” is taken by ${earlier.path} at the same time.`
    return [problem('duplicate-id', claim.path, taken, 'Give each its own.')]
  })
}

function reserved(id: unknown, path: string): Finding[] {
  // An id that is computed is looked at when the actor is spawned.
  if (typeof id !== 'string' || isActorId(id)) return []
  const what = id === '' ? 'The id is empty.' : `The id “${id}” is reserved.`
  return [problem('reserved-id', path, what, 'Choose another id.')]
}

/** Ids that are reserved, and ids that two actors would share. */
export function checkIds(machine: AnyStateMachine): Finding[] {
  const nodes = allNodes(machine)
  const invokes = nodes.flatMap((node) =>
    toArray(node.config.invoke).map((invoke, index) => ({
      node,
      id: invoke.id,
      systemId: invoke.systemId,
      path: join(configPath(node), `invoke[${index}]`),
    })),
  )
  const ids = invokes.flatMap(({ node, id, path }) =>
    id === undefined ? [] : [{ node, id, path: `${path}.id` }],
  )
  const systemIds = invokes.flatMap(({ node, systemId, path }) =>
    systemId === undefined ? [] : [{ node, id: systemId, path: `${path}.systemId` }],
  )
  return [
    ...collisions(ids, 'actor id'),
    ...collisions(systemIds, 'system id'),
    ...ids.flatMap(({ id, path }) => reserved(id, path)),
    // An empty key is a state's own matter.
    ...nodes.flatMap((node) => (node.key === '' ? [] : reserved(node.key, configPath(node)))),
    ...actionsOf(machine).flatMap(({ path, value }) => {
      const action = builtinOf(value)
      return action?.type === 'xstate.spawnChild' ? reserved(action.id, path) : []
    }),
  ]
}
