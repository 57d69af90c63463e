import { aSwitch, be, isObject, listOf, type OptionCheck, shown } from '../errors/option-checks.js'
import { InvalidOptionError } from '../errors/options.js'
import { parted } from './parted.js'
import { isEvent, isMs } from './plans/step-problem.js'
import { plainText } from './world/plain.js'

/** How a driver says what comes back, with what may stand beside it. */
export const DRIVER_FORMS = {
  resolves: ['afterMs', 'progress'],
  rejects: ['afterMs', 'progress'],
  steps: [],
  sends: [],
  emits: ['completes'],
} as const

type Form = keyof typeof DRIVER_FORMS

// Just these are its keys: it is no wider than it is written.
const ALL_FORMS = Object.keys(DRIVER_FORMS) as readonly Form[]

/** Forms of what a promise, or a step, comes to. */
const ANSWERS: readonly Form[] = ['resolves', 'rejects']

const ANSWER = `an object with just one of ${ANSWERS.join(', ')}`
const DRIVER = `'run', an object with just one of ${ALL_FORMS.join(', ')}, or a list of one or more answers`

/** What a member must be. */
const MEMBERS: Readonly<Record<string, OptionCheck>> = {
  afterMs: be('a number of milliseconds, 0 or more', isMs),
  progress: be(
    'a list of values, none of them twice',
    (value) => Array.isArray(value) && new Set(value.map(plainText)).size === value.length,
  ),
  completes: aSwitch,
  sends: listOf('a list of events', isEvent, 0),
  emits: be('a list of values', Array.isArray),
  steps: be('answers by the names of steps', (value) => isObject(value) && !Array.isArray(value)),
}

/** Drivers by names: throws an {InvalidOptionError} by itself where one would say nothing, or two things at once, with the path to that. */
export const drivers: OptionCheck = {
  expected: `drivers by the names of actors, each ${DRIVER}`,
  wrong(actors) {
    if (!isObject(actors) || Array.isArray(actors)) return [actors]
    for (const [name, driver] of Object.entries(actors)) checkDriver(`actors.${name}`, driver, ALL_FORMS)
    return []
  },
}

function checkDriver(path: string, driver: unknown, forms: readonly Form[]): void {
  if (driver === 'run' && forms === ALL_FORMS) return
  if (Array.isArray(driver) && driver.length > 0) {
    for (const [index, one] of driver.entries()) checkDriver(`${path}[${index}]`, one, ANSWERS)
    return
  }
  // Looked at by its names alone.
  const given = isObject(driver) ? (driver as Readonly<Record<string, unknown>>) : {}
  const [form, another] = forms.filter((one) => one in given)
  if (form === undefined || another !== undefined)
    throw new InvalidOptionError(path, shown(driver), forms === ALL_FORMS ? DRIVER : ANSWER)
  const known: readonly string[] = [form, ...DRIVER_FORMS[form]]
  for (const [name, value] of Object.entries(given)) {
    if (!known.includes(name)) {
      throw new InvalidOptionError(
        `${path}.${name}`,
        shown(value),
        `one that goes with \`${form}\`: ${known.join(', ')}`,
      )
    }
    const check = value === undefined && name !== form ? undefined : MEMBERS[name]
    if (check === undefined) continue
    const wrong = parted(`${path}.${name}`, check).wrong(value)
    if (wrong.length > 0) throw new InvalidOptionError(`${path}.${name}`, shown(value), check.expected)
  }
  if (form !== 'steps') return
  // Its form was looked at just now.
  for (const [step, answers] of Object.entries(given.steps as object))
    checkDriver(`${path}.steps.${step}`, answers, ANSWERS)
}
