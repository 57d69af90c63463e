import type { AnyStateMachine } from 'xstate'
import type { Finding } from '../errors/definition.js'
import { actionsOf, builtinOf } from './actions.js'
import { type AnyNode, allNodes, canBeActiveTogether, configPath, join, toArray } from './walk.js'

/** Names that reach a prototype when they become a property of a plain object. */
const RESERVED: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype'])

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
    return [
      {
        level: 'error',
        rule: 'duplicate-id',
        path: claim.path,
        problem: `The ${what} “${claim.id}” is taken by ${earlier.path} at the same time.`,
        remedy: 'Give each its own.',
      },
    ]
  })
}

function reserved(id: unknown, path: string): Finding[] {
  if (typeof id !== 'string' || !RESERVED.has(id)) return []
  const remedy = 'Choose another id.'
  return [{ level: 'error', rule: 'reserved-id', path, problem: `The id “${id}” is reserved.`, remedy }]
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
    ...nodes.flatMap((node) => reserved(node.key, configPath(node))),
    ...actionsOf(machine).flatMap(({ path, value }) => {
      const action = builtinOf(value)
      return action?.type === 'xstate.spawnChild' ? reserved(action.id, path) : []
    }),
  ]
}
