import { defineService, type MigrationSnapshot, type StoreClaim } from 'tardigrade'
import { memoryStore } from 'tardigrade/stores/memory'
import { expect, test } from 'vitest'
import { createMachine } from 'xstate'
import { migrateAll } from '../../src/cli/migration.js'
import { processOutput } from '../../src/cli/output.js'
import { lampCheckpoint } from './records.js'

const output = processOutput(true)

function lamp(migrate: (context: MigrationSnapshot['context']) => MigrationSnapshot['context']) {
  return defineService({
    id: 'lamp',
    version: 2,
    machine: createMachine({ id: 'lamp', initial: 'off', states: { off: {} } }),
    migrations: { 1: (snapshot) => ({ ...snapshot, context: migrate(snapshot.context) }) },
  })
}

/** A store's claim, and how many records each of its commits took. */
async function claimWith(keys: readonly string[], context: unknown = {}) {
  const claim = await memoryStore().claim()
  for (const outcome of await claim.commit(keys.map((key) => lampCheckpoint({ key, context })))) {
    if (!outcome.ok) throw outcome.error
  }
  const batches: number[] = []
  const counting: Pick<StoreClaim, 'commit' | 'epoch'> = {
    epoch: claim.epoch,
    commit: (batch) => {
      batches.push(batch.length)
      return claim.commit(batch)
    },
  }
  return { claim, counting, batches }
}

test('records are committed together, as many as memory should hold', async () => {
  const small = await claimWith(['a', 'b', 'c', 'd', 'e'])
  const definition = lamp((context) => context)
  expect(await migrateAll(output, definition, small.claim, small.counting)).toMatchObject({ migrated: 5 })
  expect(small.batches).toEqual([5])
  const large = await claimWith(['a', 'b', 'c', 'd', 'e'], { text: 'x'.repeat(1_500_000) })
  expect(await migrateAll(output, definition, large.claim, large.counting)).toMatchObject({ migrated: 5 })
  expect(large.batches).toEqual([3, 2])
  expect((await large.claim.list()).map(({ version }) => version)).toEqual([2, 2, 2, 2, 2])
})

test('a dry run finds what could not be written, too', async () => {
  const { claim } = await claimWith(['a'])
  const before = await claim.list()
  const report = await migrateAll(
    output,
    lamp(() => ({ call: () => {} })),
    claim,
  )
  expect(report).toMatchObject({
    migrated: 0,
    failed: [{ key: 'a', error: { code: 'UNENCODABLE', service: 'lamp', key: 'a' } }],
  })
  expect(await claim.list()).toEqual(before)
})

test('what the store refuses is thrown, and what came before it stays', async () => {
  const { claim } = await claimWith(['a', 'b', 'c', 'd', 'e'], { text: 'x'.repeat(1_500_000) })
  let commits = 0
  const full: Pick<StoreClaim, 'commit' | 'epoch'> = {
    epoch: claim.epoch,
    commit: (batch) => (++commits === 1 ? claim.commit(batch) : Promise.reject(new Error('full'))),
  }
  const migration = migrateAll(
    output,
    lamp((context) => context),
    claim,
    full,
  )
  await expect(migration).rejects.toThrow('full')
  expect((await claim.list()).map(({ version }) => version)).toEqual([2, 2, 2, 1, 1])
})
