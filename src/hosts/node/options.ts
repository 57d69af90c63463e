import { constants } from 'node:os'
import {
  aFunction,
  aShareOrNever,
  aSwitch,
  be,
  checkOptions,
  isObject,
  isPort,
  listOf,
  milliseconds,
  type OptionCheck,
} from '../../errors/option-checks.js'
import type { NoticesOptions } from './notices.js'
import type { PreStopOptions } from './pre-stop.js'

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
  /**
   * `low-memory` while the container uses this share of its limit, 0 to 1, waits long for memory or is refused it (cgroup; Linux).
   * Default 0.9; false for never.
   */
  readonly lowMemory?: number | false
  /** `frozen`, for a moment, after the process stood still for so long, in ms. Default 10,000; false for never. */
  readonly asleepMs?: number | false
  /** Tells systemd that the process is ready, alive and stopping, where systemd asks (`NOTIFY_SOCKET`). Default: true. */
  readonly systemd?: boolean
  /** Answers `GET /prestop` of Kubernetes on a port, when everything rests. Default: none. */
  readonly preStop?: PreStopOptions
  /** Asks a cloud whether it takes this machine away, and brings everything to rest then. Default: none. */
  readonly notices?: NoticesOptions
}

const CHECKS: Readonly<Record<keyof NodeHostOptions, OptionCheck>> = {
  deadlineMs: milliseconds,
  signals: listOf(
    'a list of signals, such as SIGTERM',
    (value) => typeof value === 'string' && value in constants.signals,
    0,
  ),
  exit: aSwitch,
  lowMemory: aShareOrNever,
  asleepMs: be(
    `${milliseconds.expected}, or false`,
    (value) => value === false || milliseconds.wrong(value).length === 0,
  ),
  systemd: aSwitch,
  preStop: be('an object with a port', isObject),
  notices: be('an object with a function ask', isObject),
}

const PRE_STOP_CHECKS: Readonly<Record<keyof PreStopOptions, OptionCheck>> = {
  port: be('a port, 0 to 65535', (value) => isPort(value, 0)),
  address: be('an address of this machine', (value) => typeof value === 'string' && value !== ''),
}

const NOTICES_CHECKS: Readonly<Record<keyof NoticesOptions, OptionCheck>> = {
  ask: aFunction,
  everyMs: milliseconds,
}

/** @throws {InvalidOptionError} an option is unknown, or is not what it must be */
export function checkNodeOptions(options: NodeHostOptions): void {
  checkOptions('nodeHost', options, CHECKS)
  if (options.preStop !== undefined) checkOptions('preStop', options.preStop, PRE_STOP_CHECKS, ['port'])
  if (options.notices !== undefined) checkOptions('notices', options.notices, NOTICES_CHECKS, ['ask'])
}
