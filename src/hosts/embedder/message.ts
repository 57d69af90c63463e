import { UnknownWordError } from '../../errors/host.js'
import { isObject, LONGEST_NAME, milliseconds, shown } from '../../errors/option-checks.js'
import { InvalidOptionError } from '../../errors/options.js'
import { allWords, type Meaning, meaningOfWord } from './words.js'

/** What an embedder says: a word of its platform, or what is meant by it. Times are milliseconds. */
export type EmbedderMessage =
  | { readonly lifecycle: string; readonly deadlineMs?: number }
  | { readonly interrupt: string; readonly deadlineMs?: number }
  | { readonly release: string }
  | { readonly shutdown: true; readonly deadlineMs?: number }

/** A message as it is understood. */
export interface Understood {
  readonly meaning: Meaning
  /** Whether it is a word of a platform. */
  readonly isWord: boolean
  readonly deadlineMs: number | undefined
}

const KINDS = ['lifecycle', 'interrupt', 'release', 'shutdown'] as const

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
 * @throws {UnknownWordError} it is none, says several things at once, or its word is of no platform
 * @throws {InvalidOptionError} its deadline is no time
 */
export function readMessage(told: unknown): Understood {
  const message = typeof told === 'string' ? parsed(told) : told
  if (!isObject(message)) throw new UnknownWordError(String(told), allWords)
  // What is there is looked at before it is used.
  const said = message as Partial<Record<(typeof KINDS)[number] | 'deadlineMs', unknown>>
  const kinds = KINDS.filter((kind) => isSaid(said[kind]))
  const meaning = kinds.length === 1 ? meaningOf(said) : undefined
  if (meaning === undefined) {
    const { lifecycle } = said
    const word = kinds.length === 1 && isText(lifecycle) ? lifecycle : written(message)
    throw new UnknownWordError(word, allWords)
  }
  return { meaning, isWord: kinds[0] === 'lifecycle', deadlineMs: deadlineOf(said.deadlineMs) }
}

/** Those who write JSON may have no other way to say nothing. */
const isSaid = (value: unknown) => value !== undefined && value !== null

function meaningOf(said: Partial<Record<(typeof KINDS)[number], unknown>>): Meaning | undefined {
  const { lifecycle, interrupt, release, shutdown } = said
  if (isText(interrupt)) return { interrupt }
  if (isText(release)) return { release }
  if (shutdown === true) return { shutdown }
  return isText(lifecycle) ? meaningOfWord(lifecycle) : undefined
}

function deadlineOf(told: unknown): number | undefined {
  if (!isSaid(told)) return undefined
  if (typeof told === 'number' && told >= 0) return told
  throw new InvalidOptionError('deadlineMs', shown(told), milliseconds.expected)
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
