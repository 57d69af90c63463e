import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { sqliteStore } from '../../../src/stores/sqlite.js'
import { KEEP } from '../../../src/testing/contract/store/scene.js'
import { Random } from '../../crash/random.js'
import type { Effort, Part, PartReport } from '../part.js'
import { PARENT } from '../sqlite/image.js'
import { SQLITE } from '../sqlite/life.js'
import { type Held, look, NOTHING } from '../stores/held.js'
import { judge } from '../stores/judge.js'
import { after, cutOff } from '../stores/outcomes.js'
import { Tally } from '../tally.js'
import { type Call, traced, whyUntraceable } from './calls.js'
import { type Files, powerCuts } from './cuts.js'
import { TracedFolder } from './folder.js'
import { nonceOf, workloadOf } from './script.js'

/** What a store may hold, as far as its owner has said what it asks and what it has heard. */
class Expected {
  allowed: readonly Held[] = [NOTHING]
  epoch = 0
  #held = NOTHING
  readonly #operations

  constructor(seed: number) {
    this.#operations = workloadOf(seed)
  }

  hear(line: string): void {
    const [word, number = ''] = line.split(' ')
    if (word === 'claimed') this.epoch = Number(number)
    const operation = this.#operations[Number(number)]
    if (operation === undefined || (word !== 'asks' && word !== 'has')) return
    const nonce = nonceOf(Number(number))
    if (word === 'asks') this.allowed = cutOff(SQLITE, this.#held, operation, this.epoch, nonce)
    else {
      this.#held = after(this.#held, operation, this.epoch, nonce)
      this.allowed = [this.#held]
    }
  }
}

/** A real owner of a SQLite store, from its first folder on, whose calls are written down: the power goes before each sync and after each word. */
async function cuts({ seed, goOn }: Effort): Promise<PartReport> {
  const impossible = whyUntraceable()
  if (impossible !== undefined) {
    const what = `traced system calls: not possible here (${impossible})`
    return { figures: [{ what, reached: 0 }], violations: [], impossible }
  }
  const tally = new Tally('SQLite store under traced system calls: power-loss orders, reopened')
  const parent = mkdtempSync(join(PARENT, 'tardigrade-deep-'))
  let moments = 0
  try {
    for (let round = 0; goOn(tally.cases) && tally.sound; round++) {
      const folder = join(parent, `owned-${round}`)
      const found = join(parent, 'found')
      const calls = traced('test/deep/traced/owner.js', folder, `${seed + round}`)
      const expected = new Expected(seed + round)
      const random = new Random(seed + round)
      for (const [at, state] of momentsOf(new TracedFolder(folder), calls, expected)) {
        if (!goOn(tally.cases) || !tally.sound) break
        for (const files of imagesOf(state, random, tally, `seed ${seed + round}, before call ${at}`))
          await tally.try(`seed ${seed + round}, before call ${at}`, () => outcome(found, files, expected))
        moments++
      }
    }
  } finally {
    rmSync(parent, { recursive: true, force: true })
  }
  const { figures, violations } = tally.report()
  const what = 'SQLite store under traced system calls: moments, every choice gone through'
  return { figures: [...figures, { what, reached: moments, goal: 20 }], violations }
}

function* imagesOf(state: TracedFolder, random: Random, tally: Tally, where: string): Generator<Files> {
  try {
    yield* powerCuts(state, random)
  } catch (error) {
    tally.wrong(`${where}: ${error}`)
  }
}

/** When the power goes, with the number of the call that is not done any more. */
function* momentsOf(
  folder: TracedFolder,
  calls: readonly Call[],
  expected: Expected,
): Generator<readonly [number, TracedFolder]> {
  let isNew = false
  for (const [at, call] of calls.entries()) {
    const isEnd = call.do === 'begin sync' || call.do === 'say' || folder.overwrites(call)
    if (isNew && isEnd) {
      yield [at, folder]
      isNew = false
    }
    folder.happen(call)
    if (call.do === 'say') expected.hear(call.line)
    isNew ||= call.do !== 'begin sync' && call.do !== 'open'
  }
  // After its last word.
  if (isNew) yield [calls.length, folder]
}

/** What the next owner finds is what was promised, under an epoch that nobody had. */
async function outcome(folder: string, files: Files, expected: Expected): Promise<string | undefined> {
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { mode: 0o700 })
  for (const [name, bytes] of files) {
    writeFileSync(join(folder, name), bytes)
    chmodSync(join(folder, name), 0o600)
  }
  const claim = await sqliteStore(folder, { keep: KEEP }).claim()
  try {
    if (claim.epoch <= expected.epoch)
      return `epoch ${claim.epoch} again, after ${expected.epoch} was claimed`
    return judge(await look(claim), expected.allowed)
  } finally {
    await claim.close()
  }
}

export const tracedPart: Part = { name: 'power cuts under traced system calls', weight: 0.5, run: cuts }
