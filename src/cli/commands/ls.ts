import { TardigradeError } from '../../errors/base.js'
import type { CheckpointSummary, StoreReader } from '../../ports/store.js'
import { advice } from '../advice.js'
import { warnOfLog } from '../examine-log.js'
import { EXIT } from '../exit-codes.js'
import { due, relative, size } from '../format.js'
import { damaged, type MachineState, machineStateOf, machineStateText } from '../machine-state.js'
import { type Output, toJson } from '../output.js'
import { type OwnerStatus, ownerSentence, ownerStatus } from '../owner.js'
import { type OwnerSays, ownerSays } from '../owner-says.js'
import { isGoing, phaseColor, phaseText } from '../phase-text.js'
import { progressBar } from '../progress.js'
import { summaries, warnIfOlder, withReader } from '../store.js'
import { type Column, printTable } from '../table.js'

const COLUMNS: readonly Column[] = [
  { title: 'KEY' },
  { title: 'SERVICE' },
  { title: 'PHASE' },
  { title: 'STATE' },
  { title: 'SEQUENCE', align: 'right' },
  { title: 'SAVED', align: 'right' },
  { title: 'NEXT TIMER', align: 'right' },
  { title: 'SIZE', align: 'right' },
]

/** Where something holds one of them. */
const HOLDS: Column = { title: 'HELD BY' }

type Listed = CheckpointSummary &
  MachineState & {
    /** Set where it is running, and the store's owner has not begun it. */
    readonly unbegun?: true
  }

/** `tardigrade ls`: every service in the store, where it stands, and who owns the store. */
export function ls(output: Output, { store }: { readonly store: string }): Promise<number> {
  return withReader(store, async (reader, place) => {
    const { folder } = place
    const found = await list(output, reader)
    const owner = await ownerStatus(reader, folder)
    const said = await ownerSays(folder, owner, found)
    const services = found.map((one) => withSaid(one, said))
    await warnIfOlder(output, reader, folder)
    warnOfLog(output, place)
    if (output.json) {
      output.out(toJson({ store: folder, owner, services }))
      return EXIT.done
    }
    if (services.length > 0) printServices(output, services, owner)
    const { dim, yellow } = output.colors
    const bad = services.filter((service) => 'damage' in service).length
    const what = '`tardigrade doctor` says what to do, and `tardigrade inspect` shows what is left.'
    if (bad > 0) output.out(yellow(advice(output, `${bad} damaged: ${what}`)))
    output.out(dim(`${services.length === 1 ? '1 service' : `${services.length} services`} in ${folder}.`))
    output.out(dim(ownerSentence(owner)))
    return EXIT.done
  })
}

/** The service as its owner has it. */
function withSaid(listed: Listed, { unbegun, held }: OwnerSays): Listed {
  const holds = held.get(listed.key)
  return {
    ...listed,
    ...(unbegun.has(listed.key) && { unbegun: true }),
    ...('state' in listed && holds !== undefined && { holds }),
  }
}

/** One checkpoint is in memory at a time. */
async function list(output: Output, reader: StoreReader): Promise<readonly Listed[]> {
  const found: CheckpointSummary[] = []
  for await (const summary of summaries(reader)) found.push(summary)
  const services: Listed[] = []
  const bar = progressBar(output, 'Reading', found.length)
  try {
    for (const summary of found) {
      const service = await read(reader, summary)
      if (service !== undefined) services.push(service)
      bar.step()
    }
  } finally {
    bar.stop()
  }
  return services
}

/** The service as it is now; undefined when it is gone since it was found. */
async function read(reader: StoreReader, summary: CheckpointSummary): Promise<Listed | undefined> {
  try {
    const stored = await reader.load(summary.key)
    if (stored === undefined) return undefined
    const { text, ...newest } = stored
    return { ...newest, size: text.length, ...machineStateOf(stored) }
  } catch (error) {
    if (error instanceof TardigradeError) return { ...summary, ...damaged(error) }
    throw error
  }
}

/** As the page has it: while a service rests, its deadlines come all the same and all else stands still; one that failed waits for its retry. */
function nextTimerAtMs(listed: Listed, owner: OwnerStatus): number | undefined {
  if (listed.phase === 'failed') return undefined
  if ('damage' in listed || isGoing(listed.phase, owner, listed.unbegun === true)) return listed.wakeAtMs
  return listed.deadlineAtMs
}

function phaseOf({ phase, unbegun }: Listed, owner: OwnerStatus): string {
  return phaseText(phase, owner, unbegun === true)
}

function holdsOf(listed: Listed): string {
  return 'state' in listed ? listed.holds.join(', ') : ''
}

function printServices(output: Output, services: readonly Listed[], owner: OwnerStatus): void {
  const now = Date.now()
  const isHeld = services.some((listed) => holdsOf(listed) !== '')
  const rows = services.map((listed) => [
    listed.key,
    listed.service || '–',
    phaseOf(listed, owner),
    machineStateText(listed),
    String(listed.sequence),
    // A damaged one may not say.
    listed.service === '' ? '–' : relative(listed.savedAtMs, now),
    due(nextTimerAtMs(listed, owner), now),
    size(listed.size),
    ...(isHeld ? [holdsOf(listed)] : []),
  ])
  printTable(output, isHeld ? [...COLUMNS, HOLDS] : COLUMNS, rows, (text, column, row) => {
    const listed = services[row]
    if (listed === undefined) return text
    if (column === 2) return phaseColor(output, phaseOf(listed, owner), text)
    return column === 3 && 'damage' in listed ? output.colors.red(text) : text
  })
}
