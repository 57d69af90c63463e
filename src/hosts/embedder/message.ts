import { UnknownWordError } from '../../errors/host.js'
import { isObject, LONGEST_NAME } from '../../errors/option-checks.js'
import { allWords, type Meaning, meaningOf } from './words.js'

/** What an embedder says: a word of its platform, or what is meant by it. Times are milliseconds. */
export type EmbedderMessage =
  | { readonly lifecycle: string; readonly deadlineMs?: number }
  | { readonly interrupt: string; readonly deadlineMs?: number }
  | { readonly release: string }
  | { readonly shutdown: true; readonly deadlineMs?: number }

/** A message as it is understood. */
export interface Understood {
  readonly meaning: Meaning
  readonly deadlineMs: number | undefined
}

const isText = (value: unknown): value is string =>
  typeof value === 'string' && value.length > 0 && value.length <= LONGEST_NAME

/** Longest part of a message that an answer quotes, in UTF-16 code units. */
const LONGEST_QUOTE = 1000

/** A message as an answer names it: its beginning where it is long. */
export function quoted(message: unknown): string {
  const text = typeof message === 'string' ? message.trim() : written(message)
  return text.length > LONGEST_QUOTE ? `${text.slice(0, LONGEST_QUOTE)}…` : text
}

/** Whether it is what a host answers: another one's on the same channel, or its own that comes back. */
export function isAnswer(told: unknown): boolean {
  const message = typeof told === 'string' ? parsed(told) : told
  return isObject(message) && ('done' in message || 'refused' in message)
}

/**
 * Reads a message: an object, or a text of JSON.
 * @throws {UnknownWordError} it is none, or its word is of no platform
 */
export function readMessage(told: unknown): Understood {
  const message = typeof told === 'string' ? parsed(told) : told
  if (!isObject(message)) throw new UnknownWordError(String(told), allWords)
  const { lifecycle, interrupt, release, shutdown, deadlineMs } = message as Record<string, unknown>
  const timed = typeof deadlineMs === 'number' && deadlineMs >= 0 ? deadlineMs : undefined
  if (isText(interrupt)) return { meaning: { interrupt }, deadlineMs: timed }
  if (isText(release)) return { meaning: { release }, deadlineMs: timed }
  if (shutdown === true) return { meaning: { shutdown }, deadlineMs: timed }
  const meaning = isText(lifecycle) ? meaningOf(lifecycle) : undefined
  if (meaning === undefined)
    throw new UnknownWordError(isText(lifecycle) ? lifecycle : written(message), allWords)
  return { meaning, deadlineMs: timed }
}

/** What came over a port may be what JSON cannot write, such as a cycle. */
function written(message: unknown): string {
  try {
    return JSON.stringify(message) ?? String(message)
  } catch {
    return String(message)
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
