import { FailedEarlierError, ServiceEndedError } from '../errors/service.js'
import type { Conductor } from './conductor.js'
import type { Revival } from './engine-types.js'
import type { Resumption } from './resumption.js'
import { leaves } from './waits.js'

/** Brings one service in, whenever its lifecycle asks for it, and tells the lifecycle what was found. */
export class Revivals {
  /** What the last one has found. */
  found: Revival | undefined
  /** The next one goes on after a failure, though the checkpoint says that it failed. */
  retrying = false
  #holdsKnown = false
  /** Stored holds that were released before they were read. */
  #releasedEarly: Set<string> | undefined
  #underWay: Promise<void> | undefined

  constructor(
    private readonly conductor: Conductor,
    private readonly resumption: Resumption,
    /** The next one ends a sleep, and so is the end of no interruption. */
    public slept: boolean,
  ) {}

  begin(): void {
    this.#underWay = this.#revive()
  }

  /** Resolves when none is under way. */
  async over(): Promise<void> {
    await this.#underWay
    // Whatever ends one may ask for another, which may have to wait for its turn.
    while (this.conductor.state === 'resuming') await leaves(this.conductor.lifecycle, 'resuming')
  }

  /** The program releases a hold: what is stored is the program's, and may not be read yet. */
  released(hold: string): void {
    if (this.#holdsKnown) return
    this.#releasedEarly ??= new Set()
    this.#releasedEarly.add(hold)
  }

  async #revive(): Promise<void> {
    const { conductor } = this
    const { engine, view } = conductor
    // Read at once: a retry may begin while this one still ends.
    const { retrying, slept } = this
    this.retrying = false
    this.slept = false
    try {
      const revival = await engine.revive(slept)
      this.found = revival
      view.attach(() => engine.tree?.snapshot)
      // Of one that failed as well: a step back goes on from a checkpoint that may name others.
      this.#takeHolds(revival)
      const { failure } = revival
      if (revival.phase === 'failed' && failure !== undefined && !retrying) {
        throw new FailedEarlierError(failure, conductor.facts)
      }
      const { holds, stopping } = conductor.lifecycle.getSnapshot().context
      if (revival.fresh && (holds.length > 0 || stopping)) await engine.beginHeld()
      conductor.tell({ type: revival.ended ? 'lifecycle.finished' : 'lifecycle.revived' })
      this.#writeRest(revival)
    } catch (error) {
      conductor.failWith(error)
    }
  }

  #takeHolds({ holds }: Revival): void {
    // Later on it is the lifecycle that knows: the record may still name a hold that was just released.
    for (const hold of this.#holdsKnown ? [] : holds) {
      if (this.#releasedEarly?.has(hold)) this.resumption.interruptedBy(hold)
      else {
        this.conductor.options.observe?.({ type: 'asked', hold, by: 'checkpoint' })
        this.conductor.hold(hold)
      }
    }
    this.#holdsKnown = true
  }

  /** Holds and events that came while it was revived: at rest, nothing else would write or answer them. */
  #writeRest(revival: Revival): void {
    const { state, engine, facts } = this.conductor
    if (state === 'done') engine.refuse(new ServiceEndedError('done', facts))
    if (state !== 'paused' && state !== 'stopped') return
    const { holds, phase } = this.conductor.standing()
    const changed = !sameNames(holds, revival.holds) || phase !== revival.phase
    if (changed || engine.ledger.awaited) engine.ledger.touch()
  }
}

function sameNames(some: readonly string[], others: readonly string[]): boolean {
  return some.length === others.length && some.every((name, index) => name === others[index])
}
