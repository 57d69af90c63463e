import type { CheckpointSummary } from '../ports/store.js'
import type { Finding } from './finding.js'
import { argument } from './format.js'
import type { OwnerStatus } from './owner.js'

/** Work that stands still: nobody has the store open, or who has it has not begun it. */
export function examineStanding(
  services: readonly CheckpointSummary[],
  owner: OwnerStatus,
  unbegun: ReadonlySet<string>,
): Finding[] {
  const running = services.filter(({ phase }) => phase === 'running').map(({ key }) => key)
  if (owner.state === 'alive') {
    const waiting = running.filter((key) => unbegun.has(key))
    return waiting.length === 0 ? [] : [notBegun(waiting, owner.pid)]
  }
  return running.length === 0 ? [] : [interrupted(running)]
}

function interrupted(keys: readonly string[]): Finding {
  const run = `\`tardigrade run MODULE --key ${keyOf(keys)}\``
  const remedy =
    keys.length === 1
      ? `Go on with ${run}, or start the program that owns it.`
      : `Start the program that owns them, which goes on with all by supervisor.resumeAll(). ${run} goes on with one; beside it, ${wakes(keys)}`
  const problem = `${standStill(keys)}: no process has the store open.`
  return { level: 'note', code: 'INTERRUPTED', problem, remedy }
}

function notBegun(keys: readonly string[], pid: number): Finding {
  const [key] = keys
  return {
    level: 'note',
    code: 'NOT_BEGUN',
    ...(keys.length === 1 && key !== undefined && { key }),
    problem: `${standStill(keys)}: process ${pid} has the store open, and has not begun ${keys.length === 1 ? 'it' : `them: ${named(keys)}`}.`,
    remedy: `${wakes(keys)} A program of yours goes on with all by supervisor.resumeAll().`,
  }
}

/** The only one's, as a shell takes it. */
function keyOf(keys: readonly string[]): string {
  const [key] = keys
  return key === undefined || keys.length > 1 ? 'KEY' : argument(key)
}

const wakes = (keys: readonly string[]) =>
  `\`tardigrade resume ${keyOf(keys)}\` has the process begin it, where it has loaded its definition; so does an event.`

const MOST_NAMED = 10

const named = (keys: readonly string[]) =>
  `${keys.slice(0, MOST_NAMED).join(', ')}${keys.length > MOST_NAMED ? ' …' : ''}`

const standStill = ({ length }: readonly string[]) =>
  `${length} running ${length === 1 ? 'service stands' : 'services stand'} still`
