import * as v from 'valibot'
import { readJson } from '../../checkpoint/json.js'
import type { ClientMessage, RefusalCode } from '../stream/message.js'

const key = v.string()
const id = v.pipe(v.number(), v.safeInteger())
const sequence = v.pipe(v.number(), v.safeInteger(), v.minValue(0))
const optionalText = v.optional(v.pipe(v.string(), v.minLength(1), v.maxLength(512)))
const deadlineMs = v.optional(v.pipe(v.number(), v.finite(), v.minValue(0)))

const request = v.variant('type', [
  v.strictObject({ type: v.literal('send'), key, event: v.unknown(), eventKey: optionalText }),
  v.strictObject({ type: v.literal('pause'), key, hold: optionalText, deadlineMs }),
  v.strictObject({ type: v.literal('resume'), key, hold: optionalText }),
  v.strictObject({ type: v.literal('retry'), key, lastGood: v.optional(v.boolean()) }),
  v.strictObject({ type: v.literal('checkpoint'), key: v.optional(key) }),
  v.strictObject({ type: v.literal('stop'), deadlineMs }),
  v.strictObject({ type: v.literal('crash') }),
  v.strictObject({
    type: v.literal('interruptAt'),
    key,
    state: v.optional(v.pipe(v.string(), v.minLength(1))),
  }),
])

// A newer client may say more.
const messages = {
  hello: v.object({
    type: v.literal('hello'),
    version: v.number(),
    token: v.string(),
    seen: v.record(v.string(), sequence),
    charts: v.optional(v.array(v.string())),
  }),
  ack: v.object({ type: v.literal('ack'), incarnation: v.string(), sequence }),
  history: v.object({ type: v.literal('history'), id, key }),
  control: v.object({ type: v.literal('control'), id, request }),
}

const envelope = v.looseObject({ type: v.string() })

/** What a client sent, or why it is not taken. */
export type Read =
  | { readonly message: ClientMessage }
  | { readonly refusal: { readonly code: RefusalCode; readonly message: string } }

/** Reads one text of a client. */
export function readClientMessage(text: string): Read {
  const parsed = parse(text)
  const typed = v.safeParse(envelope, parsed)
  if (!typed.success) return refusal('MALFORMED', 'It is no JSON object with a type.')
  const { type } = typed.output
  if (!isKnown(type))
    return refusal('UNKNOWN_TYPE', `The type ${JSON.stringify(type.slice(0, 40))} is unknown here.`)
  const read = v.safeParse(messages[type], parsed)
  // Its unknown parts came out of JSON.
  if (read.success) return { message: read.output as ClientMessage }
  const [issue] = read.issues
  return refusal('MALFORMED', `${type}: ${v.getDotPath(issue) ?? 'it'} is wrong: ${issue.message}`)
}

function refusal(code: RefusalCode, message: string): Read {
  return { refusal: { code, message } }
}

function isKnown(type: string): type is keyof typeof messages {
  return Object.hasOwn(messages, type)
}

function parse(text: string): unknown {
  try {
    return readJson(text)
  } catch {
    return undefined
  }
}
