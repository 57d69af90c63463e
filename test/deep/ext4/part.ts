import { join } from 'node:path'
import { Child } from '../../crash/child.js'
import { Random } from '../../crash/random.js'
import { type Effort, MOST_VIOLATIONS, type Part, type PartReport } from '../part.js'
import { Volume } from './volume.js'

type Kind = 'sqlite' | 'file'

/** A process writes to a store of its own on a real file system, whose power goes at a random instant. */
async function cuts({ seed, goOn }: Effort): Promise<PartReport> {
  let volume: Volume
  try {
    volume = new Volume()
  } catch (error) {
    const [why = ''] = (error instanceof Error ? error.message : String(error)).split('\n')
    return {
      figures: [{ what: `real ext4, power cut: not possible here (${why})`, reached: 0 }],
      violations: [],
      impossible: why,
    }
  }
  const random = new Random(seed)
  const violations: string[] = []
  let count = 0
  let acknowledged = 0
  try {
    const last: Record<Kind, readonly number[]> = { sqlite: [], file: [] }
    for (; goOn(count) && violations.length < MOST_VIOLATIONS; count++) {
      const kind = count % 2 === 0 ? 'sqlite' : 'file'
      const { found, heard, errors } = await lifeUntilCut(volume, kind, random)
      const wrong = judged(kind, last[kind], found, errors)
      if (wrong !== undefined) violations.push(`seed ${seed}, cut ${count + 1}, ${kind} store: ${wrong}`)
      acknowledged += heard.length
      last[kind] = heard.at(-1) ?? last[kind]
    }
  } finally {
    volume.remove()
  }
  const figures = [
    { what: 'real ext4, power cut under a writing process', reached: count },
    { what: 'real ext4, batches of three acknowledged before a cut, none lost', reached: acknowledged },
  ]
  return { figures, violations }
}

/** A process that finds what the power cut before has left, and writes until the next. */
async function lifeUntilCut(volume: Volume, kind: Kind, random: Random) {
  const child = new Child('test/deep/ext4/writer.js', [kind, join(volume.folder, kind)])
  await child.prints(2 + random.below(40))
  // The fault itself is a matter of time; nothing is asserted about it.
  await new Promise((resolve) => setTimeout(resolve, random.next() * 20))
  // Nobody acknowledges anything when the power is gone; this process, which is still there, might.
  const [found, ...heard] = child.lines.slice()
  volume.cutPower(random.below(2) === 0)
  child.kill('SIGKILL')
  await child.exited
  volume.recover()
  const sequences = heard.map((line) => line.split(' ').slice(1).map(Number))
  return { found, heard: sequences, errors: child.errors }
}

/** What is wrong with what a process has found, after one before it had heard of these sequences. */
function judged(
  kind: Kind,
  acknowledged: readonly number[],
  found: string | undefined,
  errors: string,
): string | undefined {
  const [word, ...numbers] = found?.split(' ') ?? []
  if (word !== 'found') return found ?? `it cannot be opened: ${errors}`
  const sequences = numbers.map(Number)
  const what = `acknowledged ${acknowledged.join(' ')}, ${found}`
  if (sequences.some((sequence, at) => sequence < (acknowledged[at] ?? 0))) return `lost: ${what}`
  if (kind === 'sqlite' && new Set(sequences).size > 1) return `a batch is there in part: ${what}`
  return undefined
}

export const ext4Part: Part = { name: 'power cuts of a real file system', weight: 0.5, run: cuts }
