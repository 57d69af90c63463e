import type { Entry } from '../../../src/inspect/stream/entry.js'
import type { Moments } from '../store/moments.js'
import { fieldOf, isPartlyHidden, typeOf } from '../store/values.js'
import { isGuess, literal, quoted } from './literal.js'

/** What was asked of an actor outside, from one moment to another. */
export interface Asked {
  /** Name of the actor's logic. */
  readonly logic: string
  /** The moment at which it began. */
  readonly from: number
  /** The moment at which its answer came, or its end without one. */
  to: number
  /** What it came to, as it was shown; undefined: nothing, before it was ended. */
  outcome?: { readonly as: 'resolves' | 'rejects'; readonly value: unknown }
}

/** What was asked in a part of a service's life, in the order in which it was. What nobody has answered by the end is at work. */
export function askedIn(moments: Moments, first: number, last: number): readonly Asked[] {
  const all: Asked[] = []
  const open = new Map<string, Asked>()
  for (let at = first; at <= last; at++) {
    const moment = moments.at(at)
    if (moment?.type !== 'entry') continue
    const { entry } = moment
    if (entry.kind === 'actor' && isOutside(entry)) {
      const path = pathText(entry.actor)
      // Each process tells of those again that are at work.
      if (open.has(path)) continue
      const asked = { logic: entry.logic, from: at, to: last }
      all.push(asked)
      open.set(path, asked)
    }
    const answer = answerIn(entry)
    const asked = open.get(answer?.path ?? '')
    if (answer === undefined || asked === undefined) continue
    asked.to = at
    if (answer.outcome !== undefined) asked.outcome = answer.outcome
    open.delete(answer.path)
  }
  return all
}

/** What was asked and answered while a part of a life is gone through, moment by moment. */
export class WorkOutside {
  readonly #answered: readonly Asked[]
  readonly #turns: ReadonlySet<number>
  readonly #playedMs = new Map<number, number>()

  constructor(all: readonly Asked[]) {
    this.#answered = all.filter(({ outcome }) => outcome !== undefined)
    this.#turns = new Set(this.#answered.flatMap(({ from, to }) => [from, to]))
  }

  /** Whether after that moment something works that will answer. */
  isUnderWay(at: number): boolean {
    return this.#answered.some(({ from, to }) => from <= at && at < to)
  }

  /** Whether something was asked or answered there. */
  turnsAt(at: number): boolean {
    return this.#turns.has(at)
  }

  turned(at: number, playedMs: number): void {
    this.#playedMs.set(at, playedMs)
  }

  /** How much time was played from when it was asked until it was answered. */
  playedMs({ from, to }: Asked): number {
    return (this.#playedMs.get(to) ?? 0) - (this.#playedMs.get(from) ?? 0)
  }
}

/** Whether an actor works outside: it is no machine. */
export function isOutside({ logic, chart }: Extract<Entry, { readonly kind: 'actor' }>): boolean {
  return logic !== '' && chart === undefined
}

/** What promises and tasks say to themselves as they end, each with the field of it. */
const ENDS: Readonly<Record<string, readonly ['resolves' | 'rejects', string]>> = {
  'xstate.promise.resolve': ['resolves', 'data'],
  'xstate.promise.reject': ['rejects', 'data'],
  'tardigrade.task.done': ['resolves', 'output'],
  'tardigrade.task.failed': ['rejects', 'error'],
}

function answerIn(entry: Entry): (Pick<Asked, 'outcome'> & { readonly path: string }) | undefined {
  if (entry.kind === 'ended') return { path: pathText(entry.actor) }
  if (entry.kind !== 'event') return undefined
  const type = typeOf(entry.event)
  // A name of the author's could be one that every object has.
  const [as, field] = (Object.hasOwn(ENDS, type) ? ENDS[type] : undefined) ?? []
  if (as === undefined || field === undefined) return undefined
  return { path: pathText(entry.to), outcome: { as, value: fieldOf(entry.event, field) } }
}

const pathText = (path: readonly string[]): string => JSON.stringify(path)

/** Of one that was never answered no plan of the test is to see an answer. */
const NEVER_MS = 1e12

/**
 * Drivers as lines of the test, by the name of the logic: what each was answered, and so long after it was asked as the test plays it. Of one
 * of which something was not shown, or nothing came, there is none.
 *
 * @param playedMs how much time the test plays between the two moments of what was asked
 */
export function driversIn(
  all: readonly Asked[],
  playedMs: (asked: Asked) => number,
): ReadonlyMap<string, readonly string[]> {
  const drivers = new Map<string, readonly string[]>()
  for (const logic of new Set(all.map((asked) => asked.logic))) {
    const asked = all.filter((one) => one.logic === logic)
    if (!asked.some(({ outcome }) => outcome) || asked.some(({ outcome }) => isPartlyHidden(outcome)))
      continue
    const answers = asked.map((one) => answerText(one, playedMs(one)))
    drivers.set(
      logic,
      new Set(answers).size === 1
        ? [`${quoted(logic)}: ${answers[0]},`]
        : [`${quoted(logic)}: [`, ...answers.map((text) => `  ${text},`), '],'],
    )
  }
  return drivers
}

function answerText({ outcome }: Asked, afterMs: number): string {
  if (outcome === undefined) return `{ resolves: undefined, afterMs: ${NEVER_MS} } /* it had not answered */`
  const { as, value } = outcome
  const text = value === undefined ? 'undefined' : as === 'rejects' ? errorLiteral(value) : literal(value)
  return `{ ${as}: ${text}${afterMs > 0 ? `, afterMs: ${afterMs}` : ''} }`
}

/** An error is shown by its fields; what else can be thrown, as it is. */
function errorLiteral(error: unknown): string {
  const message = fieldOf(error, 'message')
  if (typeof message !== 'string') return literal(error)
  // It has fields, or it had no message.
  const { message: _, ...fields } = error as Readonly<Record<string, unknown>>
  return fields.name === 'Error' && Object.keys(fields).length === 1
    ? `new Error(${quoted(message)})`
    : `Object.assign(new Error(${quoted(message)}), ${literal(fields)})`
}

/** Whether it is not known of which type some of an answer was. */
export function areGuesses(all: readonly Asked[]): boolean {
  return all.some(({ outcome }) => isGuess(outcome?.value))
}
