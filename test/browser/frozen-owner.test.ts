// @long: owners are frozen, with a connection that would keep others from changing their database.
import { beforeEach, expect, test } from 'vitest'
import type { Tab } from './kit/cdp.js'
import { appAndNewer, tabsOf } from './kit/tabs.js'

const { open, started } = tabsOf(appAndNewer)
let owner: Tab

// Each has an owner that has counted to one.
beforeEach(async () => {
  owner = await started()
  await owner.run('add()')
})

/** Freezes the owner as a browser does, when it has long been hidden and has written what it wrote at that. */
async function isFrozen() {
  const other = await open('blank')
  await other.show()
  await owner.run(`new Promise((resolve) => {
    const look = () => document.visibilityState === 'hidden' && resolve()
    document.addEventListener('visibilitychange', look)
    look()
  })`)
  await owner.run('settled()')
  await owner.freeze()
}

/** A tab that reads the store, and closes nothing when it is asked to. */
async function reads(): Promise<Tab> {
  const tab = await open('blank')
  await tab.run(`new Promise((opened) => {
    globalThis.asked = new Promise((resolve) => {
      indexedDB.open('app').onsuccess = ({ target }) => {
        globalThis.reading = target.result
        reading.onversionchange = () => resolve()
        opened()
      }
    })
  })`)
  return tab
}

const deleted = `new Promise((resolve, reject) => {
  const asked = indexedDB.deleteDatabase('app')
  asked.onsuccess = () => resolve()
  asked.onerror = () => reject(asked.error)
})`

test('a newer version of the library waits for no owner that is frozen, which gives way to it when it wakes', async () => {
  await isFrozen()
  const newer = await open('newer')
  expect(await newer.run('start({ whenLocked: "wait" })')).toMatchObject({ value: { n: 1 } })
  expect(await newer.run('add()')).toEqual({ value: 2 })
  await owner.thaw()
  expect(await owner.run('reaches("failed")')).toBe('failed')
  expect(await owner.run('failure()')).toMatchObject({
    code: 'NEWER_STORE',
    message: expect.stringContaining('has format 2, newer than format 1'),
  })
  expect(await newer.run('add()')).toEqual({ value: 3 })
  // It stands in line no longer.
  await newer.run('close()')
  expect(await (await open('newer')).run('start()')).toMatchObject({ value: { n: 3 } })
})

test('an owner that wakes as a newer version waits for a third tab gives way to it at once, with what is sent to it', async () => {
  await isFrozen()
  const third = await reads()
  const asked = third.run('asked')
  const newer = await open('newer')
  const begins = newer.run('start({ whenLocked: "wait" })')
  await asked
  await owner.thaw()
  expect(await owner.run('add()')).toMatchObject({ error: { code: 'NEWER_STORE' } })
  expect(await owner.run('reaches("failed")')).toBe('failed')
  expect(await owner.run('failure()')).toMatchObject({
    code: 'NEWER_STORE',
    message: expect.stringContaining('has format 2, newer than format 1'),
  })
  await third.run('reading.close()')
  expect(await begins).toMatchObject({ value: { n: 1 } })
})

test('an owner that loses its lock while others keep its database from being opened hears that at once', async () => {
  await isFrozen()
  const third = await reads()
  const asked = third.run('asked')
  const other = await open('blank')
  const deletes = other.run(deleted)
  await asked
  await owner.thaw()
  const robbed = `new Promise((resolve) => {
    const look = async () => {
      const { held } = await navigator.locks.query()
      if (held.length === 0) return setTimeout(look, 10)
      navigator.locks.request('tardigrade:app', { steal: true }, () => resolve())
    }
    look()
  })`
  await other.run(robbed)
  expect(await owner.run('reaches("failed")')).toBe('failed')
  expect(await owner.run('failure()')).toMatchObject({ code: 'STALE_EPOCH' })
  await third.run('reading.close()')
  await deletes
})

test('an owner that is frozen again and again goes on as the owner that it was', async () => {
  for (const value of [2, 3, 4]) {
    await isFrozen()
    await owner.thaw()
    await owner.run('add()')
    expect(await owner.run('settled()')).toEqual({ value })
  }
  await isFrozen()
  const other = await open()
  expect(await other.run('start()')).toMatchObject({ value: { n: 4 } })
})

test('what is sent as the page hears that it is frozen is stored while it is', async () => {
  await owner.run(`document.addEventListener('freeze', () => void add())`)
  await isFrozen()
  const other = await open()
  expect(await other.run('start()')).toMatchObject({ value: { n: 2 } })
})

test('data that are deleted while their owner is frozen make it fail when it wakes', async () => {
  await isFrozen()
  await (await open('blank')).run(deleted)
  await owner.thaw()
  expect(await owner.run('reaches("failed")')).toBe('failed')
  expect(await owner.run('failure()')).toMatchObject({
    code: 'STORE_FAILED',
    message: expect.stringContaining('the data of the site are deleted'),
  })
  // Nor does it make them again.
  expect(await owner.run('databases()')).toEqual([])
  expect(await (await open()).run('start()')).toMatchObject({ value: { n: 0 } })
})

test('and nothing of it is written where another has begun anew, as often as it had been claimed', async () => {
  await isFrozen()
  await (await open('blank')).run(deleted)
  const other = await started()
  await other.run('close()')
  const stored = await other.run('stored()')
  expect(stored).toMatchObject({ epoch: 1 })
  await owner.thaw()
  expect(await owner.run('reaches("failed")')).toBe('failed')
  expect(await owner.run('failure()')).toMatchObject({ code: 'STORE_FAILED' })
  expect(await other.run('stored()')).toEqual(stored)
})

test('an owner whose database cannot be opened as it wakes opens it when it writes', async () => {
  await isFrozen()
  await owner.run(`{
    const { open } = IDBFactory.prototype
    IDBFactory.prototype.open = function (...given) {
      IDBFactory.prototype.open = open
      throw new DOMException('Internal error.', 'UnknownError')
    }
  }`)
  await owner.thaw()
  await owner.run('reaches("running")')
  await owner.run('add()')
  expect(await owner.run('settled()')).toEqual({ value: 2 })
})
