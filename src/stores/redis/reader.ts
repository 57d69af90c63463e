import { NewerStoreError } from '../../errors/store.js'
import type { QuarantinedCheckpoint, StoredCheckpoint, StoreReader } from '../../ports/store.js'
import { fromColumn, toColumn } from '../key-order.js'
import { checkKey } from '../keys.js'
import { resolvePage } from '../options.js'
import type { Connection } from './connection.js'
import { failureOf } from './failures.js'
import type { Places } from './places.js'
import { FORMAT, readerOfRecords } from './records.js'
import { HISTORY, SUMMARIES } from './scripts.js'

/** How many summaries are asked for at once: the server does nothing else meanwhile. */
const PAGE = 1000

/** The reading half of a store; `check` throws where it cannot be used any more. */
export function readerOf(
  connection: Connection,
  places: Places,
  location: string,
  check: () => void,
): Omit<StoreReader, 'close'> {
  const records = readerOfRecords(location)
  let known = false

  async function checkFormat(): Promise<void> {
    if (known) return
    const [format = ''] = records.texts(await connection.call('HMGET', places.owner, 'format'))
    if (Number(format) > FORMAT) throw new NewerStoreError(location, Number(format), FORMAT)
    // A store that is made later is looked at later.
    known = format !== ''
  }

  async function ask<T>(question: () => Promise<T>, key?: string): Promise<T> {
    check()
    if (key !== undefined) checkKey(key)
    try {
      await checkFormat()
      return await question()
    } catch (cause) {
      throw failureOf(location, cause, key)
    }
  }

  async function kept(key: string, most: number): Promise<StoredCheckpoint[]> {
    const records = readerOfRecords(location, key)
    const found = records.texts(await connection.run(HISTORY, [places.at(key)], [most]))
    return inGroups(found, 2).map(([summary = '', text = '']) => {
      const { size: _size, ...rest } = records.summary(summary)
      return { key, ...rest, text }
    })
  }

  async function asides(key: string): Promise<QuarantinedCheckpoint[]> {
    const records = readerOfRecords(location, key)
    const found = records.texts(await connection.call('LRANGE', places.aside(key), 0, -1))
    return inGroups(found, 3).map(([summary = '', text = '', why = '']) => {
      const { size: _size, ...rest } = records.summary(summary)
      return { key, ...rest, text, ...records.why(why) }
    })
  }

  async function summaries(after: string, limit: number) {
    const from = after === '' ? '-' : `(${toColumn(after)}`
    const range = await connection.call('ZRANGEBYLEX', places.index, from, '+', 'LIMIT', 0, limit)
    const keys = records.texts(range).map(fromColumn)
    const rows = await Promise.all(
      inGroups(keys, PAGE).map((some) =>
        connection.run(
          SUMMARIES,
          some.map((key) => places.at(key)),
          [],
        ),
      ),
    )
    // One whose last checkpoint was removed meanwhile has none.
    return rows
      .flatMap((texts) => records.texts(texts))
      .flatMap((text, index) => {
        const key = keys[index] ?? ''
        return text === '' ? [] : [{ key, ...readerOfRecords(location, key).summary(text) }]
      })
  }

  return {
    load: (key) => ask(async () => (await kept(key, 1))[0], key),
    history: (key) => ask(() => kept(key, Number.MAX_SAFE_INTEGER), key),
    list: (page) => {
      const { after, limit } = resolvePage(page)
      return ask(() => summaries(after, limit))
    },
    quarantined: () =>
      ask(async () => {
        const keys = records.texts(await connection.call('ZRANGE', places.asides, 0, -1))
        const all = await Promise.all(keys.map(asides))
        return all.flat().sort((one, other) => one.quarantinedAtMs - other.quarantinedAtMs)
      }),
    owner: () =>
      ask(async () => {
        const found = await connection.call('HMGET', places.owner, 'epoch', 'pid', 'claimedAt')
        const [epoch = '', pid, claimedAt] = records.texts(found)
        if (epoch === '') return undefined
        return { epoch: Number(epoch), pid: Number(pid), claimedAtMs: Number(claimedAt) }
      }),
  }
}

function inGroups<T>(items: readonly T[], size: number): (readonly T[])[] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  )
}
