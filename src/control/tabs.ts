import * as v from 'valibot'
import { checkOptions, milliseconds } from '../errors/option-checks.js'
import { frozenPage } from '../platform/frozen-page.js'
import { after } from '../platform/timer.js'
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
import { answered, asked, heard, openTabChannel, requested, still, type TabWord } from './tab-words.js'

export * from './errors.js'
export type { ControlResult, SendOutcome, SendResult, ServiceStanding, WireError } from './protocol.js'

/** A page has no process of its own to end. */
const REFUSED = ['crash', 'interruptAt'] as const

/** What another tab can ask for: all that a process can be asked, but for its crash. */
export type TabRequest = Exclude<ControlRequest, { readonly type: (typeof REFUSED)[number] }>

/**
 * Lets other tabs of the same origin reach this supervisor with `callTab`, over a BroadcastChannel, for as long as the
 * store is this supervisor's: one that has lost it leaves the answers to its next owner. The function that it gives stops listening.
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
  const channel = openTabChannel(name)
  const by = crypto.randomUUID()
  const underWay = new Set<string>()
  const page = frozenPage()
  let closed = false
  const say = (word: TabWord) => {
    if (!closed) channel.postMessage(word)
  }
  const carry = async (ask: string, request: unknown) => {
    underWay.add(ask)
    const reply = await replyTo(supervisor, request)
    underWay.delete(ask)
    if (reply !== undefined) say({ answer: ask, reply })
  }
  channel.onmessage = ({ data }) => {
    // Who asks is not kept waiting, and nothing is begun here that would be done when nobody expects it any more.
    if (page.isFrozen()) return
    if (v.is(requested, data)) {
      if (data.to === by) void carry(data.ask, data.request)
    } else if (v.is(asked, data)) {
      void supervisor.ownsStore().then((owns) => owns && say({ heard: data.ask, by }))
    } else if (v.is(still, data) && underWay.has(data.still)) say({ heard: data.still, by })
  }
  return () => {
    closed = true
    page.end()
    channel.close()
  }
}

/** Undefined where it fails and another owns the store by now, who has the say: what is durable, any owner may tell. */
async function replyTo(supervisor: Supervisor, asked: unknown): Promise<ControlReply | undefined> {
  let stops = false
  try {
    const request = tabRequest(asked)
    // It gives the store back, as it was asked to.
    stops = request.type === 'stop'
    return { ok: true, result: await carryOut(supervisor, request, 'tab') }
  } catch (error) {
    return stops || (await supervisor.ownsStore()) ? { ok: false, error: toWire(error) } : undefined
  }
}

/** @throws {InvalidRequestError} it is none that a tab can be asked */
function tabRequest(asked: unknown): ControlRequest {
  const request = checkRequest(asked)
  if (REFUSED.some((type) => type === request.type))
    throw new InvalidRequestError(`a tab is not asked to ${request.type}`)
  return request
}

/**
 * A copy, as it comes to another tab.
 * @throws {InvalidRequestError} no message can carry it
 */
function copyOf(request: unknown): unknown {
  try {
    return structuredClone(request)
  } catch (cause) {
    throw new InvalidRequestError('it holds what no message can carry', { cause }, PLAIN)
  }
}

export interface CallTabOptions {
  /** How long to wait for the owner to say that it has heard, and then, each time anew, that it is still there, in ms. Default 1000. */
  readonly heardMs?: number
  /** How long to wait for the reply of an owner that is there, in ms. Default: 30,000, and a request's own deadline on top. */
  readonly timeoutMs?: number
}

const PLAIN = 'Send plain data: no functions, and nothing that holds one, such as a state of a machine.'
const UNREACHABLE =
  'Call serveTabs(supervisor, name) in the tab that owns the store, or claim the store here: with `whenLocked: "wait"` once that tab is closed or frozen.'
const KNOWN =
  'an event that has a key is applied once. Of any other request look first what came of it, with `store.read()`, which works beside the owner.'
const AGAIN = `Ask again: ${KNOWN}`
const LONGER = `Ask again, with a longer \`timeoutMs\`: ${KNOWN}`

/**
 * Asks the tab that owns the store, and resolves with its reply.
 *
 * @throws {InvalidOptionError | InvalidRequestError} an option is unknown or out of its range, or the request is none: nobody was asked
 * @throws {OwnerUnreachableError} no tab has said that the store is its own: the request was not sent, and nothing was done
 * @throws {OwnerGoneError} the owner was closed or frozen, or lost the store, before it replied; the request may have been carried out,
 * and an event with a key can be sent again
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
  checkOptions('callTab', options, { heardMs: milliseconds, timeoutMs: milliseconds })
  tabRequest(request)
  const { heardMs = 1000 } = options
  const deadlineMs = 'deadlineMs' in request ? (request.deadlineMs ?? 0) : 0
  const { timeoutMs = 30_000 + deadlineMs } = options
  const ask = crypto.randomUUID()
  const wanted = copyOf(request)
  const channel = openTabChannel(name)
  const say = (word: TabWord) => channel.postMessage(word)
  let owner: string | undefined
  let heed: (() => void) | undefined
  let endDeadline: (() => void) | undefined
  try {
    const reply = await new Promise<unknown>((resolve, reject) => {
      const whenSilent = (give: () => void) => {
        heed?.()
        heed = afterSilence(heardMs, give)
      }
      channel.onmessage = ({ data }) => {
        if (v.is(answered, data) && data.answer === ask) resolve(data.reply)
        if (!v.is(heard, data) || data.heard !== ask) return
        if (owner === undefined) {
          owner = data.by
          endDeadline = after(timeoutMs, () => reject(new ControlTimeoutError('reply', timeoutMs, LONGER)))
          say({ ask, to: owner, request: wanted })
        }
        if (data.by !== owner) return
        whenSilent(() => {
          say({ still: ask })
          whenSilent(() => reject(new OwnerGoneError(name, 'tab', AGAIN)))
        })
      }
      whenSilent(() => reject(new OwnerUnreachableError(name, 'no tab answers', UNREACHABLE)))
      say({ ask })
    })
    const checked = checkReply(reply)
    if (!checked.ok) throw fromWire(checked.error)
    // An owner answers each type of request with its type of result.
    return checked.result as ControlResult<Type>
  } finally {
    heed?.()
    endDeadline?.()
    channel.close()
  }
}
