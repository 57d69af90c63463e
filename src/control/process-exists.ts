import { readFileSync } from 'node:fs'

/**
 * Whether a process has this number: the one that is meant, or another that was given it since. One that has died and
 * that its parent has not asked after yet is none.
 */
export function processExists(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return !isZombie(pid)
  } catch (error) {
    // Somebody else's process.
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

/** Linux alone tells it without a command. The state stands behind the name, which may hold anything (proc_pid_stat(5)). */
function isZombie(pid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return stat.slice(stat.lastIndexOf(')')).startsWith(') Z')
  } catch {
    return false
  }
}
