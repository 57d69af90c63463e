import type { Random } from '../../crash/random.js'
import { type Alike, alikeDatabases, alikeLogs, eachAlone, unread } from '../sqlite/alike.js'
import { HEADER } from '../sqlite/frames.js'
import { changed, everyChoice, mixed } from '../sqlite/sectors.js'
import { named, type TracedFile, type TracedFolder } from './folder.js'

/** Files by name, as the next process finds them. */
export type Files = ReadonlyMap<string, Buffer>

const DATABASE = 'tardigrade.db'
const LOG = `${DATABASE}-wal`
const JOURNAL = `${DATABASE}-journal`

/** Up to so many sectors of a file, each choice of them is opened. */
const FEW = 4

/** What a rollback journal begins with once its records may be read (https://sqlite.org/fileformat2.html#the_rollback_journal). */
const JOURNAL_MAGIC = Buffer.from('d9d505f920a163d7', 'hex')

/** All that a power cut may leave of a folder: of its names any steps, of each file any sectors, in every combination of their classes. */
export function* powerCuts(folder: TracedFolder, random: Random): Generator<Files> {
  for (const steps of everyChoice(folder.pending.map((_, at) => at))) {
    const names = named(
      folder.synced,
      steps.flatMap((at) => folder.pending[at] ?? []),
    )
    // SQLite makes its index of the log anew when it is the first to open a database.
    const there = [...names].filter(([name]) => !name.endsWith('-shm'))
    yield* combined(there.map(([name, id]) => [name, choicesOf(name, names, folder, id, random)] as const))
  }
}

function* combined(parts: readonly (readonly [string, readonly Buffer[]])[]): Generator<Files> {
  const [first, ...others] = parts
  if (first === undefined) {
    yield new Map()
    return
  }
  const [name, contents] = first
  for (const rest of combined(others)) for (const content of contents) yield new Map(rest).set(name, content)
}

/** What may stand in a file, of each class that SQLite reads alike those that differ most. */
function choicesOf(
  name: string,
  names: ReadonlyMap<string, number>,
  folder: TracedFolder,
  id: number,
  random: Random,
): readonly Buffer[] {
  const { synced, now } = fileOf(folder, id)
  const sectors = changed(synced, now)
  if (sectors.length === 0) return [synced]
  const log = names.get(LOG)
  const classes = [...classesOf(name, synced, now, log === undefined ? undefined : fileOf(folder, log))]
  const sum = classes.reduce((total, { choices }) => total + choices, 0n)
  if (sum !== 2n ** BigInt(sectors.length)) throw new Error(`${name}: ${sum} choices are not all`)
  return classes.flatMap((alike) => [...alike.some(random)].map((there) => mixed(synced, now, there)))
}

function classesOf(name: string, synced: Buffer, now: Buffer, log?: TracedFile): Iterable<Alike> {
  const sectors = changed(synced, now)
  // Made under another name, and deleted unread by whoever finds it so.
  if (/\.new(-|$)/.test(name)) return [unread(sectors)]
  if (sectors.length <= FEW) return eachAlone(sectors)
  if (name === LOG) {
    if (!now.subarray(0, HEADER).equals(synced.subarray(0, HEADER)))
      throw new Error('frames stand behind a header of the log that was not synced')
    return alikeLogs(synced, now)
  }
  if (name === DATABASE && log?.now.equals(log.synced)) return [alikeDatabases(synced, now, log.synced)]
  const isRead = [synced, now].some((one) => one.subarray(0, JOURNAL_MAGIC.length).equals(JOURNAL_MAGIC))
  if (name === JOURNAL && !isRead) return [unread(sectors)]
  throw new Error(`${name} may lose any of ${sectors.length} sectors, and nothing says what is read then`)
}

function fileOf(folder: TracedFolder, id: number): TracedFile {
  const file = folder.files.get(id)
  if (file === undefined) throw new Error(`there is no file ${id}`)
  return file
}
