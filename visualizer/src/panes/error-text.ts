import { problemOf } from '../../../src/errors/base.js'
import type { Moment } from '../store/moments.js'
import { fieldOf } from '../store/values.js'

/** An error as a person reads it first; what else it holds is told by whoever shows it whole. */
export interface ErrorTold {
  readonly name: string
  /** What is wrong, without what to do. */
  readonly problem: string
  readonly remedy: string | undefined
}

/** An error that was shown, in its parts; undefined where nothing says what went wrong. */
export function errorTold(error: unknown): ErrorTold | undefined {
  const [name, message, remedy] = ['name', 'message', 'remedy'].map((part) => textIn(error, part))
  // Anything can be thrown.
  if (message === undefined)
    return error === undefined ? undefined : { name: '', problem: thrownText(error), remedy }
  return { name: name ?? 'Error', problem: problemOf({ message, remedy }), remedy }
}

/** So much of an error stands in a line of the timeline. */
const LONGEST = 200

/** What went wrong at a moment, in a line; empty where nothing did, or nothing tells what. */
export function errorText(moment: Moment): string {
  const told = errorTold(errorOf(moment))
  if (told === undefined) return ''
  const { name, problem } = told
  const text = [name, problem].filter(Boolean).join(': ').replaceAll(/\s+/g, ' ')
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text
}

function errorOf(moment: Moment): unknown {
  if (moment.type !== 'entry') return undefined
  const { entry } = moment
  if (entry.kind === 'lifecycle') return entry.failure
  return entry.kind === 'effect' || entry.kind === 'commit' ? entry.error : undefined
}

function thrownText(thrown: unknown): string {
  return typeof thrown === 'string' ? thrown : (JSON.stringify(thrown) ?? '')
}

function textIn(error: unknown, part: string): string | undefined {
  const text = fieldOf(error, part)
  return typeof text === 'string' && text !== '' ? text : undefined
}
