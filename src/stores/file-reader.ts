import type { CheckpointSummary, StoreReader } from '../ports/store.js'
import { readError } from './failures.js'
import { type FilePlaces, namesIn } from './file-io.js'
import { readOwner } from './file-owner.js'
import { readKept, readQuarantined, readSummary } from './file-read.js'
import { checkKey } from './keys.js'
import type { Latch } from './latch.js'
import { type Page, resolvePage } from './options.js'

/** The reading half of a file store; a folder without a store reads as empty. */
export function fileReader(places: FilePlaces, latch: Pick<Latch, 'check'>): Omit<StoreReader, 'close'> {
  async function ask<T>(question: () => Promise<T>, key?: string): Promise<T> {
    latch.check()
    if (key !== undefined) checkKey(key)
    try {
      return await question()
    } catch (error) {
      throw readError(places.root, error, key)
    }
  }
  return {
    load: (key) => ask(async () => (await readKept(places, key, 1))[0], key),
    history: (key) => ask(() => readKept(places, key), key),
    list: (page) => ask(() => listFiles(places, page)),
    quarantined: () => ask(() => readQuarantined(places)),
    owner: () => ask(() => readOwner(places)),
  }
}

/** Reads the first line of every key's newest file, whatever the page: a file's name does not tell its key. */
async function listFiles(places: FilePlaces, page: Page | undefined): Promise<readonly CheckpointSummary[]> {
  const { after, limit } = resolvePage(page)
  const summaries: CheckpointSummary[] = []
  let damage: unknown
  for (const name of await namesIn(places.checkpoints)) {
    try {
      const summary = await readSummary(places, name)
      if (summary !== undefined && summary.key > after) summaries.push(summary)
    } catch (error) {
      damage ??= error
    }
  }
  // In the place of the end, so that whoever goes through the list has had all others.
  if (damage !== undefined && summaries.length === 0) throw damage
  // Keys are unique, and < compares texts by code unit.
  return summaries.sort((a, b) => (a.key < b.key ? -1 : 1)).slice(0, limit)
}
