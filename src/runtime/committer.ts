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

/**
 * Writes the services of one store, each with everything new of its: what changes while a service's commit is on its way
 * goes into its next one.
 */
export class Committer {
  readonly #due = new Set<Participant>()
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
    while (this.#underWay > 0 || this.#due.size > 0) await this.#rested.next()
  }

  /** Writes the participant's changes with the next batch. */
  request(participant: Participant): void {
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
    const behind = this.#behind(outcomes)
    // What has changed meanwhile is written before those who are answered now change more, or come to rest.
    const waits = this.#scheduled
    this.#scheduled = true
    for (const [index, participant] of participants.entries()) {
      const outcome = outcomes[index] as CommitOutcome
      // What one service throws must not keep the others from their answers.
      apart(() => participant.committed(outcome))
    }
    for (const answer of behind) apart(answer)
    this.#scheduled = waits
    this.#rested.arrive()
    this.#schedule(() => this.stretch.go(() => this.#flush()))
  }

  /** The answers of those who are to be written next, where the server was away for too long: they have waited for it as well. */
  #behind(outcomes: readonly CommitOutcome[]): (() => void)[] {
    // `claimStore` gives errors of this library alone.
    const errors = outcomes.flatMap((outcome) => (outcome.ok ? [] : [outcome.error as TardigradeError]))
    const error = errors.find(({ code }) => code === 'STORE_UNREACHABLE')
    if (error === undefined) return []
    const { participants, requests } = this.#batch(this.#due.size)
    return participants.map((participant, index) => () => {
      const request = requests[index] as CommitRequest
      participant.committed({ ok: false, error: copyFor(error, request) })
    })
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
