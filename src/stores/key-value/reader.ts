import { StoreDamagedError } from '../../errors/store.js'
import type {
  CheckpointSummary,
  QuarantinedCheckpoint,
  StoredCheckpoint,
  StoreReader,
} from '../../ports/store.js'
import { DAMAGED_HERE_REMEDY } from '../damaged-remedies.js'
import { checkKey } from '../keys.js'
import { resolvePage } from '../options.js'
import { failureOf } from './failures.js'
import { headPlaces, readHeads } from './heads.js'
import type { KeyValue } from './port.js'
import { type Places, readAside, readOwner, type Summary } from './records.js'
import { readText } from './texts.js'

/** How often what a writer has just moved is looked for again. */
const LOOKS = 5

/**
 * The reading half; `check` throws where the store cannot be used any more, and `counting` has the checkpoints of a key that count for who is the
 * owner. Others look for its heads, which is to ask for all keys of the storage.
 */
export function readerOf(
  storage: KeyValue,
  places: Places,
  check: () => void,
  counting: (key: string) => Promise<readonly Summary[] | undefined> = async () => undefined,
): Omit<StoreReader, 'close'> {
  async function ask<T>(question: () => Promise<T>, key?: string): Promise<T> {
    check()
    if (key !== undefined) checkKey(key)
    try {
      return await question()
    } catch (cause) {
      throw failureOf(storage.name, cause, key)
    }
  }

  /** The checkpoints that the head of the key names, as many of them as are asked for. */
  async function kept(key: string, most: number): Promise<StoredCheckpoint[]> {
    for (let look = 0; look < LOOKS; look++) {
      const known = look === 0 ? await counting(key) : undefined
      const summaries = (known ?? (await keptOf(storage, places, key))).slice(0, most)
      const texts = await Promise.all(summaries.map((one) => readText(storage, places, key, one)))
      if (!texts.includes(undefined)) {
        return summaries.map((one, index) => checkpointOf(key, one, texts[index] ?? ''))
      }
    }
    throw new StoreDamagedError(
      storage.name,
      'a text that it names is not there',
      { key },
      DAMAGED_HERE_REMEDY,
    )
  }

  return {
    load: (key) => ask(async () => (await kept(key, 1))[0], key),
    history: (key) => ask(() => kept(key, Number.POSITIVE_INFINITY), key),
    list: (page) =>
      ask(async () => {
        const { after, limit } = resolvePage(page)
        const where = headPlaces(places, await storage.keys())
        const keys = [...where.keys()].filter((key) => key > after).sort()
        const rows: CheckpointSummary[] = []
        // A key that was removed may have heads yet, so a page may need more of them.
        for (let at = 0; at < keys.length && rows.length < limit; at += limit) {
          const some = keys.slice(at, at + limit)
          const found = some.map(async (key) =>
            rowsOf(key, (await counting(key)) ?? (await keptOf(storage, places, key, where.get(key)))),
          )
          rows.push(...(await Promise.all(found)).flat())
        }
        return rows.slice(0, limit)
      }),
    quarantined: () =>
      ask(async () => {
        const ids = await below(storage, places.asides)
        const all = await Promise.all(ids.map((id) => asideOf(storage, places, id)))
        return all.flat().sort((a, b) => a.quarantinedAtMs - b.quarantinedAtMs)
      }),
    owner: () =>
      ask(async () => {
        const owner = await readOwner(storage, places)
        if (owner === undefined) return undefined
        const { format: _format, ...rest } = owner
        return rest
      }),
  }
}

/** What stands behind the prefix in the keys of the storage that begin with it. */
async function below(storage: KeyValue, prefix: string): Promise<string[]> {
  return (await storage.keys()).filter((key) => key.startsWith(prefix)).map((key) => key.slice(prefix.length))
}

/** The checkpoints of a key that count, newest first. Where a head is gone there is a newer one since, which is looked for. */
async function keptOf(
  storage: KeyValue,
  places: Places,
  key: string,
  known?: readonly string[],
): Promise<readonly Summary[]> {
  let where = known
  for (let look = 0; ; look++) {
    where ??= headPlaces(places, await storage.keys()).get(key) ?? []
    const found = await readHeads(storage, key, where)
    if (found.length === where.length || look === LOOKS) return found[0]?.head.kept ?? []
    where = undefined
  }
}

function rowsOf(key: string, [newest]: readonly Summary[]): CheckpointSummary[] {
  if (newest === undefined) return []
  const { id: _id, parts: _parts, ...rest } = newest
  return [{ key, ...rest, wakeAtMs: rest.wakeAtMs }]
}

async function asideOf(storage: KeyValue, places: Places, id: string): Promise<QuarantinedCheckpoint[]> {
  const aside = await readAside(storage, places.aside({ id }))
  if (aside === undefined) return []
  const { reason, quarantinedAtMs, key, ...summary } = aside
  const text = await readText(storage, places, key, summary)
  if (text === undefined) return []
  return [{ ...checkpointOf(key, summary, text), reason, quarantinedAtMs }]
}

function checkpointOf(
  key: string,
  { id: _id, parts: _parts, size: _size, ...rest }: Summary,
  text: string,
): StoredCheckpoint {
  return { key, ...rest, wakeAtMs: rest.wakeAtMs, text }
}
