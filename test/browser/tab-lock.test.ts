// @long: tabs are frozen and slowed down for seconds.
import { describe, expect, test } from 'vitest'
import type { Tab } from './kit/cdp.js'
import { answers, appAndNewer, tabsOf } from './kit/tabs.js'

const { url, open, started } = tabsOf(appAndNewer)

/** A tab that waits for the store, with a promise of its start. */
async function waits(options = ''): Promise<{ readonly tab: Tab; readonly start: Promise<unknown> }> {
  const tab = await open()
  await tab.run(slowly)
  return { tab, start: tab.run(`start({ whenLocked: "wait", ${options} })`) }
}

/** Gives a page `slow(ms)`: from then on no timer of it comes earlier, as in one that is hidden. */
const slowly = `{
  const real = setTimeout
  globalThis.slow = (ms) => {
    globalThis.setTimeout = (call, wanted) => real(call, Math.max(ms, wanted))
  }
}`

/** Longer than a holder is given to answer, on the clock of another page. */
const aWhile = 'new Promise((later) => setTimeout(later, 1500))'

describe('a tab that waits', () => {
  test('and hangs itself takes nothing from an owner that answers', async () => {
    const owner = await started()
    const { tab, start } = await waits()
    await tab.run(answers(2))
    await tab.run('{ const began = performance.now(); while (performance.now() - began < 1500); }')
    await tab.show()
    // More than are asked before the lock is taken away.
    await tab.run(answers(6))
    expect(await owner.run('add()')).toEqual({ value: 1 })
    await owner.run('close()')
    expect(await start).toMatchObject({ value: { n: 1 } })
  })

  test('and was frozen takes nothing from an owner that answers', async () => {
    const owner = await started()
    const { tab, start } = await waits()
    await tab.run(answers(2))
    await tab.freeze()
    await owner.run(aWhile)
    await tab.thaw()
    await tab.show()
    await tab.run(answers(6))
    expect(await owner.run('add()')).toEqual({ value: 1 })
    await owner.run('close()')
    expect(await start).toMatchObject({ value: { n: 1 } })
  })

  test('and is slowed down in the background takes nothing from an owner that answers', async () => {
    const owner = await started()
    const { tab, start } = await waits('unansweredMs: 400')
    await tab.run('slow(500)')
    await tab.run(answers(6))
    expect(await owner.run('add()')).toEqual({ value: 1 })
    await owner.run('close()')
    expect(await start).toMatchObject({ value: { n: 1 } })
  })

  test('and is slowed down in the background takes over from one that is frozen', async () => {
    const owner = await started()
    await owner.run('add()')
    const { tab, start } = await waits('unansweredMs: 400')
    await tab.run('slow(500)')
    await owner.freeze()
    expect(await start).toMatchObject({ value: { n: 1 } })
  })
})

describe('an owner that has lost the store', () => {
  test('while it was frozen lets a third tab take over from the second, which is frozen too', async () => {
    const first = await started()
    await first.freeze()
    const second = await started()
    await second.run('add()')
    await first.thaw()
    expect(await first.run('reaches("failed")')).toBe('failed')
    await second.freeze()
    const third = await open()
    expect(await third.run('start({ whenLocked: "wait" })')).toMatchObject({ value: { n: 1 } })
  })

  test.each([
    ['and whose service fails', ''],
    ['and whose service rests', 'await pause()'],
  ])('while it was kept for “back” %s keeps nobody waiting', async (_how, before) => {
    const first = await started()
    await first.run(`(async () => { ${before} })()`)
    await first.go(url('blank'))
    const second = await started()
    await second.run('close()')
    await first.back()
    const third = await open()
    expect(await third.run('start({ whenLocked: "wait" })')).toMatchObject({ value: { n: 0 } })
  })

  test('as its site’s data were deleted says so, and keeps nobody waiting', async () => {
    const owner = await started()
    await owner.run('add()')
    const other = await open('blank')
    await other.run(
      'new Promise((resolve, reject) => { const asked = indexedDB.deleteDatabase("app"); asked.onsuccess = () => resolve(); asked.onerror = () => reject(asked.error) })',
    )
    expect(await owner.run('reaches("failed")')).toBe('failed')
    expect(await owner.run('failure()')).toMatchObject({
      code: 'STORE_FAILED',
      message: expect.stringContaining('the data of the site are deleted'),
    })
    // It has nowhere to store anything; what says that says what has.
    expect(await owner.run('retry()')).toMatchObject({
      error: { message: expect.stringContaining('Load the page anew, or make another supervisor') },
    })
    const next = await open()
    expect(await next.run('start()')).toMatchObject({ value: { n: 0 } })
  })

  test('to a newer version of the library gives way to it, and each service stops with a typed error', async () => {
    const owner = await started()
    await owner.run('add()')
    await owner.run('startAnother("other")')
    const newer = await open('newer')
    expect(await newer.run('start({ whenLocked: "wait" })')).toMatchObject({ value: { n: 1 } })
    const why = { code: 'NEWER_STORE', message: expect.stringContaining('has format 2, newer than format 1') }
    expect(await owner.run('reaches("failed")')).toBe('failed')
    expect(await owner.run('failure()')).toMatchObject({ ...why, key: 'app' })
    expect(await owner.run('otherFailure()')).toMatchObject({ ...why, key: 'other' })
    for (const key of ['third', 'fourth']) {
      await owner.run(`startAnother("${key}")`)
      expect(await owner.run('otherFailure()')).toMatchObject({ ...why, key })
    }
    expect(await newer.run('add()')).toEqual({ value: 2 })
  })

  test('while it hung stops with a typed error, though it writes nothing', async () => {
    const owner = await started()
    await owner.run('add()')
    const stood = owner.stoodStill()
    await owner.run('{ setTimeout(() => { debugger }); undefined }')
    await stood
    const next = await started()
    await owner.send('Debugger.resume')
    expect(await owner.run('reaches("failed")')).toBe('failed')
    expect(await owner.run('failure()')).toMatchObject({
      code: 'STALE_EPOCH',
      message: expect.stringContaining('epoch 1 was refused: the store is owned by epoch 2'),
    })
    expect(await next.run('add()')).toEqual({ value: 2 })
  })
})

describe('an owner that was frozen', () => {
  test('while nobody waited goes on as the owner that it was', async () => {
    const owner = await started()
    await owner.run('add()')
    await owner.freeze()
    await owner.thaw()
    // It rests for a moment as it goes on.
    await owner.run('add()')
    expect(await owner.run('settled()')).toEqual({ value: 2 })
    const other = await open()
    expect(await other.run('start()')).toMatchObject({ error: { code: 'STORE_LOCKED' } })
  })

  test('while more owners came and went than are told apart writes nothing over what the last one did', async () => {
    const owner = await started()
    await owner.run('add()')
    await owner.freeze()
    const next = await started()
    await next.run('add()')
    await next.run('close()')
    // As after ten thousand more claims.
    await next.run(`new Promise((resolve, reject) => {
      const asked = indexedDB.open('app')
      asked.onsuccess = () => {
        const transaction = asked.result.transaction('turn', 'readwrite')
        transaction.objectStore('turn').delete('over 1')
        transaction.onabort = () => reject(transaction.error)
        transaction.oncomplete = () => {
          asked.result.close()
          resolve()
        }
      }
    })`)
    const stored = await next.run('stored()')
    await owner.thaw()
    expect(await owner.run('reaches("failed")')).toBe('failed')
    expect(await owner.run('failure()')).toMatchObject({ code: 'STALE_EPOCH' })
    expect(await next.run('stored()')).toEqual(stored)
    expect(stored).toMatchObject({ epoch: 2 })
  })

  test('has given the store back: who does not wait is not refused', async () => {
    const owner = await started()
    await owner.run('add()')
    await owner.freeze()
    const other = await open()
    expect(await other.run('start()')).toMatchObject({ value: { n: 1 } })
  })
})
