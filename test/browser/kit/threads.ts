type Run = () => void
type Hears = ((event: { readonly data: unknown }) => void) | null

/**
 * Two tabs, each with a thread and a line of what it has to do, on a clock that moves as the waiting one has nothing left to do. What a
 * tab says while another stands still is in line there, behind the timers that came due meanwhile.
 */
export class Tabs {
  nowMs = 0
  /** When a timer of the waiting tab comes that is due at this time: later, in one that is hidden. */
  wakes = (dueMs: number) => dueMs
  #makes: 'owner' | 'waiting' = 'owner'
  #ownerStands = false
  readonly #channels = new Set<{ readonly of: 'owner' | 'waiting'; onmessage: Hears }>()
  readonly #ofOwner: Run[] = []
  readonly #messages: Run[] = []
  #timers: { readonly atMs: number; readonly run: Run }[] = []

  /** What stands for the platform's in both. */
  get platform() {
    const tabs = this
    return {
      BroadcastChannel: class {
        readonly of = tabs.#makes
        onmessage: Hears = null
        constructor() {
          tabs.#channels.add(this)
        }
        postMessage(data: unknown) {
          for (const other of tabs.#channels)
            if (other !== this) tabs.#line(other.of).push(() => other.onmessage?.({ data }))
        }
        close() {
          tabs.#channels.delete(this)
        }
      },
      performance: { now: () => this.nowMs },
      setTimeout: (run: Run, delayMs: number) => {
        if (delayMs >= 2 ** 31) throw new Error('A platform takes that for no time at all.')
        const timer = { atMs: this.wakes(this.nowMs + delayMs), run }
        this.#timers = [...this.#timers, timer].sort((one, other) => one.atMs - other.atMs)
        return timer
      },
      clearTimeout: (timer: unknown) => {
        this.#timers = this.#timers.filter((one) => one !== timer)
      },
    }
  }

  #line(of: 'owner' | 'waiting'): Run[] {
    return of === 'owner' ? this.#ofOwner : this.#messages
  }

  /** From here on what is made is the waiting tab's. */
  waitingBegins() {
    this.#makes = 'waiting'
  }

  /** From here on what is made is the owner's again. */
  ownerBegins() {
    this.#makes = 'owner'
  }

  ownerStandsStill() {
    this.#ownerStands = true
  }

  ownerGoesOn() {
    this.#ownerStands = false
    this.#ownerWorks()
  }

  #ownerWorks() {
    while (!this.#ownerStands && this.#ofOwner.length > 0) this.#ofOwner.shift()?.()
  }

  /** The waiting tab stands still for so long. */
  waitingStandsStill(forMs: number) {
    this.#ownerWorks()
    this.nowMs += forMs
  }

  /** The waiting tab does what comes next. */
  async step() {
    this.#ownerWorks()
    const timer = this.#timers[0]
    const isDue = timer !== undefined && timer.atMs <= this.nowMs
    const message = isDue ? undefined : this.#messages.shift()
    if (message !== undefined) message()
    else if (timer !== undefined) {
      this.#timers.shift()
      this.nowMs = Math.max(this.nowMs, timer.atMs)
      timer.run()
    }
    // What has waited for it goes on.
    await null
  }
}
