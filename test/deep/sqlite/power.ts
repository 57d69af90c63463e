import { loadSqliteDriver, type SqliteDriver } from '../../../src/stores/sqlite-driver.js'
import { Random } from '../../crash/random.js'
import type { Effort, PartReport } from '../part.js'
import { judge } from '../stores/judge.js'
import { type Operation, workload } from '../stores/workload.js'
import { Tally } from '../tally.js'
import { type Alike, alikeDatabases, alikeLogs } from './alike.js'
import { HEADER } from './frames.js'
import { Bench, type Image } from './image.js'
import { foundIn } from './life.js'
import { type Moment, momentsOf } from './moments.js'
import { changed, everyChoice, mixed } from './sectors.js'

/** What is written. */
interface Kind {
  readonly what: string
  /** By default the store's own. */
  readonly pageSize?: number
  operations(random: Random): readonly Operation[]
}

const OWN: Kind = { what: 'SQLite store', operations: (random) => workload(random, 2 + random.below(5)) }

/** SQLite's smallest pages, of one sector, and texts of one line: few sectors change at a moment. */
const SMALL: Kind = {
  what: 'SQLite store of small pages',
  pageSize: 512,
  operations: (random) =>
    workload(random, 2).map((one) => (one.do === 'commit' ? { ...one, length: 10 } : one)),
}

/** Up to so many sectors, that is 4,096 choices, each is opened: so that which ones SQLite reads alike is no mere argument. */
const FEW = 12

/**
 * A SQLite store loses power between any two syncs, and once it has answered: of what was written to its log since, and, where the log was
 * written back, to the database, any sectors survive. Every choice of them belongs to a class that SQLite reads alike, and each class is opened.
 */
export const sqlitePowerCuts = (effort: Effort): Promise<PartReport> => powerCuts(OWN, effort)

/** The same with small pages, where at most moments every choice is opened, and is found as its class is. */
export const smallPowerCuts = (effort: Effort): Promise<PartReport> => powerCuts(SMALL, effort)

async function powerCuts(kind: Kind, { seed, goOn }: Effort): Promise<PartReport> {
  const driver = await loadSqliteDriver('the proof')
  const tally = new Tally(`${kind.what}: power-loss orders, reopened`)
  const bench = new Bench()
  let [moments, opened, most] = [0, 0, 0]
  try {
    for (let round = 0; goOn(tally.cases) && tally.sound; round++) {
      const random = new Random(seed + round)
      const life = await momentsOf(driver, bench, kind.operations(random), random, kind.pageSize)
      for (const [index, moment] of life.entries()) {
        const cuts = new Cuts(
          driver,
          bench,
          moment,
          `seed ${seed + round}, ${moment.file} at moment ${index}`,
        )
        const go = () => goOn(tally.cases) && tally.sound
        if (!(await cuts.tryAll(tally, go, random))) break
        moments++
        most = Math.max(most, cuts.sectors.length)
        if (cuts.hasFew) opened++
      }
    }
  } finally {
    bench.remove()
  }
  const { figures, violations } = tally.report()
  const more = [
    { what: `${kind.what}: moments, every choice of their sectors gone through`, reached: moments, goal: 20 },
    { what: `${kind.what}: of these, moments with every choice opened`, reached: opened },
    { what: `${kind.what}: sectors of the largest moment, n for 2ⁿ choices`, reached: most },
  ]
  return { figures: [...figures, ...more], violations }
}

/** Everything that a power cut at one moment may leave. */
class Cuts {
  readonly sectors: readonly number[]
  readonly #before: Buffer
  readonly #after: Buffer

  constructor(
    private readonly driver: SqliteDriver,
    private readonly bench: Bench,
    private readonly moment: Moment,
    private readonly where: string,
  ) {
    const { file, before, after } = moment
    // SQLite syncs the header of a log before the first frame behind it (https://sqlite.org/src/info/ff5be73dee).
    this.#before = file === 'log' ? withHeaderOf(after.log, before.log) : before.database
    this.#after = after[file]
    this.sectors = changed(this.#before, this.#after)
  }

  get hasFew(): boolean {
    return this.sectors.length <= FEW
  }

  /** @returns whether all of it was tried */
  async tryAll(tally: Tally, goOn: () => boolean, random: Random): Promise<boolean> {
    const { file, before } = this.moment
    if (file === 'log' && goOn()) await this.#try(tally, before)
    const found = new Map<Alike, Set<string>>()
    let choices = 0n
    for (const alike of this.#alike(tally)) {
      choices += alike.choices
      const states = new Set<string>()
      found.set(alike, states)
      for (const there of alike.some(random)) {
        if (!goOn()) return false
        states.add(await this.#try(tally, this.#image(there)))
      }
    }
    if (choices !== 2n ** BigInt(this.sectors.length))
      tally.wrong(`${this.where}: ${choices} choices are not all`)
    if (!this.hasFew) return true
    for (const there of everyChoice(this.sectors)) {
      if (!goOn()) return false
      const state = await this.#try(tally, this.#image(there))
      const classes = [...found].filter(([alike]) => alike.includes(there))
      if (classes.length !== 1 || !classes[0]?.[1].has(state))
        tally.wrong(
          `${this.where}: sectors ${there.join(' ')} are found otherwise than what is said to be alike`,
        )
    }
    return true
  }

  /** What the next owner finds, as text. */
  async #try(tally: Tally, image: Image): Promise<string> {
    let state = ''
    await tally.try(this.where, async () => {
      const found = await foundIn(this.driver, this.bench, image)
      state = JSON.stringify([[...found.kept], [...found.aside]])
      return judge(found, this.moment.allowed)
    })
    return state
  }

  *#alike(tally: Tally): Generator<Alike> {
    const { file, after } = this.moment
    try {
      if (file === 'log') yield* alikeLogs(this.#before, this.#after)
      else yield alikeDatabases(this.#before, this.#after, after.log)
    } catch (error) {
      tally.wrong(`${this.where}: ${error}`)
    }
  }

  #image(there: readonly number[]): Image {
    const { file, before, after } = this.moment
    const one = mixed(this.#before, this.#after, there)
    // The log is written back when it is synced, and begins anew when the database is.
    return file === 'log' ? { database: before.database, log: one } : { database: one, log: after.log }
  }
}

function withHeaderOf(log: Buffer, other: Buffer): Buffer {
  return Buffer.concat([log.subarray(0, HEADER), other.subarray(HEADER)])
}
