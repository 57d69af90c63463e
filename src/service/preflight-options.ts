import type { AnyStateMachine } from 'xstate'
import type { Finding } from '../errors/definition.js'
import {
  anything,
  be,
  isFunction,
  isObject,
  listOf,
  namedValues,
  type OptionCheck,
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
  const known = timerNames(machine)
  const policies = Object.entries(timers).flatMap(([name, policy]) => checkPolicy(policy, `timers.${name}`))
  const names = Object.keys(timers)
    .filter((name) => name !== 'default' && !known.has(name))
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

/** Numbers of which none is what its name says: a time of NaN would be over at once, a bound of it never met. */
function checkNumbers({ deadlineMs = 0, rememberEventKeys = 0, maxPendingEvents = 1 }: Numbers): Finding[] {
  const findings: Finding[] = []
  const check = (name: keyof Numbers, sound: boolean, remedy: string) => {
    if (!sound) findings.push(problem('number', name, `${name} is out of its range.`, remedy))
  }
  check('deadlineMs', deadlineMs >= 0, 'Give a number of milliseconds, 0 or more.')
  check('rememberEventKeys', isCount(rememberEventKeys, 0), 'Give a whole number, 0 or more.')
  check('maxPendingEvents', isCount(maxPendingEvents, 1), 'Give a whole number, 1 or more.')
  return findings
}

type Numbers = Pick<ServiceOptions<AnyStateMachine>, 'deadlineMs' | 'rememberEventKeys' | 'maxPendingEvents'>

function isCount(value: number, least: number): boolean {
  return value === Number.POSITIVE_INFINITY || (Number.isInteger(value) && value >= least)
}

const isText = (value: unknown): value is string => typeof value === 'string' && value !== ''

/** Every option, and what its value must be besides what is looked at elsewhere. */
const FORMS: Readonly<Record<keyof ServiceOptions<AnyStateMachine>, OptionCheck>> = {
  id: anything,
  version: anything,
  machine: anything,
  pauseOn: listOf('a list of names of interruptions', isText, 0),
  timers: anything,
  migrations: namedValues('functions by the version that each begins with', isFunction),
  classes: namedValues('classes by their names', isFunction),
  allow: listOf('a list of “regexp” and “url”', (value) => value === 'regexp' || value === 'url', 0),
  resumedEvent: be('the type of an event', isText),
  deadlineMs: anything,
  rememberEventKeys: anything,
  maxPendingEvents: anything,
}

/** Options that would say nothing, since they are misspelt or no such thing. */
function checkForms(options: object): Finding[] {
  return Object.entries(options).flatMap(([name, value]) => {
    if (value === undefined) return []
    // Whether it is one is what is asked here.
    const form = Object.hasOwn(FORMS, name) ? FORMS[name as keyof typeof FORMS] : undefined
    if (form === undefined) {
      const remedy = `Those that there are: ${Object.keys(FORMS).join(', ')}.`
      return [problem('unknown-option', name, `There is no option “${name}”.`, remedy)]
    }
    const remedy = `Give ${form.expected}.`
    return form
      .wrong(value)
      .map((one) => problem('option', name, `“${String(one)}” says nothing here.`, remedy))
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
      problem('options', 'options', 'These are no options.', 'Give an object with id, version and machine.'),
    ]
  }
  const findings: Finding[] = [...checkForms(options), ...checkSpelling(options)]
  if (!isText(options.id)) {
    findings.push(problem('id', 'id', 'The id is not a text.', 'Give a name that never changes.'))
  }
  if (!isMachine(options.machine)) {
    const remedy = 'Give what XState’s createMachine returns.'
    return [...findings, problem('machine', 'machine', 'This is no XState 5 machine.', remedy)]
  }
  if (!Number.isSafeInteger(options.version) || options.version < 1) {
    findings.push(problem('version', 'version', 'The version is no whole number from 1 on.', 'Begin with 1.'))
  }
  for (const from of Object.keys(options.migrations ?? {})) {
    if (!Number.isInteger(Number(from)) || Number(from) < 1 || Number(from) >= options.version) {
      const what = `There is no way from version ${from} to version ${options.version}.`
      findings.push(problem('migrations', `migrations[${from}]`, what, 'Raise the version, or take it out.'))
    }
  }
  return [...findings, ...checkNumbers(options), ...checkTimers(options)]
}
