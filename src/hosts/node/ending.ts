import { constants } from 'node:os'
import { SupervisorClosedError } from '../../errors/service.js'
import type { HostSink } from '../../ports/host.js'

/** What rests on its way to the end of this process: no host may end it before the others’ supervisors rest. */
const coming = new Set<Promise<void>>()

/** The uncaught error that was printed last. */
let printed: unknown

/** How a process comes to its end, once. */
export class Ending {
  #rest: Promise<void> | undefined
  #leaving = false

  constructor(
    private readonly sink: HostSink,
    private readonly deadlineMs: number,
    private readonly exit: boolean,
    private readonly onBegin: (deadlineMs: number) => void,
  ) {}

  get begun(): boolean {
    return this.#rest !== undefined
  }

  onSignal(signal: NodeJS.Signals): void {
    const code = 128 + constants.signals[signal]
    // Whoever presses Ctrl+C twice does not want to wait; a checkpoint is durable or it is not.
    if (this.#leaving && signal === 'SIGINT') process.exit(code)
    this.#leave(code)
  }

  onUncaught(error: unknown): void {
    // That nothing is taken any more is no news while the process ends; several hosts hear of the same error.
    const expected = this.begun && error instanceof SupervisorClosedError
    if (error !== printed && !expected) console.error(error)
    printed = error
    if (!this.begun) this.#leave(1)
  }

  onBeforeExit(): void {
    if (!this.begun) this.#leave(undefined)
  }

  /** Brings everything to rest, once; the process goes on until it is told to end. */
  rest(deadlineMs = this.deadlineMs): Promise<void> {
    this.#rest ??= this.#begin(deadlineMs)
    return this.#rest
  }

  /** Ends the process when everything rests. */
  #leave(code: number | undefined): void {
    if (this.#leaving) return
    this.#leaving = true
    void this.rest().then(() => {
      if (code !== undefined && this.exit) process.exit(code)
    })
  }

  async #begin(deadlineMs: number): Promise<void> {
    this.onBegin(deadlineMs)
    const rest = this.sink.shutdown({ deadlineMs }).catch((error) => console.error(error))
    coming.add(rest)
    await Promise.all(coming)
    coming.delete(rest)
  }
}
