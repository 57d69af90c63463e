import type { AnyStateMachine } from 'xstate'
import type { Finding } from '../errors/definition.js'
import { actionsOf, builtinOf, guardsOf, nameOf } from './actions.js'
import { problem, warning } from './finding.js'
import { checkIds } from './preflight-ids.js'
import { allNodes, configPath, isMachine, join, toArray } from './walk.js'

type Rule = (machine: AnyStateMachine) => Finding[]

/** Names such as “toString” are no author's own, though every object answers to them. */
function has(implementations: object, name: string): boolean {
  return Object.hasOwn(implementations, name)
}

function checkSource(machine: AnyStateMachine, src: unknown, path: string): Finding[] {
  if (typeof src !== 'string') {
    return [
      problem(
        'unnamed-actor',
        path,
        'Actor logic written in place cannot be found again after a restart.',
        'Name it in setup({ actors }) and refer to it by that name.',
      ),
    ]
  }
  if (has(machine.implementations.actors, src)) return []
  return [
    problem(
      'missing-actor',
      path,
      `No actor logic is named “${src}”.`,
      `Give it in setup({ actors: { ${src}: … } }) or machine.provide.`,
    ),
  ]
}

const actors: Rule = (machine) => {
  const invoked = allNodes(machine).flatMap((node) =>
    toArray(node.config.invoke).flatMap((invoke, index) =>
      checkSource(machine, invoke.src, join(configPath(node), `invoke[${index}].src`)),
    ),
  )
  const spawned = actionsOf(machine).flatMap(({ path, value }) => {
    const action = builtinOf(value)
    if (action?.type !== 'xstate.spawnChild') return []
    const unnamed: Finding[] =
      action.id === undefined
        ? [
            problem(
              'spawn-without-id',
              path,
              'A spawned actor without an id gets a number that a restart gives out again.',
              'Give it an id: spawnChild(src, { id }).',
            ),
          ]
        : []
    return [...unnamed, ...checkSource(machine, action.src, path)]
  })
  return [...invoked, ...spawned]
}

const actions: Rule = (machine) =>
  actionsOf(machine).flatMap(({ path, value }) => {
    if (builtinOf(value) !== undefined) return []
    const name = nameOf(value)
    if (name === undefined) {
      if (path.startsWith('actions.')) return []
      return [
        warning(
          'inline-action',
          path,
          'An action written in place works, but cannot be run again when a crash cut it off.',
          'Name it in setup({ actions }) and refer to it by that name.',
        ),
      ]
    }
    if (name.startsWith('xstate.') || name.startsWith('tardigrade.')) {
      return [
        problem('reserved-name', path, `The action name “${name}” is reserved.`, 'Choose another name.'),
      ]
    }
    if (has(machine.implementations.actions, name)) return []
    return [
      warning(
        'missing-action',
        path,
        `No action is named “${name}”, so nothing will happen.`,
        'Give it in setup({ actions }).',
      ),
    ]
  })

const guards: Rule = (machine) =>
  guardsOf(machine).flatMap(({ path, value }) => {
    const name = nameOf(value)
    if (name === undefined || has(machine.implementations.guards, name)) return []
    return [problem('missing-guard', path, `No guard is named “${name}”.`, 'Give it in setup({ guards }).')]
  })

function checkDelay(machine: AnyStateMachine, delay: unknown, path: string): Finding[] {
  if (typeof delay !== 'string' || has(machine.implementations.delays, delay)) return []
  return [
    problem(
      'missing-delay',
      path,
      `No delay is named “${delay}”, and XState would not wait at all.`,
      'Give it in setup({ delays }), in milliseconds.',
    ),
  ]
}

const delays: Rule = (machine) => [
  ...allNodes(machine).flatMap((node) =>
    Object.keys(node.config.after ?? {})
      // XState reads these as numbers, and the same text in a raise or sendTo as a name.
      .filter((delay) => Number.isNaN(Number(delay)))
      .flatMap((delay) =>
        checkDelay(machine, delay, join(configPath(node), `after[${JSON.stringify(delay)}]`)),
      ),
  ),
  ...actionsOf(machine).flatMap(({ path, value }) => checkDelay(machine, builtinOf(value)?.delay, path)),
]

const RULES: readonly Rule[] = [actors, actions, guards, delays, checkIds]

/**
 * Everything in the machine, and in the machines that it can start, that could not survive an interruption
 * or would not do what it says. All findings at once, each with its path and its remedy.
 */
export function preflight(machine: AnyStateMachine): Finding[] {
  const seen = new Set<AnyStateMachine>()
  const visit = (current: AnyStateMachine, prefix: string): Finding[] => {
    if (seen.has(current)) return []
    seen.add(current)
    const own = RULES.flatMap((rule) => rule(current)).map((finding) => ({
      ...finding,
      path: join(prefix, finding.path),
    }))
    const children = Object.entries(current.implementations.actors).flatMap(([name, logic]) =>
      isMachine(logic) ? visit(logic, join(prefix, `actors.${name}`)) : [],
    )
    return [...own, ...children]
  }
  return visit(machine, '')
}
