import type { FailureRecord } from '../checkpoint/record.js'
import { problemOf } from '../errors/base.js'
import { FailedEarlierError, NoGoodCheckpointError } from '../errors/service.js'
import type { Conductor } from './conductor.js'
import { isFailureInState } from './failures.js'
import { isSameState } from './same-state.js'
import { toSetAside } from './step-back.js'

/** A retry under way, or waiting for another to end. */
interface Retrying {
  /** What it is to get over; undefined where the service had not failed when it was asked for. */
  readonly failure: Error | undefined
  readonly lastGood: boolean
  readonly done: Promise<void>
}

/** Lets one failed service go on, from its newest checkpoint or from an earlier one. */
export class Retries {
  #last: Retrying | undefined

  constructor(private readonly conductor: Conductor) {}

  /**
   * Two at once are one. But a step back that is asked for is done, in its turn, unless one is on its way already that
   * was asked for because of the same failure.
   */
  retry(lastGood: boolean): Promise<void> {
    const failure = this.#failure
    const last = this.#last
    const same = failure === undefined || failure === last?.failure
    if (last !== undefined && (!lastGood || (last.lastGood && same))) return last.done
    const attempt = () => this.#retry(lastGood)
    const ended = last === undefined ? attempt() : last.done.then(attempt, attempt)
    const done = ended.finally(() => {
      if (this.#last?.done === done) this.#last = undefined
    })
    this.#last = { failure, lastGood, done }
    return done
  }

  get #failure(): Error | undefined {
    return this.conductor.lifecycle.getSnapshot().context.failure
  }

  async #retry(lastGood: boolean): Promise<void> {
    const { conductor } = this
    if (conductor.state !== 'failed') return
    const noted = await conductor.engine.noted()
    if (lastGood) await this.#stepBack(noted)
    conductor.retry()
    await conductor.goneOn()
  }

  async #stepBack(noted: FailureRecord | undefined): Promise<void> {
    const { engine, options } = this.conductor
    const { key, claim, codec, incarnations } = options
    // One that has failed, as this one has, knows of what.
    const failure = this.#failure as Error
    const inboxAt = (failure instanceof FailedEarlierError ? failure.failure : noted)?.inboxAt
    // Where an event of the inbox is at fault, the checkpoint below the note of it is as good without that.
    const failedInIt = inboxAt === undefined && isFailureInState(failure)
    const history = await claim.history(key)
    const aside = toSetAside(history, failedInIt, (newer, older) =>
      isSameState(newer.text, older.text, codec),
    )
    if (aside === undefined) throw new NoGoodCheckpointError({ ...this.conductor.facts, cause: failure })
    // Their sequences come again, with other effects.
    incarnations.stepBack(key)
    for (const { sequence } of aside) await claim.quarantine(key, sequence, problemOf(failure))
    engine.intake.leaveOut = inboxAt
  }
}
