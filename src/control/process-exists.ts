import { readFileSync } from 'node:fs'

/** In one second the kernel counts so many ticks, whatever its own rate (sysconf(3), `_SC_CLK_TCK`: 100 on Linux). */
const TICKS_PER_SECOND = 100
/** Its time of boot is told in whole seconds, and clocks are set. */
const UNSURE_MS = 5000

/**
 * Whether a process has this number that can be the one that is meant: which was there at that time, in ms since 1970. A number is given
 * out again, in containers mostly to the same kind of process; where the system tells nothing of that, any process with it may be the one. One
 * that has died and that its parent has not asked after yet is none.
 */
export function processExists(pid: number, atMs: number): boolean {
  if (pid === process.pid) return performance.timeOrigin <= atMs
  try {
    process.kill(pid, 0)
  } catch (error) {
    // Somebody else's process.
    if (!(error instanceof Error && 'code' in error && error.code === 'EPERM')) return false
  }
  const { isZombie, startedAtMs } = linuxStat(pid)
  return !isZombie && (startedAtMs === undefined || startedAtMs <= atMs + UNSURE_MS)
}

interface Stat {
  readonly isZombie: boolean
  readonly startedAtMs: number | undefined
}

/** Linux alone tells it without a command. What is asked for stands behind the name, which may hold anything (proc_pid_stat(5)). */
function linuxStat(pid: number): Stat {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const [state, ...rest] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    // The state is the third field, the time of the start in ticks since boot the twenty-second.
    const ticks = Number(rest[18])
    const [, bootS] = /^btime (\d+)$/m.exec(readFileSync('/proc/stat', 'utf8')) ?? []
    const startedAtMs = (Number(bootS) + ticks / TICKS_PER_SECOND) * 1000
    return { isZombie: state === 'Z', startedAtMs: Number.isFinite(startedAtMs) ? startedAtMs : undefined }
  } catch {
    return { isZombie: false, startedAtMs: undefined }
  }
}
