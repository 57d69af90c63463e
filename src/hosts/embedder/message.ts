import { UnknownWordError } from '../../errors/host.js'
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
  typeof value === 'string' && value.length > 0 && value.length <= 512

/**
 * Reads a message: an object, or a text of JSON.
 * @throws {UnknownWordError} it is none, or its word is of no platform
 */
export function readMessage(told: unknown): Understood {
  const message = typeof told === 'string' ? parsed(told) : told
  if (typeof message !== 'object' || message === null) throw new UnknownWordError(String(told), allWords)
  const { lifecycle, interrupt, release, shutdown, deadlineMs } = message as Record<string, unknown>
  const timed = typeof deadlineMs === 'number' && deadlineMs >= 0 ? deadlineMs : undefined
  if (isText(interrupt)) return { meaning: { interrupt }, deadlineMs: timed }
  if (isText(release)) return { meaning: { release }, deadlineMs: timed }
  if (shutdown === true) return { meaning: { shutdown }, deadlineMs: timed }
  const meaning = isText(lifecycle) ? meaningOf(lifecycle) : undefined
  if (meaning === undefined)
    throw new UnknownWordError(isText(lifecycle) ? lifecycle : JSON.stringify(message), allWords)
  return { meaning, deadlineMs: timed }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
