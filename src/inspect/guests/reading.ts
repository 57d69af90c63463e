import { readJson } from '../../checkpoint/json.js'
import { reasonOf } from '../../errors/text-of.js'
import { type Fields, type GuestNote, isFields } from './note.js'

/** Characters of what was sent that a problem shows. */
const SHOWN = 80
/** Longest name of a session that is taken. */
const LONGEST = 1000

/** Reads one text of a guest. */
export type ReadGuest = (text: string) => readonly GuestNote[]

/** Parses a text and has its message read; what is no object with a type is a problem. */
export function readMessage(
  text: string,
  read: (message: Fields & { readonly type: string }) => readonly GuestNote[],
): readonly GuestNote[] {
  let message: unknown
  try {
    message = readJson(text)
  } catch (error) {
    return [problem('It is no JSON', text, undefined, ` (${reasonOf(error)})`)]
  }
  if (!isFields(message) || typeof message.type !== 'string')
    return [problem('It is no object with a type', text)]
  const { type } = message
  return read({ ...message, type })
}

/** What cannot be taken, with the beginning of what was sent; `reason` may hold some of that, too. */
export function problem(what: string, sent: string, session?: string, reason = ''): GuestNote {
  const start = sent.length <= SHOWN ? sent : `${sent.slice(0, SHOWN)}…`
  const note = { type: 'problem', problem: what, sent: `${reason}: ${start}` } as const
  return session === undefined ? note : { ...note, session }
}

/** A name of a session; undefined for what is none. */
export function sessionIn(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' && value.length <= LONGEST ? value : undefined
}

/** JSON within JSON: undefined where it is none, or no object. */
export function fieldsIn(text: unknown): Fields | undefined {
  if (isFields(text)) return text
  if (typeof text !== 'string') return undefined
  try {
    const value = readJson(text)
    return isFields(value) ? value : undefined
  } catch {
    return undefined
  }
}

/** The type of an event; empty for what is none. */
export function typeIn(event: unknown): string {
  if (typeof event === 'string') return event
  return isFields(event) && typeof event.type === 'string' ? event.type : ''
}
