import type { StoredCheckpoint } from '../../ports/store.js'
import { warnOfLog } from '../examine-log.js'
import { EXIT } from '../exit-codes.js'
import { relative, size } from '../format.js'
import { machineStateOf, machineStateText } from '../machine-state.js'
import { type Output, toJson } from '../output.js'
import { phaseColor } from '../phase-text.js'
import { loadExisting, warnIfOlder, withReader } from '../store.js'
import { type Column, printTable } from '../table.js'

const COLUMNS: readonly Column[] = [
  { title: 'SEQUENCE', align: 'right' },
  { title: 'EPOCH', align: 'right' },
  { title: 'SAVED', align: 'right' },
  { title: 'PHASE' },
  { title: 'STATE' },
  { title: 'SIZE', align: 'right' },
]

/** `tardigrade history KEY`: the kept checkpoints, newest first. */
export function history(output: Output, key: string, { store }: { readonly store: string }): Promise<number> {
  return withReader(store, async (reader, place) => {
    const { folder } = place
    await warnIfOlder(output, reader, folder)
    warnOfLog(output, place)
    await loadExisting(reader, key, folder)
    const kept = await reader.history(key)
    if (output.json) output.out(toJson({ store: folder, key, checkpoints: kept.map(facts) }))
    else print(output, kept)
    return EXIT.done
  })
}

function facts(stored: StoredCheckpoint): Readonly<Record<string, unknown>> {
  const { text, ...summary } = stored
  return { ...summary, size: text.length, ...machineStateOf(stored) }
}

function print(output: Output, kept: readonly StoredCheckpoint[]): void {
  const now = Date.now()
  const rows = kept.map((stored) => [
    String(stored.sequence),
    String(stored.epoch),
    relative(stored.savedAtMs, now),
    stored.phase,
    machineStateText(machineStateOf(stored)),
    size(stored.text.length),
  ])
  printTable(output, COLUMNS, rows, (text, column, row) =>
    column === 3 ? phaseColor(output, kept[row]?.phase, text) : text,
  )
}
