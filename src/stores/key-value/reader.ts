import { StoreDamagedError } from '../../errors/store.js'
import type { QuarantinedCheckpoint, StoredCheckpoint, StoreReader } from '../../ports/store.js'
import { checkKey } from '../keys.js'
import { resolvePage } from '../options.js'
import { failureOf } from './failures.js'
import type { KeyValue } from './port.js'
import { type Places, readAside, readHead, readOwner, type Summary } from './records.js'
import { readText } from './texts.js'

/** How often what a writer has just moved is looked for again. */
const LOOKS = 5

/** The reading half; `check` throws where the store cannot be used any more. */
export function readerOf(storage: KeyValue, places: Places, check: () => void): Omit<StoreReader, 'close'> {
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
      const head = await readHead(storage, places, key)
      if (head === undefined) return []
      const summaries = head.kept.slice(0, most)
      const texts = await Promise.all(summaries.map((one) => readText(storage, places, key, one)))
      if (!texts.includes(undefined)) {
        return summaries.map((one, index) => checkpointOf(key, one, texts[index] ?? ''))
      }
    }
    throw new StoreDamagedError(storage.name, 'a text that it names is not there', { key })
  }

  return {
    load: (key) => ask(async () => (await kept(key, 1))[0], key),
    history: (key) => ask(() => kept(key, Number.POSITIVE_INFINITY), key),
    list: (page) =>
      ask(async () => {
        const { after, limit } = resolvePage(page)
        const keys = (await below(storage, places.heads)).filter((key) => key > after).sort()
        const rows = await Promise.all(
          keys.slice(0, limit).map(async (key) => {
            const newest = (await readHead(storage, places, key))?.kept[0]
            if (newest === undefined) return []
            const { id: _id, parts: _parts, ...rest } = newest
            return [{ key, ...rest, wakeAtMs: rest.wakeAtMs }]
          }),
        )
        return rows.flat()
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
