import * as v from 'valibot'
import { readJson } from '../checkpoint/json.js'
import { LONGEST_NAME } from '../errors/option-checks.js'
import { InvalidRequestError } from './errors.js'

/** Longest request and longest reply, in bytes. */
export const MAX_LINE_BYTES = 1024 * 1024

const key = v.string()
const name = v.optional(v.pipe(v.string(), v.minLength(1), v.maxLength(LONGEST_NAME)))
const deadlineMs = v.optional(v.pipe(v.number(), v.finite(), v.minValue(0)))

const requests = {
  /** What an event must be is the service's to say. */
  send: v.strictObject({
    type: v.literal('send'),
    key,
    event: v.unknown(),
    eventKey: name,
  }),
  pause: v.strictObject({ type: v.literal('pause'), key, hold: name, deadlineMs }),
  resume: v.strictObject({ type: v.literal('resume'), key, hold: name }),
  retry: v.strictObject({ type: v.literal('retry'), key, lastGood: v.optional(v.boolean()) }),
  /** Of one service, or of all in memory. */
  checkpoint: v.strictObject({ type: v.literal('checkpoint'), key: v.optional(key) }),
  rm: v.strictObject({ type: v.literal('rm'), key }),
  /** Brings every service to rest and gives the store back. */
  stop: v.strictObject({ type: v.literal('stop'), deadlineMs }),
  /** `of`: keys of which the answer says whether their services are begun there, and what holds them. */
  ping: v.strictObject({ type: v.literal('ping'), of: v.optional(v.array(key)) }),
  /** The process ends by SIGKILL; nothing answers. */
  crash: v.strictObject({ type: v.literal('crash') }),
  /** The same as soon as the service's machine enters a state, such as `loading` or `loading.first`; without one that is taken back. */
  interruptAt: v.strictObject({
    type: v.literal('interruptAt'),
    key,
    state: v.optional(v.pipe(v.string(), v.minLength(1))),
  }),
}

const envelope = v.looseObject({ type: v.string() })

type Requests = typeof requests

/** What a process that owns a store can be asked: one line of JSON. */
export type ControlRequest = { [Type in keyof Requests]: v.InferOutput<Requests[Type]> }[keyof Requests]

/** Where a service stands after a request. */
export interface ServiceStanding {
  readonly key: string
  readonly service: string
  /** The lifecycle's state, such as `running` or `paused`. */
  readonly phase: string
  /** The machine's state, as XState writes it. */
  readonly state?: unknown
  /** What holds the service. */
  readonly holds: readonly string[]
  /** Why it failed, where its phase is `failed`. */
  readonly failure?: WireError
}

/** What came of an event, none of which a crash takes back. */
export type SendOutcome =
  /** A transition took it. */
  | 'applied'
  /** No transition of the machine's state took it: nothing changed. */
  | 'ignored'
  /** Its key was seen before: it was not applied again. */
  | 'seen'
  /** The service was not running: it waits in the inbox, or came to the machine from there meanwhile. */
  | 'kept'

/** What came of an event, and where the service stands after it. */
export interface SendResult extends ServiceStanding {
  readonly outcome: SendOutcome
}

/** Where a service stands after `pause`, `resume` or `retry`, and whether there was anything to do. */
export interface ChangeResult extends ServiceStanding {
  /** False where the hold was set already, was not set by `pause`, or the service had not failed. */
  readonly changed: boolean
  /** True where the request has begun the service: it stood in the store, and the owner had not begun it. */
  readonly begun?: true
}

/** The answers that carry data of their own. */
interface OwnResults {
  readonly pause: ChangeResult
  readonly resume: ChangeResult
  readonly retry: ChangeResult
  readonly send: SendResult
  /**
   * `armed`: every kill to come, with the state of a service at which the process is to be killed; left out where there is none.
   * `unbegun`: which of the keys asked for it neither has in memory nor would wake for a timer.
   * `held`: what holds those of them that are in memory.
   */
  readonly ping: {
    readonly pid: number
    readonly services: number
    readonly sleeping: number
    readonly armed?: readonly { readonly key: string; readonly state: string; readonly by: string }[]
    readonly unbegun?: readonly string[]
    readonly held?: readonly { readonly key: string; readonly holds: readonly string[] }[]
  }
  readonly checkpoint: { readonly services: number }
  readonly rm: { readonly key: string }
  readonly crash: never
  /** `replaced`: the state at which it would have been killed until now. */
  readonly interruptAt: { readonly key: string; readonly state?: string; readonly replaced?: string }
  readonly stop: {
    readonly safe: number
    readonly unsafe: readonly { readonly key: string; readonly message: string }[]
  }
}

/** What a request is answered with. */
export type ControlResult<Type extends ControlRequest['type'] = ControlRequest['type']> =
  Type extends keyof OwnResults ? OwnResults[Type] : ServiceStanding

/** An error as it crosses the socket. */
export interface WireError {
  readonly code: string
  readonly message: string
  readonly remedy?: string | undefined
  readonly service?: string | undefined
  readonly key?: string | undefined
}

/** One line of JSON. */
export type ControlReply =
  | { readonly ok: true; readonly result: ControlResult }
  | { readonly ok: false; readonly error: WireError }

const text = v.optional(v.string())

const reply = v.variant('ok', [
  v.object({ ok: v.literal(true), result: v.unknown() }),
  v.object({
    ok: v.literal(false),
    error: v.object({ code: v.string(), message: v.string(), remedy: text, service: text, key: text }),
  }),
])

/**
 * Reads a request.
 * @throws {InvalidRequestError} it is no JSON, of an unknown type, or of the wrong shape
 */
export function parseRequest(line: string): ControlRequest {
  return checkRequest(parseJson(line))
}

/**
 * Looks at a request that came as a value.
 * @throws {InvalidRequestError} it is of an unknown type, or of the wrong shape
 */
export function checkRequest(parsed: unknown): ControlRequest {
  const type = v.safeParse(envelope, parsed)
  if (!type.success) throw new InvalidRequestError('it is no JSON object with a type')
  const name = type.output.type
  if (!isRequestType(name))
    throw new InvalidRequestError(`the type ${JSON.stringify(name.slice(0, 40))} is unknown`)
  const request = v.safeParse(requests[name], parsed)
  if (request.success) return request.output
  const [issue] = request.issues
  throw new InvalidRequestError(`${v.getDotPath(issue) ?? name}: ${issue.message}`)
}

/**
 * Reads a reply.
 * @throws {InvalidRequestError} whoever answered speaks another protocol
 */
export function parseReply(line: string): ControlReply {
  return checkReply(parseJson(line))
}

/**
 * Looks at a reply that came as a value.
 * @throws {InvalidRequestError} whoever answered speaks another protocol
 */
export function checkReply(value: unknown): ControlReply {
  const parsed = v.safeParse(reply, value)
  if (!parsed.success) throw new InvalidRequestError('the owner’s answer is none')
  // The owner runs this library: a result has the type that its request asks for.
  return parsed.output as ControlReply
}

function isRequestType(name: string): name is keyof Requests {
  return Object.hasOwn(requests, name)
}

function parseJson(line: string): unknown {
  try {
    return readJson(line)
  } catch {
    return undefined
  }
}
