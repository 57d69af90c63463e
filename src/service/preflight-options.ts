import type { AnyStateMachine } from 'xstate'
import type { Finding } from '../errors/definition.js'
import {
  anything,
  be,
  isFunction,
  isObject,
  listOf,
  milliseconds,
  namedValues,
  type OptionCheck,
  shown,
  wholeFrom,
} from '../errors/option-checks.js'
import { actionsOf, builtinOf } from './actions.js'
import { problem, warning } from './finding.js'
import { platformInterruption } from './interruptions.js'
import type { ServiceOptions } from './options.js'
import { allNodes, isMachine } from './walk.js'

/** Names of delays and ids of delayed events, of the machine and of those that it can start. */
export function timerNames(machine: AnyStateMachine, seen = new Set<AnyStateMachine>()): Set<string> {
  if (seen.has(machine)) return new Set()
  seen.add(machine)
  return new Set([
    ...allNodes(machine).flatMap((node) => Object.keys(node.config.after ?? {})),
    ...actionsOf(machine).flatMap(({ value }) => {
      const id = builtinOf(value)?.id
      return typeof id === 'string' ? [id] : []
    }),
    ...Object.values(machine.implementations.actors).flatMap((logic) =>
      isMachine(logic) ? [...timerNames(logic, seen)] : [],
    ),
  ])
}

const POLICIES: readonly unknown[] = ['deadline', 'remaining', 'restart']

/** A policy that is none would be written into checkpoints, and refused when they are read. */
function checkPolicy(policy: unknown, path: string): Finding[] {
  if (POLICIES.includes(policy)) return []
  const remedy = 'Use “deadline”, “remaining” or “restart”.'
  return [problem('timers', path, `“${String(policy)}” is no policy for timers.`, remedy)]
}

function checkTimers(options: ServiceOptions<AnyStateMachine>): Finding[] {
  const { timers = 'deadline', machine } = options
  if (typeof timers !== 'object' || timers === null) return checkPolicy(timers, 'timers')
  const known = isMachine(machine) ? timerNames(machine) : undefined
  const policies = Object.entries(timers).flatMap(([name, policy]) => checkPolicy(policy, `timers.${name}`))
  const names = Object.keys(timers)
    .filter((name) => name !== 'default' && known?.has(name) === false)
    .map((name) =>
      warning(
        'unknown-timer',
        `timers.${name}`,
        `No delay or delayed event that can be seen here is named “${name}”.`,
        'Use a delay’s name, the id of a delayed raise or sendTo, or `default`.',
      ),
    )
  return [...policies, ...names]
}

const isText = (value: unknown): value is string => typeof value === 'string' && value !== ''

/** How many: without an end, where it is to have none. */
const countFrom = (least: number) => {
  const { expected, wrong } = wholeFrom(least)
  return { expected, wrong: (value: unknown) => (value === Number.POSITIVE_INFINITY ? [] : wrong(value)) }
}

/** Every option, and what its value must be besides what is looked at elsewhere. */
const FORMS: Readonly<Record<keyof ServiceOptions<AnyStateMachine>, OptionCheck>> = {
  id: be('a name that never changes', isText),
  version: wholeFrom(1),
  machine: be('what XState’s createMachine returns', isMachine),
  pauseOn: listOf('a list of names of interruptions', isText, 0),
  timers: anything,
  migrations: namedValues('functions by the version that each begins with', isFunction),
  classes: namedValues('classes by their names', isFunction),
  allow: listOf('a list of “regexp” and “url”', (value) => value === 'regexp' || value === 'url', 0),
  resumedEvent: be('the type of an event', isText),
  deadlineMs: milliseconds,
  rememberEventKeys: countFrom(0),
  maxPendingEvents: countFrom(1),
}

const REQUIRED = ['id', 'version', 'machine']

/** Options that are missing, that would say nothing, or that are misspelt or no such thing. */
function checkForms(options: object): Finding[] {
  return [...new Set([...REQUIRED, ...Object.keys(options)])].flatMap((name) => {
    const value: unknown = Reflect.get(options, name)
    if (value === undefined && !REQUIRED.includes(name)) return []
    // Whether it is one is what is asked here.
    const form = Object.hasOwn(FORMS, name) ? FORMS[name as keyof typeof FORMS] : undefined
    if (form === undefined) {
      const remedy = `Give ${Object.keys(FORMS).join(', ')}.`
      return [problem('unknown-option', name, `There is no option ${name}.`, remedy)]
    }
    return form
      .wrong(value)
      .map((one) => problem('option', name, `It is ${shown(one)}.`, `Give ${form.expected}.`))
  })
}

/** A platform's interruption in another spelling would never come. */
function checkSpelling({ pauseOn = [] }: ServiceOptions<AnyStateMachine>): Finding[] {
  return [pauseOn]
    .flat()
    .filter(isText)
    .flatMap((name) => {
      const meant = platformInterruption(name)
      if (meant === undefined || meant === name) return []
      const remedy = `Write “${meant}”, if that is meant.`
      return [
        warning('unknown-interruption', 'pauseOn', `No platform names an interruption “${name}”.`, remedy),
      ]
    })
}

/** What is wrong with the options themselves. */
export function checkOptions(options: ServiceOptions<AnyStateMachine>): Finding[] {
  if (!isObject(options)) {
    return [
      problem(
        'option',
        'options',
        `It is ${shown(options)}.`,
        'Give an object with id, version and machine.',
      ),
    ]
  }
  const findings: Finding[] = [...checkForms(options), ...checkSpelling(options)]
  for (const from of Object.keys(options.migrations ?? {})) {
    if (!Number.isInteger(Number(from)) || Number(from) < 1 || Number(from) >= options.version) {
      const what = `There is no way from version ${from} to version ${options.version}.`
      findings.push(problem('migrations', `migrations[${from}]`, what, 'Raise the version, or take it out.'))
    }
  }
  return [...findings, ...checkTimers(options)]
}
