import { loadSqliteDriver } from '../../../src/stores/sqlite-driver.js'
import { Random } from '../../crash/random.js'
import type { Effort, PartReport } from '../part.js'
import { judge } from '../stores/judge.js'
import { workload } from '../stores/workload.js'
import { Tally } from '../tally.js'
import { Bench, type Image } from './image.js'
import { foundIn } from './life.js'
import { life, type Span, withHeaderOf } from './power.js'
import { everyTornFile } from './sectors.js'

/** SQLite's smallest, of one sector: so few sectors change at a moment that all their choices can be gone through. */
const PAGE_SIZE = 512

/** Texts of one line. */
const SHORT = 10

/** A SQLite store of small pages with short texts: at each moment of its life, every choice of the sectors that were not synced. */
export async function everySector({ seed, goOn }: Effort): Promise<PartReport> {
  const driver = await loadSqliteDriver('the proof')
  const tally = new Tally('SQLite store of small pages: power-loss orders, reopened')
  const bench = new Bench()
  let [whole, other] = [0, 0]
  try {
    for (let round = 0; goOn(tally.cases) && tally.sound; round++) {
      const random = new Random(seed + round)
      const operations = workload(random, 2).map((one) =>
        one.do === 'commit' ? { ...one, length: SHORT } : one,
      )
      const spans = await life(driver, bench, operations, random, PAGE_SIZE)
      for (const [index, span] of spans.entries()) {
        const images = imagesOf(span)
        if (images === undefined) other++
        else {
          for (const image of images) {
            if (!goOn(tally.cases) || !tally.sound) return reported()
            await tally.try(`seed ${seed + round}, ${span.file} at moment ${index}`, async () =>
              judge(await foundIn(driver, bench, image), span.allowed),
            )
          }
          whole++
        }
      }
    }
    return reported()
  } finally {
    bench.remove()
  }

  function reported(): PartReport {
    const { figures, violations } = tally.report()
    const moments = [
      {
        what: 'SQLite store of small pages: moments with every choice of their sectors',
        reached: whole,
        goal: 1,
      },
      { what: 'SQLite store of small pages: moments of too many sectors, left out', reached: other },
    ]
    return { figures: [...figures, ...moments], violations }
  }
}

function imagesOf({ file, before, after }: Span): Iterable<Image> | undefined {
  const header = withHeaderOf(after.log, before.log)
  const torn =
    file === 'log' ? everyTornFile(header, after.log) : everyTornFile(before.database, after.database)
  return torn && together(torn, file, before, after)
}

function* together(
  torn: Iterable<Buffer>,
  file: Span['file'],
  before: Image,
  after: Image,
): Generator<Image> {
  // The log is written back when it is synced.
  for (const one of torn)
    yield file === 'log' ? { database: before.database, log: one } : { database: one, log: after.log }
}
