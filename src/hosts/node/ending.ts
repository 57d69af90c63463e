import { constants } from 'node:os'
import { SupervisorClosedError } from '../../errors/service.js'
import type { HostSink } from '../../ports/host.js'
import { AFTERWARDS_MS } from './grace.js'
import type { World } from './world.js'

/** How long after the time that a platform gave its signal may come, in ms. */
export const SIGNAL_WITHIN_MS = 60_000

/** The supervisors of this process that do not rest yet: it ends when none is left. */
const awake = new Set<Ending>()

/** Those that end the process, some of them once the signal has come that they wait for. */
const ends = new Set<Ending>()

/** The error that was printed last: several hosts, and several who ask one, hear of the same. */
let printed: unknown

function print(error: unknown): void {
  if (error !== printed) console.error(error)
  printed = error
}

/** Brings all supervisors of this process to rest, those too that are made meanwhile. */
async function restAll(deadlineMs?: number): Promise<void> {
  const asked = new Set<Ending>()
  for (;;) {
    const others = [...awake].filter((one) => !asked.has(one))
    if (others.length === 0) return
    for (const one of others) asked.add(one)
    await Promise.all(others.map((one) => one.rest(deadlineMs)))
  }
}

/** How a process comes to its end: one for each supervisor. */
export class Ending {
  #begun = false
  #leaving = false
  /** Settles where it does not end the process after all. */
  #stays: Promise<void> | undefined
  #told = false
  #foretold = false

  constructor(
    private readonly sink: HostSink,
    private readonly world: Pick<World, 'stay' | 'warn'>,
    private readonly deadlineMs: number,
    private readonly exit: boolean,
    private readonly onLeave: (deadlineMs: number) => void,
  ) {
    awake.add(this)
  }

  get begun(): boolean {
    return this.#begun
  }

  onSignal(signal: NodeJS.Signals): void {
    const code = 128 + constants.signals[signal]
    // Whoever presses Ctrl+C twice does not want to wait; a checkpoint is durable or it is not.
    if (this.#leaving && signal === 'SIGINT') process.exit(code)
    this.#leave(code)
  }

  onUncaught(error: unknown): void {
    // That nothing is taken any more is no news while the process ends.
    const expected = this.begun && error instanceof SupervisorClosedError
    if (!expected) print(error)
    if (!this.begun) this.#leave(1)
  }

  onBeforeExit(): void {
    this.#tellLeaving()
    void restAll()
  }

  /** A host has brought its supervisor to rest. What has failed is not done: whoever started the process must see that. */
  onEnded(): void {
    if (this.exit && (this.sink.failed?.() ?? 0) > 0) process.exitCode ??= 1
  }

  /** The platform says that it will end the process: everything rests, and the process waits for the signal. */
  foretold(deadlineMs = this.deadlineMs): Promise<void> {
    if (this.exit && !this.#foretold) this.#awaitSignal(deadlineMs)
    this.#foretold = true
    return restAll(deadlineMs)
  }

  /** Brings its supervisor to rest. It may be asked again: the earliest deadline counts. */
  async rest(deadlineMs = this.deadlineMs): Promise<void> {
    this.#begun = true
    try {
      await this.sink.shutdown({ deadlineMs })
      awake.delete(this)
    } catch (error) {
      print(error)
    }
  }

  /** Its supervisor is closed by somebody else, and the process goes on. */
  forget(): void {
    awake.delete(this)
    ends.delete(this)
  }

  /** Never settles where the process ends: whoever heard that a supervisor is not made might end it before the others rest. */
  async unlessProcessEnds(): Promise<void> {
    if (this.exit) await Promise.all([...ends].map((one) => one.#stays))
  }

  /** Ends the process when everything rests. */
  #leave(code: number): void {
    if (this.#leaving) return
    this.#leaving = true
    this.#tellLeaving()
    if (!this.exit) return void this.rest()
    const longestMs = Math.max(this.deadlineMs, ...[...awake].map(({ deadlineMs }) => deadlineMs))
    // Who was asked before, and given longer or for ever, may hang; the platform waits for none of that.
    this.world.stay(() => {
      console.error(`Not everything rests ${longestMs} ms after the process was told to end: it ends.`)
      process.exit(code)
    }, longestMs + AFTERWARDS_MS)
    ends.add(this)
    this.#stays = restAll()
      .then(() => process.exit(code))
      .finally(() => ends.delete(this))
  }

  #tellLeaving(): void {
    if (!this.#told) this.onLeave(this.deadlineMs)
    this.#told = true
  }

  /** With nothing left to do the process would end, and be started again where it is not to be. */
  #awaitSignal(deadlineMs: number): void {
    const withinMs = deadlineMs + SIGNAL_WITHIN_MS
    ends.add(this)
    this.#stays = new Promise((resolve) => {
      const stay = () => {
        if (this.#leaving) return
        this.world.warn(
          `No signal came within ${withinMs} ms after the process was told that it would end. Its services rest; start it again.`,
        )
        process.exitCode ??= 1
        ends.delete(this)
        resolve()
      }
      this.world.stay(stay, withinMs)
    })
  }
}
