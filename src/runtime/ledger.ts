import { errorOf } from '../errors/thrown.js'
import type { Clock } from '../ports/clock.js'
import type { CommitOutcome, CommitRequest } from '../ports/store.js'
import { type Ack, waiting } from './acks.js'
import type { Committer, Participant } from './committer.js'
import { Moments } from './moments.js'

/** Whose changes a ledger writes. */
export interface LedgerSource {
  /** The state as it is now, to be committed under this sequence. What it throws fails the service. */
  capture(sequence: number): CommitRequest
  /** The newest capture is durable. */
  durable(): void
  /** It could not be captured. */
  notCaptured(error: unknown): void
  /** It could not be written. */
  notWritten(error: Error): void
}

/**
 * Keeps count of what of one service is durable: what has changed, which commit is on its way, and who waits
 * for which.
 */
export class Ledger implements Participant {
  /** Sequence of the newest durable checkpoint. */
  sequence = 0
  #dirty = false
  /** Worth a commit, in no hurry. */
  #stale = false
  #waiting: Ack[] = []
  #inFlight: Ack[] | undefined
  #broken: Error | undefined
  readonly #landing = new Moments()

  constructor(
    private readonly committer: Committer,
    private readonly clock: Clock,
    private readonly source: LedgerSource,
  ) {}

  /** How many wait for an answer. */
  get unanswered(): number {
    return this.#waiting.length + (this.#inFlight?.length ?? 0)
  }

  /** Whether somebody waits for a commit that is not on its way yet. */
  get awaited(): boolean {
    return this.#waiting.length > 0
  }

  /** Whether anything is not durable, urgent or not. */
  get unwritten(): boolean {
    return this.#dirty || this.#stale || this.#inFlight !== undefined
  }

  /** Something changed: the next batch takes it. */
  touch(): void {
    // Who has failed writes no more than the note of it.
    if (this.#broken !== undefined) return
    this.#dirty = true
    this.committer.request(this)
  }

  /** Something changed that is written a little later, together with what comes until then. */
  touchSoon(): void {
    if (this.#stale) return
    this.#stale = true
    this.clock.yieldThen(() => {
      if (this.#stale) this.touch()
    })
  }

  /** What only `touchSoon` has asked for need not be written any more. */
  calm(): void {
    this.#stale = false
  }

  /** Resolves with the next commit that begins from now on. */
  next(): Promise<void> {
    const { promise, ack } = waiting()
    this.answerNext(ack)
    return promise
  }

  /** Answers somebody with the next commit that begins from now on. */
  answerNext(ack: Ack): void {
    this.#waiting.push(ack)
  }

  /** Resolves when everything up to now is durable. */
  durable(): Promise<void> {
    if (this.#broken !== undefined) return Promise.reject(this.#broken)
    // Who waits already waits for a commit that is sure to come.
    if (this.#dirty || this.#waiting.length > 0) return this.next()
    if (this.#inFlight === undefined) return Promise.resolve()
    // Without anything new, the commit under way is the one to wait for: no other may follow.
    const { promise, ack } = waiting()
    this.#inFlight.push(ack)
    return promise
  }

  /** Answers everybody with the error, until `recover`. */
  fail(error: Error): void {
    this.#broken = error
    this.#dirty = false
    this.#stale = false
    for (const ack of this.#waiting.splice(0)) ack.reject(error)
  }

  /** As `fail`, also for those whose commit is on its way: it is waited for no longer. */
  giveUp(error: Error): void {
    this.fail(error)
    for (const ack of this.#inFlight ?? []) ack.reject(error)
  }

  recover(): void {
    this.#broken = undefined
  }

  /** Resolves when no commit is on its way. */
  async landed(): Promise<void> {
    while (this.#inFlight !== undefined) await this.#landing.next()
  }

  collect(): CommitRequest | undefined {
    if (!this.#dirty || this.#inFlight !== undefined) return undefined
    try {
      const request = this.source.capture(this.sequence + 1)
      this.#inFlight = this.#waiting
      this.#waiting = []
      this.#dirty = false
      this.#stale = false
      return request
    } catch (error) {
      this.source.notCaptured(error)
      // Of one that has failed already, nobody else tells those who wait.
      if (this.#dirty) this.fail(errorOf(error))
      return undefined
    }
  }

  committed(outcome: CommitOutcome): void {
    // `collect` has put them there.
    const acks = this.#inFlight as readonly Ack[]
    this.#inFlight = undefined
    this.#landing.arrive()
    try {
      if (outcome.ok) this.#written(acks)
      else this.#refused(acks, outcome.error)
    } finally {
      if (this.#dirty) this.committer.request(this)
    }
  }

  #written(acks: readonly Ack[]): void {
    this.sequence++
    try {
      this.source.durable()
    } finally {
      // It is durable, whatever comes of the effects that this lets go.
      for (const ack of acks) ack.resolve()
    }
  }

  #refused(acks: readonly Ack[], error: Error): void {
    for (const ack of acks) ack.reject(error)
    this.source.notWritten(error)
  }
}
