import type { CheckpointSummary } from '../../ports/store.js'
import { EXIT } from '../exit-codes.js'
import { due, relative, size } from '../format.js'
import { type Output, toJson } from '../output.js'
import { ownerSentence, ownerStatus } from '../owner.js'
import { phaseColor } from '../phase-color.js'
import { summaries, withReader } from '../store.js'
import { type Column, printTable } from '../table.js'

const COLUMNS: readonly Column[] = [
  { title: 'KEY' },
  { title: 'SERVICE' },
  { title: 'STATE' },
  { title: 'SEQUENCE', align: 'right' },
  { title: 'SAVED', align: 'right' },
  { title: 'NEXT TIMER', align: 'right' },
  { title: 'SIZE', align: 'right' },
]

/** `tardigrade ls`: every service in the store, and who owns it. */
export function ls(output: Output, { store }: { readonly store: string }): Promise<number> {
  return withReader(store, async (reader, { folder }) => {
    const services: CheckpointSummary[] = []
    for await (const summary of summaries(reader)) services.push(summary)
    const owner = await ownerStatus(reader, folder)
    if (output.json) {
      output.out(toJson({ store: folder, owner, services }))
      return EXIT.done
    }
    if (services.length > 0) printServices(output, services)
    const { dim } = output.colors
    output.out(dim(`${services.length === 1 ? '1 service' : `${services.length} services`} in ${folder}.`))
    output.out(dim(ownerSentence(owner)))
    return EXIT.done
  })
}

function printServices(output: Output, services: readonly CheckpointSummary[]): void {
  const now = Date.now()
  const rows = services.map(({ key, service, phase, sequence, savedAtMs, wakeAtMs, size: length }) => [
    key,
    service,
    phase,
    String(sequence),
    relative(savedAtMs, now),
    due(wakeAtMs, now),
    size(length),
  ])
  printTable(output, COLUMNS, rows, (text, column, row) =>
    column === 2 ? phaseColor(output, services[row]?.phase, text) : text,
  )
}
