import type { Clock } from '../ports/clock.js'
import type { Conductor, ConductorListener } from './conductor.js'

/** The sleep of one service: while it has nothing to do it is out of memory, and nobody outside sees a difference. */
export class Sleep {
  /** Whether it sleeps. */
  asleep = false
  /** How many watch its lifecycle from outside. */
  #watchers = 0
  #neededAtMs = Number.NEGATIVE_INFINITY

  constructor(
    private readonly conductor: Pick<Conductor, 'state' | 'engine' | 'view' | 'options'>,
    private readonly clock: Clock,
    private readonly tell: Pick<ConductorListener, 'needed' | 'watched'>,
  ) {}

  /** Somebody begins to watch its lifecycle, or leaves. */
  watching(change: 1 | -1): void {
    this.#watchers += change
    this.watchChanged()
  }

  /** Somebody begins to watch it or its machine, or leaves. */
  watchChanged(): void {
    if (this.asleep) this.tell.watched(this.#watched)
  }

  /** Milliseconds without anything happening; undefined while something keeps it in memory. */
  idleForMs(nowMs: number): number | undefined {
    const { state, engine } = this.conductor
    if (state !== 'running' || this.asleep || !engine.calm.idle) return undefined
    if (this.#watched) return undefined
    return nowMs - Math.max(engine.lastTurnMs, this.#neededAtMs)
  }

  /** Lets the tree go from memory. Returns when its next timer is due. */
  begin(): number | undefined {
    const { engine, view } = this.conductor
    const wakeAtMs = engine.tree?.wakeAtMs
    this.asleep = true
    view.detach()
    engine.letGo()
    this.conductor.options.observe?.({ type: 'asleep', wakeAtMs })
    return wakeAtMs
  }

  /** Asks to be brought back, when it sleeps. */
  need(): void {
    if (!this.asleep) return
    this.#neededAtMs = this.clock.now()
    // The supervisor counts it among the living again, and calls the conductor's `awaken`.
    this.tell.needed()
  }

  get #watched(): boolean {
    return this.#watchers > 0 || this.conductor.view.watched
  }
}
