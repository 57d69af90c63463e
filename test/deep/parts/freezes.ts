import { freezeOwners, inFolder } from '../../crash/run.js'
import type { Effort, Part, PartReport } from '../part.js'

/** Freezes in one folder, before another begins. */
const FREEZES = 25

/** Real processes that own a store in turns, each frozen as it commits and woken when another has the store; see test/crash. */
async function freezes({ seed, goOn }: Effort): Promise<PartReport> {
  const violations: string[] = []
  let [frozen, within, batches] = [0, 0, 0]
  for (let round = 0; goOn(frozen) && violations.length === 0; round++) {
    for (const kind of ['sqlite', 'file'] as const) {
      const options = { kind, freezes: FREEZES, seed: seed + round }
      const report = await inFolder((folder) => freezeOwners({ ...options, folder }))
      frozen += report.freezes
      within += report.within
      batches += report.batches
      const where = `seed ${seed + round}, ${kind}, folder ${report.folder}`
      violations.push(...report.violations.map((one) => `${where}: ${one}`))
    }
  }
  const figures = [
    { what: 'owners frozen and woken, no stale commit', reached: frozen, goal: 500 },
    { what: 'of these in a transaction, which kept the store until they woke', reached: within },
    { what: 'batches acknowledged by an owner, each there for the next', reached: batches },
  ]
  return { figures, violations }
}

export const freezesPart: Part = { name: 'owners frozen', weight: 1, run: freezes }
