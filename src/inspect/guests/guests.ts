import { GuestEventError, GuestGoneError } from '../../errors/inspect.js'
import { reasonOf } from '../../errors/text-of.js'
import type { Clock } from '../../ports/clock.js'
import type { Hide } from '../redact.js'
import type { Journal } from '../stream/journal.js'
import type { IncarnationMessage } from '../stream/message.js'
import { Guest } from './guest.js'
import { GuestChapter } from './guest-chapter.js'
import type { ReadGuest } from './reading.js'
import { readStately } from './stately.js'
import { eventText, readXState4 } from './xstate4.js'

export type GuestProtocol = NonNullable<IncarnationMessage['guest']>

/** Guests that are here at once, and those that were and are still shown. */
export const MOST_GUESTS = 32
const MOST_PAST = 16
/** How long a guest may take to tell what has come of an event. */
const ANSWER_MS = 1000
/** Keys of actors that have ended, the newest. */
const MOST_ENDED = 10_000

const READERS: Readonly<Record<GuestProtocol, ReadGuest>> = {
  '@statelyai/inspect': readStately,
  '@xstate/inspect': readXState4,
}

/** One guest's connection. */
export interface GuestLine {
  receive(text: string): void
  /** Something else came than a text, or too much. */
  problem(what: string): void
  /** The guest is gone. */
  end(): void
}

/** The applications that show themselves here over the inspectors of XState: each a chapter of the journal. */
export class Guests {
  /** Who takes events for a key; undefined where its protocol has none. */
  readonly #keys = new Map<string, ((event: unknown) => Promise<boolean | undefined>) | undefined>()
  readonly #ended = new Set<string>()
  readonly #past: GuestChapter[] = []
  #here = 0

  /** @param nameAt makes the name of an incarnation that begins now */
  constructor(
    private readonly journal: Journal,
    private readonly hide: Hide,
    private readonly clock: Clock,
    private readonly nameAt: (startedAtMs: number) => string,
  ) {}

  /** Whether there is room for one more. */
  get hasRoom(): boolean {
    return this.#here < MOST_GUESTS
  }

  /** @param send sends the guest a text */
  arrive(protocol: GuestProtocol, send: (text: string) => void): GuestLine {
    this.#here++
    const startedAtMs = this.clock.now()
    const facts = { incarnation: this.nameAt(startedAtMs), pid: 0, startedAtMs, guest: protocol }
    const chapter = new GuestChapter(this.journal, facts, this.clock)
    const guest = new Guest(protocol, this.hide, {
      keyFor: (name) => {
        const key = this.#freeKey(name)
        this.#ended.delete(key)
        this.#keys.set(key, protocol === '@xstate/inspect' ? (event) => sendTo(key, event) : undefined)
        return key
      },
      released: (key) => this.#release(key),
      chart: (hash, chart) => chapter.chart(hash, chart),
      happened: (key, happening, atMs) => chapter.tell(key, happening, atMs),
    })
    const sendTo = async (key: string, event: unknown) => {
      const session = guest.sessionOf(key)
      if (session === undefined) throw new GuestGoneError(key)
      return new Promise<boolean | undefined>((resolve) => {
        const silence = this.clock.setTimer(() => resolve(undefined), ANSWER_MS, true)
        guest.sent.note(session, event, (changed) => {
          this.clock.clearTimer(silence)
          resolve(changed)
        })
        send(eventText(session, event))
      })
    }
    const read = READERS[protocol]
    return {
      receive: (text) => {
        try {
          for (const note of read(text)) guest.take(note)
        } catch (cause) {
          // Whatever it is, it stays the guest's own: services run in this process.
          guest.take({ type: 'problem', problem: `It could not be shown: ${reasonOf(cause)}` })
        }
        chapter.settle()
      },
      problem: (problem) => {
        guest.take({ type: 'problem', problem })
        chapter.settle()
      },
      end: () => {
        this.#here--
        guest.end('disconnected')
        chapter.end()
        this.#past.push(chapter)
        if (this.#past.length > MOST_PAST) this.#past.shift()?.forget()
      },
    }
  }

  /** Whether the service of this key is a guest's, or was. */
  has(key: string): boolean {
    return this.#keys.has(key) || this.#ended.has(key)
  }

  /**
   * Sends an event to the root actor that is shown under a key, and resolves with whether it has changed anything there; undefined where that is not told soon.
   * @throws {GuestEventError} the guest's protocol knows no events to it
   * @throws {GuestGoneError} it has ended
   */
  async send(key: string, event: unknown): Promise<boolean | undefined> {
    if (this.#ended.has(key)) throw new GuestGoneError(key)
    const send = this.#keys.get(key)
    if (send === undefined) throw new GuestEventError(key)
    return send(event)
  }

  #release(key: string): void {
    this.#keys.delete(key)
    this.#ended.add(key)
    const [oldest] = this.#ended
    if (oldest !== undefined && this.#ended.size > MOST_ENDED) this.#ended.delete(oldest)
  }

  /** A name that no other has now: the same for an application that comes again, whose history then goes on. */
  #freeKey(name: string): string {
    let key = `xstate:${name}`
    for (let at = 2; this.#keys.has(key); at++) key = `xstate:${name} (${at})`
    return key
  }
}
