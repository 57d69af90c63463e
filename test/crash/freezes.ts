import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { LOCK_FILE } from '../../src/stores/lock.js'
import { Child } from './child.js'
import { Random } from './random.js'

/** What became of owners that were frozen while they committed, and of those who took their store. */
export interface FreezeReport {
  readonly freezes: number
  /** Freezes in the middle of a transaction, which kept the store until the owner woke. */
  readonly within: number
  /** Batches that were acknowledged. */
  readonly batches: number
  readonly violations: readonly string[]
}

/** A checkpoint as an owner finds it. */
interface Kept {
  readonly key: string
  readonly sequence: number
  readonly epoch: number
  readonly text: string
}

/** A process that owns the store now and then. */
class Owner {
  readonly #child: Child

  constructor(kind: string, store: string) {
    this.#child = new Child('test/crash/holder.js', [kind, store])
  }

  /** Tells it something and gives the numbers or the text behind the beginning of its answer. */
  async ask(command: string, answer: string): Promise<string> {
    const heard = this.#child.lines.filter((line) => line.startsWith(answer)).length
    this.#child.tell(command)
    return this.#after(answer, heard + 1)
  }

  /** Resolves when it has acknowledged so many more, or was refused. */
  async commits(count: number): Promise<void> {
    const enough = this.#child.says('done', this.#heard('done').length + count)
    await Promise.race([enough, this.refusal(this.refusals)])
  }

  /** Resolves when it has said once more why it was refused. */
  refusal(before: number): Promise<string> {
    return this.#after('refused', before + 1)
  }

  get refusals(): number {
    return this.#heard('refused').length
  }

  /** What each key has at least, as was acknowledged last. */
  get acknowledged(): readonly number[] {
    return numbers(this.#heard('done').at(-1) ?? '')
  }

  get batches(): number {
    return this.#heard('done').length
  }

  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal)
  }

  async end(): Promise<void> {
    // One that is frozen is ended, too.
    this.#child.kill('SIGKILL')
    await this.#child.exited
  }

  #heard(beginning: string): readonly string[] {
    return this.#child.lines.filter((line) => line.startsWith(beginning))
  }

  async #after(beginning: string, occurrence: number): Promise<string> {
    return (await this.#child.says(beginning, occurrence)).slice(beginning.length + 1)
  }
}

const numbers = (line: string): readonly number[] => (line.match(/\d+/g) ?? []).map(Number)

/**
 * Freezes the owner of a store at a random instant while it commits, lets another process take the store as where a lock has
 * expired, and wakes the first one: it must be refused, and nothing that it writes may be seen; and so on, in turns.
 */
export async function freezeOwners(options: {
  readonly kind: 'file' | 'sqlite'
  readonly freezes: number
  readonly seed: number
  readonly folder: string
}): Promise<FreezeReport> {
  const random = new Random(options.seed)
  const violations: string[] = []
  const store = join(options.folder, 'store')
  const owners = [new Owner(options.kind, store), new Owner(options.kind, store)]
  let [freezes, within] = [0, 0]
  try {
    let [owner, next] = owners as [Owner, Owner]
    await owner.ask('claim', 'claimed')
    for (; freezes < options.freezes && violations.length === 0; freezes++) {
      await owner.commits(1 + random.below(4))
      // The fault itself is a matter of time; nothing is asserted about it.
      await new Promise((resolve) => setTimeout(resolve, random.next() * 5))
      const refusals = [owner.refusals, next.refusals] as const
      owner.signal('SIGSTOP')
      rmSync(join(store, LOCK_FILE))
      let claimed = await next.ask('claim', 'claimed')
      if (claimed === 'nothing') {
        within++
        owner.signal('SIGCONT')
        claimed = await next.ask('claim', 'claimed')
      }
      const [epoch = 0, ...found] = numbers(claimed)
      if (random.below(2) === 0) await next.commits(1 + random.below(3))
      owner.signal('SIGCONT')
      const refused = await owner.refusal(refusals[0])
      await next.commits(1)
      const where = `freeze ${freezes + 1}`
      if (!refused.startsWith('STALE_EPOCH')) violations.push(`${where}: it was refused with ${refused}`)
      const lost = owner.acknowledged.filter((sequence, at) => sequence > (found[at] ?? 0))
      if (lost.length > 0)
        violations.push(`${where}: it acknowledged ${owner.acknowledged}, and the next one found ${found}`)
      // Written by the process.
      const held = JSON.parse(await next.ask('halt', 'held')) as Kept[]
      violations.push(...foreign(held, epoch, found).map((one) => `${where}: ${one}`))
      if (next.refusals > refusals[1])
        violations.push(`${where}: the owner was refused with ${await next.refusal(refusals[1])}`)
      await owner.ask('leave', 'left')
      await next.ask('leave', 'left')
      await next.ask('claim', 'claimed')
      ;[owner, next] = [next, owner]
    }
  } finally {
    await Promise.all(owners.map((owner) => owner.end()))
  }
  const batches = owners.reduce((sum, owner) => sum + owner.batches, 0)
  return { freezes, within, batches, violations }
}

/** What is there beyond what the owner of this epoch had found, and is not its own. */
function foreign(held: readonly Kept[], epoch: number, found: readonly number[]): readonly string[] {
  return held.flatMap(({ key, sequence, epoch: by, text }) => {
    const before = found['abc'.indexOf(key)] ?? 0
    if (text !== `${key} at ${sequence} by ${by}`) return [`${key} ${sequence} is ${text}`]
    return sequence > before && by !== epoch ? [`${key} ${sequence} is of the epoch ${by}, not ${epoch}`] : []
  })
}
