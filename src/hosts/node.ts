import { constants } from 'node:os'
import { aSwitch, checkOptions, listOf, milliseconds, type OptionCheck } from '../errors/option-checks.js'
import { SupervisorClosedError } from '../errors/service.js'
import type { Host, HostSink } from '../ports/host.js'
import { described } from './describe.js'

/** A signal's name. Node's own type would ask for Node's types wherever this one is used. */
type Signal = `SIG${string}`

export interface NodeHostOptions {
  /**
   * How long tasks may take when the process is told to end, in ms. Default: the container's grace period
   * less a second for the rest, where `TARDIGRADE_GRACE_MS` or `TERMINATION_GRACE_PERIOD_SECONDS` tell it; else
   * 10,000.
   */
  readonly deadlineMs?: number
  /** Signals that end the process politely. Default: SIGTERM, SIGINT and SIGHUP. */
  readonly signals?: readonly Signal[]
  /** Whether the process ends, with the signal's code, when everything rests. Default: true. */
  readonly exit?: boolean
}

const DEFAULT_DEADLINE_MS = 10_000

const CHECKS: Readonly<Record<keyof NodeHostOptions, OptionCheck>> = {
  deadlineMs: milliseconds,
  signals: listOf(
    'a list of signals, such as SIGTERM',
    (value) => typeof value === 'string' && value in constants.signals,
    0,
  ),
  exit: aSwitch,
}

/** Time that the container leaves us, less a second for what comes after the checkpoint. */
export function gracePeriodMs(environment: Readonly<Record<string, string | undefined>>): number {
  const told: readonly (readonly [string | undefined, number])[] = [
    [environment.TARDIGRADE_GRACE_MS, 1],
    [environment.TERMINATION_GRACE_PERIOD_SECONDS, 1000],
  ]
  for (const [value, unitMs] of told) {
    const graceMs = Number(value) * unitMs
    if (value !== undefined && value !== '' && Number.isFinite(graceMs) && graceMs > 0) {
      return Math.max(graceMs / 2, graceMs - 1000)
    }
  }
  return DEFAULT_DEADLINE_MS
}

/**
 * A Node process as a host: SIGTERM, SIGINT, SIGHUP, the end of all work (`beforeExit`) and uncaught errors
 * bring every service to rest before the process ends. A second SIGINT ends it at once.
 *
 * After a signal the process exits with 128 plus the signal's number, as shells do; after an uncaught error
 * with 1, its message printed as Node prints it.
 *
 * @throws {InvalidOptionError} an option is unknown, or is not what it must be
 *
 * @example
 * ```ts
 * const supervisor = await createSupervisor({ store: sqliteStore('.tardigrade'), host: nodeHost() })
 * ```
 */
export function nodeHost(options: NodeHostOptions = {}): Host {
  checkOptions('nodeHost', options, CHECKS)
  const { signals = ['SIGTERM', 'SIGINT', 'SIGHUP'], exit = true } = options
  const deadlineMs = options.deadlineMs ?? gracePeriodMs(process.env)
  return described(
    (sink) => {
      const ending = new Ending(sink, deadlineMs, exit)
      const onSignal = (signal: NodeJS.Signals) => ending.onSignal(signal)
      const onUncaught = (error: unknown) => ending.onUncaught(error)
      const onBeforeExit = () => ending.onBeforeExit()
      for (const signal of signals) process.on(signal, onSignal)
      process.on('uncaughtException', onUncaught)
      process.on('beforeExit', onBeforeExit)
      return () => {
        process.off('beforeExit', onBeforeExit)
        // While the process ends, an error must not take its exit code away,
        if (!ending.begun || !exit) process.off('uncaughtException', onUncaught)
        // and a second signal must still find its handler.
        if (!ending.begun) for (const signal of signals) process.off(signal, onSignal)
      }
    },
    {
      platform: 'A Node process',
      tells: {
        end: `${signals.join(', ')}, the end of all work (\`beforeExit\`), an uncaught error`,
      },
      silent: [
        'kill -9, the kernel short of memory, a power cut',
        'a machine that sleeps: timers fire late, by the wall clock',
      ],
      time: `${deadlineMs} ms, as the container’s grace period or \`deadlineMs\` says; a second SIGINT ends it at once`,
    },
  )
}

/** What rests on its way to the end of this process: no host may end it before the others’ supervisors rest. */
const coming = new Set<Promise<void>>()

/** The uncaught error that was printed last. */
let printed: unknown

/** How a process comes to its end, once. */
class Ending {
  begun = false

  constructor(
    private readonly sink: HostSink,
    private readonly deadlineMs: number,
    private readonly exit: boolean,
  ) {}

  onSignal(signal: NodeJS.Signals): void {
    const code = 128 + constants.signals[signal]
    if (this.begun) {
      // Whoever presses Ctrl+C twice does not want to wait; a checkpoint is durable or it is not.
      if (signal === 'SIGINT') process.exit(code)
      return
    }
    void this.#end(code)
  }

  onUncaught(error: unknown): void {
    // That nothing is taken any more is no news while the process ends; several hosts hear of the same error.
    const expected = this.begun && error instanceof SupervisorClosedError
    if (error !== printed && !expected) console.error(error)
    printed = error
    if (!this.begun) void this.#end(1)
  }

  onBeforeExit(): void {
    if (!this.begun) void this.#end(undefined)
  }

  async #end(code: number | undefined): Promise<void> {
    this.begun = true
    const rest = this.sink.shutdown({ deadlineMs: this.deadlineMs }).catch((error) => console.error(error))
    coming.add(rest)
    await Promise.all(coming)
    coming.delete(rest)
    if (code !== undefined && this.exit) process.exit(code)
  }
}
