import { timerMs } from '../../platform/timer.js'
import { AFTERWARDS_MS } from './grace.js'
import { every, type World } from './world.js'

/** A service manager that wants to know how the process is. */
export interface ServiceManager {
  ready(): void
  /** The process is about to end, and may take so long. */
  stopping(deadlineMs: number): void
  /** Nothing is told any more. */
  end(): void
}

/** How often it is said that the process still begins, in ms, and for how long that counts: two may be late. */
const BEGINNING_MS = 10_000
const COUNTS_MS = 30_000

const NOBODY: ServiceManager = { ready() {}, stopping() {}, end() {} }

/**
 * systemd (https://www.freedesktop.org/software/systemd/man/sd_notify.html), where it started this process with `Type=notify`, and
 * its watchdog with `WatchdogSec=`. Node has no sockets for datagrams in the file system: `systemd-notify` says it, which is there
 * wherever systemd is, and whose words the unit must take (`NotifyAccess=all`).
 */
export function serviceManager(world: World): ServiceManager {
  const { NOTIFY_SOCKET, WATCHDOG_USEC, WATCHDOG_PID } = world.env
  if (!NOTIFY_SOCKET) return NOBODY
  let warned = false
  const say = (...words: readonly string[]) =>
    world.run('systemd-notify', words).catch((error: unknown) => {
      if (warned) return
      warned = true
      world.warn(
        `systemd is not told how this process is, since systemd-notify could not be run: ${String(error)}. Install it, or set \`systemd: false\`.`,
      )
    })
  const periodMs = Number(WATCHDOG_USEC) / 1000
  const watched = periodMs > 0 && (WATCHDOG_PID === undefined || Number(WATCHDOG_PID) === world.pid)
  // Twice as often as it must be, as systemd advises. A process whose loop hangs says nothing, and is started anew.
  const end = watched ? every(world, periodMs / 2, () => void say('WATCHDOG=1')) : () => {}
  const more = (forMs: number) => `EXTEND_TIMEOUT_USEC=${Math.ceil(timerMs(forMs) * 1000)}`
  // Else who waits for its store is ended when `TimeoutStartSec=` is over, which may be soon.
  const ask = () => void say(more(COUNTS_MS))
  ask()
  const endAsking = every(world, BEGINNING_MS, ask)
  return {
    ready() {
      endAsking()
      void say('READY=1')
    },
    stopping(deadlineMs) {
      endAsking()
      void say('STOPPING=1', more(deadlineMs + AFTERWARDS_MS))
    },
    end() {
      endAsking()
      end()
    },
  }
}
