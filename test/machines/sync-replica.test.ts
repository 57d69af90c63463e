import { expect, test } from 'vitest'
import { resolverOf } from '../../machines/sync/conflict.js'
import { openDatabase } from '../../machines/sync/database.js'
import { createTables, type RemoteRow, recordChange } from '../../machines/sync/index.js'
import { applyPage, nextOutgoing } from '../../machines/sync/replica.js'
import { localSide } from './sync-kit.js'

const theirs = resolverOf('server-wins', {})
const row = (id: string, version: number, n: number): RemoteRow => ({
  id,
  version,
  data: { n },
  changedAtMs: 0,
})
const page = (cursor: string, ...changes: RemoteRow[]) => ({ cursor, changes, more: false })

test('a page that is applied twice, or late, changes nothing the second time', async () => {
  using local = await localSide()
  const { tables } = local
  const first = page('2', row('a', 1, 1), row('b', 2, 1))
  expect(applyPage(tables, undefined, first, theirs)).toEqual({ applied: 2, conflicts: 0 })
  applyPage(tables, '2', page('3', row('a', 3, 2)), theirs)
  const before = tables.rows()
  expect(applyPage(tables, undefined, first, theirs)).toEqual({ applied: 0, conflicts: 0 })
  expect(tables.cursor()).toBe('3')
  expect(tables.rows()).toEqual(before)
})

test('an older version does not overwrite a newer one, and a tombstone stays', async () => {
  using local = await localSide()
  const { tables } = local
  applyPage(tables, undefined, page('5', { ...row('a', 5, 5), data: null }, row('b', 4, 4)), theirs)
  applyPage(tables, '5', page('6', row('a', 3, 3), row('b', 2, 2)), theirs)
  expect(tables.row('a')?.data).toBeNull()
  expect(tables.row('b')?.data).toEqual({ n: 4 })
})

test('the version that a change is based on does not conflict with it', async () => {
  using local = await localSide()
  const { tables } = local
  applyPage(tables, undefined, page('1', row('a', 1, 1)), theirs)
  local.edit('a', { n: 2 })
  expect(applyPage(tables, '1', page('1', row('a', 1, 1)), theirs)).toEqual({ applied: 0, conflicts: 0 })
  expect(tables.row('a')?.data).toEqual({ n: 2 })
  expect(nextOutgoing(tables)?.baseVersion).toBe(1)
})

test('a page is applied whole or not at all', async () => {
  using local = await localSide()
  const { tables } = local
  local.edit('b', { n: 0 })
  const broken = () => {
    throw new Error('cannot judge')
  }
  expect(() => applyPage(tables, undefined, page('2', row('a', 1, 1), row('b', 2, 1)), broken)).toThrow()
  expect(tables.row('a')).toBeUndefined()
  expect(tables.cursor()).toBeUndefined()
})

test('a change on a new base goes out under a new key, on the same base under the same', async () => {
  using local = await localSide()
  const { tables } = local
  local.edit('a', { n: 1 })
  const key = nextOutgoing(tables)?.idempotencyKey
  expect(nextOutgoing(tables)?.idempotencyKey).toBe(key)
  applyPage(tables, undefined, page('1', row('a', 1, 9)), resolverOf('client-wins', {}))
  expect(nextOutgoing(tables)).toMatchObject({ data: { n: 1 }, baseVersion: 1 })
  expect(nextOutgoing(tables)?.idempotencyKey).not.toBe(key)
})

test('a change is part of the application’s own transaction', async () => {
  using local = await localSide()
  const database = await openDatabase(local.path)
  database.exec('BEGIN IMMEDIATE')
  recordChange(database, 'notes', { id: 'a', data: { n: 1 } })
  database.exec('ROLLBACK')
  database.close()
  expect(local.tables.rows()).toEqual([])
  expect(local.tables.changes()).toEqual([])
})

test('a table’s name is a plain identifier', async () => {
  using local = await localSide()
  expect(() => createTables(local.tables.database, 'notes"; DROP TABLE notes')).toThrow(RangeError)
})
