import type { CommitOutcome, CommitRequest, StoreClaim } from '../ports/store.js'
import { apart } from '../xstate/apart.js'
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

/**
 * Writes the services of one store, in order: one batch at a time, each with everybody who has something
 * new. What changes while a batch is on its way goes into the next.
 */
export class Committer {
  readonly #due = new Set<Participant>()
  #flushing = false
  #scheduled = false

  constructor(
    private readonly claim: Pick<StoreClaim, 'commit'>,
    private readonly stretch: Stretch,
  ) {}

  /** Writes the participant's changes with the next batch. */
  request(participant: Participant): void {
    this.#due.add(participant)
    if (this.#flushing || this.#scheduled) return
    this.#scheduled = true
    // Later in this turn: whoever changes until then comes along.
    queueMicrotask(() => this.stretch.go(() => void this.#flush()))
  }

  async #flush(): Promise<void> {
    this.#scheduled = false
    this.#flushing = true
    const { participants, requests } = this.#batch()
    if (requests.length > 0) {
      const outcomes = await this.#commit(requests)
      for (const [index, participant] of participants.entries()) {
        const outcome = outcomes[index] ?? { ok: false, error: new Error('the store gave no outcome') }
        // What one service throws must not keep the others from their answers.
        apart(() => participant.committed(outcome))
      }
    }
    this.#flushing = false
    if (this.#due.size > 0 && !this.#scheduled) {
      this.#scheduled = true
      this.stretch.go(() => void this.#flush())
    }
  }

  #batch(): { participants: Participant[]; requests: CommitRequest[] } {
    const participants: Participant[] = []
    const requests: CommitRequest[] = []
    for (const participant of this.#due) {
      if (requests.length === LARGEST_BATCH) break
      this.#due.delete(participant)
      const request = apart(() => participant.collect())
      if (request === undefined) continue
      participants.push(participant)
      requests.push(request)
    }
    return { participants, requests }
  }

  async #commit(requests: readonly CommitRequest[]): Promise<readonly CommitOutcome[]> {
    try {
      return await this.claim.commit(requests)
    } catch (cause) {
      const error = cause instanceof Error ? cause : new Error(String(cause))
      return requests.map(() => ({ ok: false, error }))
    }
  }
}
