import { type InternalActor, RUNNING } from './internals.js'
import { endOutsideWork } from './outside-work.js'
import { childOf } from './paths.js'
import { uncapturable } from './uncapturable.js'

/** Actors that may have no place in the tree any more since the last capture. */
export class Overwritten {
  #suspects: InternalActor[] = []

  /** A spawned actor, and the one that has had its id until now. */
  spawned(actor: InternalActor): void {
    const { _parent: parent, id } = actor
    if (parent === undefined) return
    this.#suspects.push(actor)
    // A parent that begins has neither a snapshot nor children.
    const earlier = parent._snapshot && childOf(parent, id)
    if (earlier !== undefined) this.#suspects.push(earlier)
  }

  /**
   * XState puts a child in the place of a live one of the same id, which goes on, known to nobody: no checkpoint could hold it, and no pause end it.
   * Whether one is stopped beforehand shows at the end of a turn alone.
   * @throws {UncapturableError} some are still at work; they are ended
   */
  check(): void {
    const suspects = this.#suspects
    this.#suspects = []
    const lost = suspects.filter((actor) => {
      const { _parent: parent, id } = actor
      const works = actor._processingStatus === RUNNING && actor.getSnapshot().status === 'active'
      return works && parent !== undefined && childOf(parent, id) !== actor
    })
    for (const actor of lost) endOutsideWork(actor)
    const [first] = lost
    if (first === undefined) return
    throw uncapturable(first, 'another was spawned under its id', 'Stop it first, or choose another id.')
  }
}
