import { lstatSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { POINTER_FILE, SOCKET_FILE } from '../control/endpoint.js'
import type { Finding } from './finding.js'
import { argument } from './format.js'
import type { OwnerStatus } from './owner.js'

/** What is amiss with the store's folder itself: who may enter it, and what was left in it. */
export function examineFolder(folder: string, owner: OwnerStatus): Finding[] {
  return [...permissions(folder), ...leftovers(folder, owner)]
}

function permissions(folder: string): Finding[] {
  const { uid, mode } = statSync(folder)
  const user = process.getuid?.()
  // Windows has no permission bits.
  if (user === undefined) return []
  const remedy = `Run: chmod 700 ${argument(folder)}`
  if (uid !== user) {
    const problem = `The folder belongs to user ${uid}, and this is user ${user}.`
    return [{ level: 'attention', code: 'FOREIGN_FOLDER', problem, remedy: 'Run as the user who owns it.' }]
  }
  if ((mode & 0o022) !== 0) {
    const problem = 'Other users can write to the store’s folder; no process will claim it.'
    return [{ level: 'attention', code: 'WRITABLE_FOLDER', problem, remedy }]
  }
  if ((mode & 0o055) !== 0) {
    const problem = 'Other users can look into the store’s folder; its files are closed to them.'
    return [{ level: 'note', code: 'READABLE_FOLDER', problem, remedy }]
  }
  return []
}

function leftovers(folder: string, owner: OwnerStatus): Finding[] {
  if (owner.state === 'alive') return []
  const left = readdirSync(folder).filter(
    (name) => name === SOCKET_FILE || name === POINTER_FILE || isNursery(folder, name),
  )
  return left.map((name) => ({
    level: 'note',
    code: 'STALE_CONTROL_SOCKET',
    problem: `${name} was left behind by a process that was killed.`,
    remedy: 'Nothing need be done: the next process that claims the store removes it.',
  }))
}

function isNursery(folder: string, name: string): boolean {
  return /^control-\w{6}$/.test(name) && lstatSync(join(folder, name)).isDirectory()
}
