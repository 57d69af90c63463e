import type { TardigradeError } from '../errors/base.js'
import { copyFor } from '../errors/with-facts.js'
import type { CommitOutcome, CommitRequest, StoreClaim } from '../ports/store.js'
import { apart } from '../xstate/apart.js'
import { Moments } from './moments.js'
import type { Stretch } from './stretch.js'

/** Most services in one transaction: more would block the thread and delay everybody's answer. */
const LARGEST_BATCH = 256

/** A service whose changes are to be written. */
export interface Participant {
  /** What is to be written now; undefined when there is nothing. It deals with its own errors. */
  collect(): CommitRequest | undefined
  /** Answers `collect`. */
  committed(outcome: CommitOutcome): void
}

/** Batches on their way at once: while the disk has one, the next is put together. */
const MOST_UNDER_WAY = 2

/** Most who are told in one go that the server was away: each is captured for that, and fails. */
const MOST_TOLD = 32

/**
 * Writes the services of one store, each with everything new of its: what changes while a service's commit is on its way
 * goes into its next one.
 */
export class Committer {
  readonly #due = new Set<Participant>()
  /** Those for whom the server was away too long before they were written, and what they are told. */
  readonly #behind = new Map<Participant, TardigradeError>()
  readonly #rested = new Moments()
  #underWay = 0
  #scheduled = false
  #closed = false

  constructor(
    private readonly claim: Pick<StoreClaim, 'commit'>,
    private readonly stretch: Stretch,
  ) {}

  /** Whether the supervisor has come to its end: no event is taken any more. */
  get closed(): boolean {
    return this.#closed
  }

  /** Has no event taken from now on. Resolves when all that was asked for is written, or could not be. */
  async close(): Promise<void> {
    this.#closed = true
    while (this.#underWay > 0 || this.#due.size > 0 || this.#behind.size > 0) await this.#rested.next()
  }

  /** Writes the participant's changes with the next batch. */
  request(participant: Participant): void {
    if (this.#behind.has(participant)) return
    this.#due.add(participant)
    this.#flushSoon()
  }

  #flushSoon(): void {
    // Later in this turn: whoever changes until then comes along.
    this.#schedule(() => queueMicrotask(() => this.stretch.go(() => this.#flush())))
  }

  #schedule(run: () => void): void {
    if (this.#scheduled || this.#underWay === MOST_UNDER_WAY || this.#due.size === 0) return
    this.#scheduled = true
    run()
  }

  #flush(): void {
    this.#scheduled = false
    // With nothing on its way, one half goes ahead, so that computing and committing overlap from now on.
    const most = this.#underWay === 0 ? Math.ceil(this.#due.size / 2) : LARGEST_BATCH
    const { participants, requests } = this.#batch(Math.min(most, LARGEST_BATCH))
    if (requests.length > 0) void this.#write(participants, requests)
    else this.#rested.arrive()
    this.#flushSoon()
  }

  async #write(participants: readonly Participant[], requests: readonly CommitRequest[]): Promise<void> {
    this.#underWay++
    // `claimStore` has seen to it that it rejects with nothing, and has an outcome for each.
    const outcomes = await this.claim.commit(requests)
    this.#underWay--
    this.#leaveBehind(participants, outcomes)
    // What has changed meanwhile is written before those who are answered now change more, or come to rest.
    const waits = this.#scheduled
    this.#scheduled = true
    for (const [index, participant] of participants.entries()) {
      const outcome = outcomes[index] as CommitOutcome
      // What one service throws must not keep the others from their answers.
      apart(() => participant.committed(outcome))
    }
    this.#scheduled = waits
    this.#rested.arrive()
    this.#schedule(() => this.stretch.go(() => this.#flush()))
  }

  /** Where the server was away for too long, those who are to be written next have waited for it as well. */
  #leaveBehind(answered: readonly Participant[], outcomes: readonly CommitOutcome[]): void {
    // `claimStore` gives errors of this library alone.
    const errors = outcomes.flatMap((outcome) => (outcome.ok ? [] : [outcome.error as TardigradeError]))
    const error = errors.find(({ code }) => code === 'STORE_UNREACHABLE')
    if (error === undefined || this.#due.size === 0) return
    for (const participant of this.#due) this.#behind.set(participant, error)
    this.#due.clear()
    // Those have an answer of their own, and are written anew where they have changed since.
    for (const participant of answered) this.#behind.delete(participant)
    // After those who are answered now.
    queueMicrotask(() => this.stretch.go(() => this.#tellBehind()))
  }

  #tellBehind(): void {
    let room = MOST_TOLD
    for (const [participant, error] of this.#behind) {
      if (room-- === 0) break
      this.#behind.delete(participant)
      apart(() => {
        const request = participant.collect()
        if (request !== undefined) participant.committed({ ok: false, error: copyFor(error, request) })
      })
    }
    if (this.#behind.size > 0) this.stretch.go(() => this.#tellBehind())
    else this.#rested.arrive()
  }

  #batch(most: number): { participants: Participant[]; requests: CommitRequest[] } {
    const participants: Participant[] = []
    const requests: CommitRequest[] = []
    for (const participant of this.#due) {
      if (requests.length === most) break
      this.#due.delete(participant)
      const request = apart(() => participant.collect())
      if (request === undefined) continue
      participants.push(participant)
      requests.push(request)
    }
    return { participants, requests }
  }
}
