import { realpathSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { sqliteStore } from '../../src/stores/sqlite.js'
import type * as drivers from '../../src/stores/sqlite-driver.js'
import { request } from '../../src/testing/contract/store/requests.js'
import { temporaryFolder } from '../kit/folder.js'
import { Gate } from '../kit/gate.js'

/*
 * Faults: a power cut, which keeps only what was synced; a disk that cannot write what it had taken. A commit must be
 * in SQLite's log before the log is synced, and the log be synced before anybody hears of the commit.
 */

const disk = vi.hoisted(() => ({
  lines: [] as string[],
  isInside: false,
  descriptors: new Map<number, string>(),
  pass: async (_descriptor: number): Promise<void> => {},
  /** A sync on this thread, before it begins. */
  passHere: () => {},
}))

vi.mock('node:fs', async (original) => {
  const real = await original<typeof import('node:fs')>()
  return {
    ...real,
    openSync(...args: Parameters<typeof real.openSync>) {
      const descriptor = real.openSync(...args)
      disk.descriptors.set(descriptor, String(args[0]))
      return descriptor
    },
    closeSync(descriptor: number) {
      disk.lines.push(`closed ${disk.descriptors.get(descriptor)?.split('/').at(-1)}`)
      real.closeSync(descriptor)
    },
    fdatasync(descriptor: number, done: (error: Error | null) => void) {
      disk.lines.push(`sync of ${disk.descriptors.get(descriptor)}`)
      real.fdatasync(descriptor, (error) => {
        disk.pass(descriptor).then(() => {
          disk.lines.push('synced')
          done(error)
        }, done)
      })
    },
    fdatasyncSync(descriptor: number) {
      disk.passHere()
      real.fdatasyncSync(descriptor)
      disk.lines.push('synced here')
    },
  }
})

vi.mock('../../src/stores/sqlite-driver.js', async (original) => {
  const real = await original<typeof drivers>()
  const { DatabaseSync } = await real.loadSqliteDriver('the tests')
  class Recording extends DatabaseSync {
    override prepare(sql: string) {
      const statement = super.prepare(sql)
      if (!/^(BEGIN|COMMIT|REPLACE INTO checkpoint)/.test(sql)) return statement
      const run: typeof statement.run = (...values) => {
        const result = statement.run(...values)
        if (sql.startsWith('BEGIN')) disk.isInside = true
        if (sql === 'COMMIT') disk.isInside = false
        // A statement outside of a transaction is one.
        if (!disk.isInside) disk.lines.push('COMMIT')
        return result
      }
      return Object.create(statement, { run: { value: run } }) as typeof statement
    }
  }
  return { ...real, loadSqliteDriver: async () => ({ DatabaseSync: Recording }) }
})

const lines = () => disk.lines.splice(0)

beforeEach(() => {
  disk.pass = async () => {}
  disk.passHere = () => {}
  lines()
})

afterEach(() => {
  vi.restoreAllMocks()
})

const turn = () => new Promise<void>((resolve) => setImmediate(resolve))

describe.each([undefined, 'power'] as const)('asked for durability %s', (durability) => {
  const open = (folder: string) => sqliteStore(folder, durability === undefined ? {} : { durability })

  it('syncs the log after each commit and before it resolves', async () => {
    const folder = realpathSync(temporaryFolder())
    const store = open(folder)
    expect(store.durability).toBe('power')
    const log = `sync of ${join(folder, 'tardigrade.db-wal')}`
    const claim = await store.claim()
    expect(lines().slice(-2), 'the epoch').toEqual([log, 'synced'])
    for (const write of [
      () => claim.commit([request('a', 1)]),
      () => claim.commit([request('a', 2), request('b', 1)]),
      () => claim.quarantine('a', 2, 'bad'),
      () => claim.remove('a'),
      () => claim.commit([request('b', 2)]),
    ]) {
      await write()
      expect(lines()).toEqual(['COMMIT', log, 'synced'])
    }
    await claim.close()
  })

  it('works on while the disk does, and closes no earlier than the disk is done', async () => {
    const claim = await open(temporaryFolder()).claim()
    const gate = new Gate()
    gate.shut()
    disk.pass = () => gate.pass()
    const heard: string[] = []
    const committed = ['a', 'b'].map(async (key) => {
      await claim.commit([request(key, 1)])
      heard.push(key)
    })
    const closed = claim.close().then(() => heard.push('closed'))
    while (disk.lines.filter((line) => line.startsWith('sync of')).length < 2) await turn()
    await turn()
    expect(heard).toEqual([])
    expect(lines().filter((line) => line === 'COMMIT')).toHaveLength(2)
    gate.open()
    await Promise.all([...committed, closed])
    expect([heard.slice(0, 2).sort(), heard[2]]).toEqual([['a', 'b'], 'closed'])
    expect(lines()).toEqual(['synced', 'synced', 'closed tardigrade.db-wal', 'closed tardigrade.db-wal'])
  })

  describe('a write that failed while two commits wait for the disk', () => {
    const cause = Object.assign(new Error('i/o error'), { code: 'EIO' })
    const both = async () => {
      const claim = await open(temporaryFolder()).claim()
      const outcomes = await Promise.allSettled(['a', 'b'].map((key) => claim.commit([request(key, 1)])))
      await claim.close()
      return outcomes.map((outcome) => outcome.status === 'rejected' && outcome.reason.code)
    }

    it('is told once to each descriptor, and the answer of the other sync may come first', async () => {
      let claimed = false
      const told = new Set<number>()
      disk.pass = async (descriptor) => {
        // The first sync is the claim's own, of its epoch.
        const fails = claimed && !told.has(descriptor)
        if (claimed) told.add(descriptor)
        claimed = true
        for (let turns = 0; fails && turns < 20; turns++) await turn()
        if (fails) throw cause
      }
      expect(await both()).toEqual(['SYNC_FAILED', 'SYNC_FAILED'])
    })

    it('leaves both in doubt, though the other sync succeeds after it', async () => {
      let syncs = 0
      disk.pass = async () => {
        // The first is the claim's own, of its epoch.
        const sync = syncs++
        if (sync === 1) throw cause
        for (let turns = 0; sync === 2 && turns < 20; turns++) await turn()
      }
      expect(await both()).toEqual(['SYNC_FAILED', 'SYNC_FAILED'])
    })
  })

  it('says of nothing that it is there once a sync has failed, until it is opened anew', async () => {
    const store = open(temporaryFolder())
    const claim = await store.claim()
    await claim.commit([request('a', 1)])
    const cause = Object.assign(new Error('i/o error'), { code: 'EIO' })
    disk.pass = () => Promise.reject(cause)
    const failed = { code: 'SYNC_FAILED', cause, remedy: expect.stringContaining('start the process again') }
    await expect(claim.commit([request('a', 2)])).rejects.toMatchObject(failed)
    disk.pass = async () => {}
    lines()
    await expect(claim.commit([request('b', 1)])).rejects.toMatchObject(failed)
    await expect(claim.load('a')).rejects.toMatchObject(failed)
    expect(lines(), 'nothing more is written').toEqual([])
    await claim.close()
    const again = await store.claim()
    expect((await again.load('b'))?.sequence).toBeUndefined()
    await again.close()
  })
})

describe('while one service alone writes', () => {
  /** A claim whose disk takes so long for each sync that the thread waits for. */
  async function alone(tookMs: () => number) {
    let nowMs = 0
    vi.spyOn(performance, 'now').mockImplementation(() => nowMs)
    disk.passHere = () => {
      nowMs += tookMs()
    }
    const claim = await sqliteStore(temporaryFolder()).claim()
    let sequence = 0
    const commit = async () => {
      lines()
      await claim.commit([request('a', ++sequence)])
      return lines().at(-1)
    }
    const commits = async (count: number) => {
      const syncs: (string | undefined)[] = []
      for (let written = 0; written < count; written++) syncs.push(await commit())
      return syncs
    }
    return { claim, commit, commits }
  }

  it('syncs on the thread where the disk is quicker than another thread, and gives the platform its turn', async () => {
    const { claim, commits } = await alone(() => 0.2)
    expect(new Set(await commits(7))).toEqual(new Set(['synced']))
    const syncs = await commits(64)
    expect(syncs.filter((line) => line === 'synced')).toHaveLength(4)
    expect(syncs.filter((line) => line === 'synced here')).toHaveLength(60)
    await claim.close()
  })

  it('leaves it to another thread again once the disk was slow, or another one writes', async () => {
    let tookMs = 0.2
    const { claim, commit, commits } = await alone(() => tookMs)
    await commits(8)
    expect(await commit()).toBe('synced here')
    lines()
    await claim.commit([request('b', 1)])
    expect(lines().at(-1)).toBe('synced')
    expect(await commits(2)).toEqual(['synced', 'synced here'])
    tookMs = 0.6
    expect(await commits(2)).toEqual(['synced here', 'synced'])
    await claim.close()
  })

  it('does not wait on the thread behind a sync of another one that is still under way', async () => {
    const { claim, commits } = await alone(() => 0.2)
    await commits(8)
    const gate = new Gate()
    gate.shut()
    let isHeld = false
    // That of the other one alone, on whatever descriptor it is.
    disk.pass = () => {
      isHeld = true
      disk.pass = async () => {}
      return gate.pass()
    }
    const other = claim.commit([request('b', 1)])
    while (!isHeld) await turn()
    expect(await commits(3)).toEqual(['synced', 'synced', 'synced'])
    gate.open()
    await other
    expect(await commits(1)).toEqual(['synced here'])
    await claim.close()
  })

  it('says of nothing that it is there once that sync has failed', async () => {
    const { claim, commits, commit } = await alone(() => 0.2)
    await commits(8)
    const cause = Object.assign(new Error('i/o error'), { code: 'EIO' })
    disk.passHere = () => {
      throw cause
    }
    await expect(commit()).rejects.toMatchObject({ code: 'SYNC_FAILED', cause })
    disk.passHere = () => {}
    await expect(commit()).rejects.toMatchObject({ code: 'SYNC_FAILED', cause })
    await claim.close()
  })
})

it('asked for durability process, syncs nothing', async () => {
  const store = sqliteStore(temporaryFolder(), { durability: 'process' })
  expect(store.durability).toBe('process')
  const claim = await store.claim()
  lines()
  await claim.commit([request('a', 1)])
  expect(lines()).toEqual(['COMMIT'])
  await claim.close()
})
