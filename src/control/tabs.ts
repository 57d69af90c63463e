import * as v from 'valibot'
import type { Supervisor } from '../runtime/supervisor.js'
import { carryOut, toWire } from './answer.js'
import { ControlTimeoutError, InvalidRequestError, OwnerGoneError, OwnerUnreachableError } from './errors.js'
import { fromWire } from './from-wire.js'
import {
  type ControlReply,
  type ControlRequest,
  type ControlResult,
  checkReply,
  checkRequest,
} from './protocol.js'
import { afterSilence } from './silence.js'

export * from './errors.js'
export type { ControlResult, SendOutcome, SendResult, ServiceStanding, WireError } from './protocol.js'

/** A page has no process of its own to end. */
const REFUSED = ['crash', 'interruptAt'] as const

/** What another tab can ask for: all that a process can be asked, but for its crash. */
export type TabRequest = Exclude<ControlRequest, { readonly type: (typeof REFUSED)[number] }>

/** A `BroadcastChannel` of the platform, as far as this library uses it. */
interface Channel {
  postMessage(message: unknown): void
  onmessage: ((event: { readonly data: unknown }) => void) | null
  close(): void
}

const asked = v.object({ ask: v.string(), request: v.unknown() })
const still = v.object({ still: v.string() })
const heard = v.object({ heard: v.string() })
const answered = v.object({ answer: v.string(), reply: v.unknown() })

const open = (name: string): Channel => {
  // Browsers and Node have it; their types of its events differ.
  const { BroadcastChannel } = globalThis as unknown as { BroadcastChannel: new (name: string) => Channel }
  return new BroadcastChannel(`tardigrade:control:${name}`)
}

/**
 * Lets other tabs of the same origin reach this supervisor with `callTab`, over a BroadcastChannel. The function that it
 * gives stops listening; call it before the supervisor closes.
 *
 * @param name any text that both sides know, such as that of the store
 *
 * @example
 * ```ts
 * const supervisor = await createSupervisor({ store: indexedDbStore('uploads', { whenLocked: 'wait' }) })
 * const stop = serveTabs(supervisor, 'uploads')
 * ```
 */
export function serveTabs(supervisor: Supervisor, name: string): () => void {
  const channel = open(name)
  const underWay = new Set<string>()
  let closed = false
  channel.onmessage = ({ data }) => {
    if (v.is(still, data) && underWay.has(data.still)) channel.postMessage({ heard: data.still })
    if (!v.is(asked, data)) return
    const { ask, request } = data
    underWay.add(ask)
    channel.postMessage({ heard: ask })
    void replyTo(supervisor, request).then((reply) => {
      underWay.delete(ask)
      if (!closed) channel.postMessage({ answer: ask, reply })
    })
  }
  return () => {
    closed = true
    channel.close()
  }
}

async function replyTo(supervisor: Supervisor, asked: unknown): Promise<ControlReply> {
  try {
    const request = checkRequest(asked)
    if (REFUSED.some((type) => type === request.type))
      throw new InvalidRequestError(`a tab is not asked to ${request.type}`)
    return { ok: true, result: await carryOut(supervisor, request, 'tab') }
  } catch (error) {
    return { ok: false, error: toWire(error) }
  }
}

export interface CallTabOptions {
  /** How long to wait for the owner to say that it has heard, and then, each time anew, that it is still there, in ms. Default 1000. */
  readonly heardMs?: number
  /** How long to wait for the reply of an owner that is there, in ms. Default: 30,000, and a request's own deadline on top. */
  readonly timeoutMs?: number
}

const REMEDY =
  'Call serveTabs(supervisor, name) in the tab that owns the store, or claim the store here: with `whenLocked: "wait"` once that tab is closed.'

/**
 * Asks the tab that owns the store, and resolves with its reply.
 *
 * @throws {OwnerUnreachableError} no tab has heard it: nothing was done
 * @throws {OwnerGoneError} the tab that heard it was closed, or frozen, before it replied; the request may have been carried out, and
 * an event with a key can be sent again
 * @throws {ControlTimeoutError} no reply came in time, from an owner that is there; the request may still be under way
 * @throws {RemoteError} the owner refused; `code` and `message` are its error's
 *
 * @example
 * ```ts
 * await callTab('uploads', { type: 'send', key: 'holiday.mp4', event: { type: 'PAUSE' }, eventKey: 'e1' })
 * ```
 */
export async function callTab<Type extends TabRequest['type']>(
  name: string,
  request: Extract<TabRequest, { type: Type }>,
  options: CallTabOptions = {},
): Promise<ControlResult<Type>> {
  const { heardMs = 1000 } = options
  const deadlineMs = 'deadlineMs' in request ? (request.deadlineMs ?? 0) : 0
  const { timeoutMs = 30_000 + deadlineMs } = options
  const ask = crypto.randomUUID()
  const channel = open(name)
  let heed: (() => void) | undefined
  let deadline: ReturnType<typeof setTimeout> | undefined
  try {
    const reply = await new Promise<unknown>((resolve, reject) => {
      const nobody = new OwnerUnreachableError(name, 'no tab answers', REMEDY)
      heed = afterSilence(heardMs, () => reject(nobody))
      channel.onmessage = ({ data }) => {
        if (v.is(answered, data) && data.answer === ask) resolve(data.reply)
        if (!v.is(heard, data) || data.heard !== ask) return
        deadline ??= setTimeout(() => reject(new ControlTimeoutError('reply', timeoutMs)), timeoutMs)
        heed?.()
        heed = afterSilence(heardMs, () => {
          channel.postMessage({ still: ask })
          heed = afterSilence(heardMs, () => reject(new OwnerGoneError(name, 'tab')))
        })
      }
      channel.postMessage({ ask, request })
    })
    const checked = checkReply(reply)
    if (!checked.ok) throw fromWire(checked.error)
    // An owner answers each type of request with its type of result.
    return checked.result as ControlResult<Type>
  } finally {
    heed?.()
    clearTimeout(deadline)
    channel.close()
  }
}
