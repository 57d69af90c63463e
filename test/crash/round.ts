import { createHash } from 'node:crypto'
import { appendFileSync, existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { sqliteStore } from 'tardigrade/stores/sqlite'
import { makeFile } from '../../scripts/transfer-demo.js'
import { Child } from './child.js'
import { judgeJournal, readJournal } from './journal.js'
import type { Random } from './random.js'

/** The job that is interrupted: small chunks, slow enough that most instants fall between two of them. */
export const JOB = { size: 12 * 1024 * 1024 + 4321, chunkSize: 64 * 1024, bytesPerSecond: 16_000_000 }

/** The time that a process has to end after a SIGTERM, as a container would leave it. */
export const GRACE_MS = 4000

/** The main job on a file of its own, in a folder of its own, again and again. */
export class Rounds {
  readonly store: string
  readonly violations: string[] = []
  chunks = 0
  repeated = 0
  finished = 0
  readonly #folder: string
  readonly #from: string
  readonly #to: string
  readonly #journal: string
  #sha256 = ''

  constructor(folder: string) {
    this.#folder = folder
    this.store = join(folder, 'store')
    this.#from = join(folder, 'source.bin')
    this.#to = join(folder, 'copy.bin')
    this.#journal = join(folder, 'journal.txt')
  }

  async prepare(seed: number): Promise<void> {
    await makeFile(this.#from, JOB.size, seed)
    this.#sha256 = sha256(this.#from)
  }

  /** Starts the job; what it printed and how it ended is kept, for whoever looks into a violation. */
  run(): Child {
    const { chunkSize, bytesPerSecond } = JOB
    const options = ['--chunk', String(chunkSize), '--rate', String(bytesPerSecond)]
    const places = ['--store', this.store, '--journal', this.#journal]
    const env = { TARDIGRADE_GRACE_MS: String(GRACE_MS) }
    const child = new Child('scripts/transfer.js', [...options, ...places, this.#from, this.#to], env)
    void child.exited.then(({ code, signal }) => {
      const text = [...child.lines, child.errors, `ended: ${code ?? signal}`].join('\n')
      appendFileSync(join(this.#folder, 'transcript.txt'), `${text}\n\n`)
    })
    return child
  }

  /** Runs until a round is finished, without any more interruptions. */
  async finish(): Promise<void> {
    const child = this.run()
    const { code } = await child.exited
    if (code === 0) await this.judgeIfDone()
    else this.violations.push(`the last run ended with ${code}: ${child.errors}${child.lines.join('\n')}`)
  }

  /** Where the job's service stands; undefined when nothing is stored yet. */
  async phase(): Promise<string | undefined> {
    const reader = await sqliteStore(this.store).read()
    try {
      return (await reader.list())[0]?.phase
    } catch (error) {
      this.violations.push(`the store cannot be read: ${error}`)
      return undefined
    } finally {
      await reader.close()
    }
  }

  /** Judges a round that has just been finished; a phase `done` may be that of the round before. */
  async judgeIfDone(): Promise<void> {
    if (existsSync(this.#to) && (await this.phase()) === 'done') this.judge()
  }

  /** Holds a finished round against the source and its journal; the next run begins another round. */
  private judge(): void {
    this.finished++
    const { chunks, repeated, violations } = judgeJournal(readJournal(this.#journal), JOB.size)
    this.chunks += chunks
    this.repeated += repeated
    this.violations.push(...violations.map((violation) => `round ${this.finished}: ${violation}`))
    if (sha256(this.#to) !== this.#sha256) this.violations.push(`round ${this.finished}: the copy differs`)
    rmSync(this.#to)
    rmSync(this.#journal)
  }
}

/** Lets a run come to a random instant: after so many lines of its output, or after a while. */
export async function randomInstant(child: Child, random: Random): Promise<void> {
  if (random.below(2) === 0) await child.prints(1 + random.below(16))
  const pauseMs = random.next() * 400
  // The injected fault itself is a matter of time; nothing is asserted about it.
  await Promise.race([child.exited, new Promise((resolve) => setTimeout(resolve, pauseMs))])
}

function sha256(path: string): string {
  return createHash('sha256').update(readFileSync(path)).digest('hex')
}
