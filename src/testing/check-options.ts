import {
  aFunction,
  anything,
  be,
  checkOptions as checkAll,
  isFunction,
  isObject,
  listOf,
  namedValues,
  type OptionCheck,
  oneOf,
  shown,
  wholeFrom,
} from '../errors/option-checks.js'
import { InvalidOptionError } from '../errors/options.js'
import { isDefinition } from '../service/definition.js'
import { drivers } from './check-drivers.js'
import { isOf } from './is-of.js'
import type { CrashPointOptions, ExhaustiveOptions, RandomOptions } from './options.js'
import { parted } from './parted.js'
import { AUTHOR_STEPS, isEvent, stepProblem } from './plans/step-problem.js'
import { INTERRUPTION_KINDS } from './plans/steps.js'
import type { VerifyMode } from './report/report.js'

/** Of whatever mode: one option serves several, and each takes what it knows of. */
type Option = keyof RandomOptions | keyof ExhaustiveOptions | keyof CrashPointOptions

const ORACLES: readonly unknown[] = ['exactlyOnce', 'idempotent', 'atMostOnce']

/** As many as there are is no mistake where something else ends them. */
const countOrAll = be(
  'a whole number, 1 or more, or Infinity',
  (value) => value === Number.POSITIVE_INFINITY || (Number.isSafeInteger(value) && Number(value) > 0),
)

const isStep = (value: unknown) => isEvent(value) || stepProblem(value, AUTHOR_STEPS) === undefined
const SEQUENCES =
  "a list of sequences, which are lists of one or more events and times, as in [[{ type: … }, { do: 'advance', ms: 100 }]], each with an ms of 0 or more"

const CHECKS: Readonly<Record<Option, OptionCheck>> = {
  input: anything,
  actors: drivers,
  effects: parted(
    'effects',
    namedValues(`one of ${ORACLES.join(', ')}`, (value) => ORACLES.includes(value)),
  ),
  invariants: parted('invariants', namedValues('a function', isFunction)),
  normalize: aFunction,
  earlier: be('what defineService returns', isDefinition),
  isolate: oneOf('process'),
  kinds: parted(
    'kinds',
    listOf(`a list of one or more of ${INTERRUPTION_KINDS.join(', ')}`, (value) =>
      isOf(INTERRUPTION_KINDS, value),
    ),
  ),
  corpus: be('the path of a folder', (value) => typeof value === 'string' && value !== ''),
  workers: wholeFrom(1),
  onPlan: aFunction,
  mode: oneOf('random', 'exhaustive', 'crashPoints'),
  events: parted(
    'events',
    listOf(
      'a list of events, which are objects with a type, as in [{ type: … }], or of arbitraries of them',
      (value) => isEvent(value) || (isObject(value) && 'generate' in value),
      0,
    ),
  ),
  runs: wholeFrom(1),
  mostSteps: wholeFrom(1),
  longestMs: wholeFrom(1),
  seed: be('a whole number', Number.isSafeInteger),
  depth: countOrAll,
  key: aFunction,
  mostStates: countOrAll,
  sequences: {
    expected: SEQUENCES,
    wrong: (value) => {
      if (!Array.isArray(value) || value.length === 0) return [value]
      for (const [index, one] of value.entries()) {
        const at = `sequences[${index}]`
        const wrong = parted(at, listOf(SEQUENCES, isStep)).wrong(one)
        if (wrong.length > 0) throw new InvalidOptionError(at, shown(one), SEQUENCES)
      }
      return []
    },
  },
}

/**
 * Options that would say nothing, so that no ✓ stands for what was never tried.
 * @throws {InvalidOptionError} one is unknown, or is not what it must be
 */
export function checkOptions(options: object): void {
  checkAll('the testing kit', options, CHECKS)
}

const BY_CHANCE: readonly VerifyMode[] = ['random']
const BY_STATE: readonly VerifyMode[] = ['exhaustive']
const BY_KIND: readonly VerifyMode[] = ['random', 'exhaustive']

/** The modes that take an option, of those that not all take: to another it would say nothing. */
const MODES: Readonly<Partial<Record<Option, readonly VerifyMode[]>>> = {
  runs: BY_CHANCE,
  seed: BY_CHANCE,
  mostSteps: BY_CHANCE,
  longestMs: BY_CHANCE,
  depth: BY_STATE,
  key: BY_STATE,
  mostStates: BY_STATE,
  events: BY_KIND,
  kinds: BY_KIND,
  sequences: ['crashPoints'],
}

/**
 * Options of another mode than that which was chosen.
 * @throws {InvalidOptionError} there is one
 */
export function checkMode(given: object, chosen: VerifyMode = 'random'): void {
  for (const [name, modes] of Object.entries(MODES)) {
    const value: unknown = Reflect.get(given, name)
    if (value === undefined || modes.includes(chosen)) continue
    throw new InvalidOptionError(
      name,
      `${shown(value)}, and mode: '${chosen}' takes none`,
      `it with mode: ${modes.map((mode) => `'${mode}'`).join(' or ')}, or leave it out`,
    )
  }
}
