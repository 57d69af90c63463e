// @long: tabs are frozen and waited for.
import { describe, expect, test } from 'vitest'
import { bundle } from './kit/site.js'
import { tabsOf } from './kit/tabs.js'

const { url, open, started } = tabsOf(async () => ({ app: await bundle('app.ts'), blank: '' }))
/** A service that pauses in the background and offline. */
const PAUSES = 'app?pauses'

describe('a page', () => {
  test('that is hidden pauses what says so, durably, and goes on when it is shown', async () => {
    const tab = await started(PAUSES)
    await tab.run('add()')
    const other = await open('blank')
    await other.show()
    expect(await tab.run('reaches("paused")')).toBe('paused')
    expect(await tab.run('stored()')).toMatchObject({ phase: 'paused' })
    await tab.show()
    expect(await tab.run('reaches("running")')).toBe('running')
    expect(await tab.run('context()')).toMatchObject({
      n: 1,
      resumed: [{ interruptions: ['background'], crashed: false }],
    })
  })

  test('whose tab is closed gives the store to the next, with all that was acknowledged', async () => {
    const tab = await started()
    await tab.run('add()')
    await tab.close()
    const next = await open()
    expect(await next.run('start({ whenLocked: "wait" })')).toMatchObject({ value: { n: 1 } })
  })

  test('that was kept for “back” goes on when it is shown again, as the owner that it was', async () => {
    const tab = await started()
    await tab.run('add()')
    await tab.run('addEventListener("pageshow", (event) => { globalThis.kept = event.persisted })')
    await tab.go(url('blank'))
    await tab.back()
    expect(await tab.run('globalThis.kept')).toBe(true)
    expect(await tab.run('reaches("running")')).toBe('running')
    expect(await tab.run('add()')).toEqual({ value: 2 })
    expect(await tab.run('context()')).toMatchObject({ resumed: [{ interruptions: ['frozen'] }] })
    // Its lock is its own again.
    const other = await open()
    expect(await other.run('start()')).toMatchObject({ error: { code: 'STORE_LOCKED' } })
  })

  test('that was kept for “back” while another took the store over finds that out and stops', async () => {
    const tab = await started()
    await tab.run('add()')
    await tab.go(url('blank'))
    const other = await open()
    expect(await other.run('start()')).toMatchObject({ value: { n: 1 } })
    await other.run('add()')
    await tab.back()
    expect(await tab.run('reaches("failed")')).toBe('failed')
    expect(await tab.run('failure()')).toMatchObject({ code: 'STALE_EPOCH' })
    expect(await other.run('add()')).toEqual({ value: 3 })
  })

  test('that is offline pauses what says so, and goes on when the network is back', async () => {
    const tab = await started(PAUSES)
    await tab.network(false)
    expect(await tab.run('reaches("paused")')).toBe('paused')
    await tab.network(true)
    expect(await tab.run('reaches("running")')).toBe('running')
    expect(await tab.run('context()')).toMatchObject({ resumed: [{ interruptions: ['offline'] }] })
  })

  test('whose quota is used up fails with a typed error, keeps what was stored, and goes on when there is room', async () => {
    const { origin } = new URL(url(''))
    const tab = await open()
    // The browser looks at the quota from time to time: it must have this one before it asks first.
    await tab.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: 2_000_000 })
    await tab.run('start()')
    await tab.run('add()')
    const { sequence } = await tab.run<{ sequence: number }>('stored()')
    await tab.run('fill()')
    expect(await tab.run('add("x".repeat(30_000))')).toMatchObject({ error: { code: 'STORE_FULL' } })
    expect(await tab.run('reaches("failed")')).toBe('failed')
    expect(await tab.run('stored()')).toMatchObject({ sequence })
    await tab.send('Storage.overrideQuotaForOrigin', { origin })
    expect(await tab.run('retry()')).toEqual({})
    expect(await tab.run('add()')).toEqual({ value: 2 })
  })
})

describe('two tabs', () => {
  test('one owns the store; the other is refused, or waits until the owner has gone', async () => {
    const owner = await started()
    const other = await open()
    const { error } = await other.run<{ error: { code: string; message: string } }>('start()')
    expect(error.code).toBe('STORE_LOCKED')
    expect(error.message).toMatch(/^The store app is in use by tab \d+\. Close that tab/)
    const waiting = other.run('start({ whenLocked: "wait" })')
    await owner.run('add()')
    // Longer than an owner that answers nothing is given.
    await owner.run('new Promise((later) => setTimeout(later, 1500))')
    expect(await owner.run('add()')).toEqual({ value: 2 })
    await owner.run('close()')
    expect(await waiting).toMatchObject({ value: { n: 2 } })
  })

  test('one that claims the store twice is told that it has it itself', async () => {
    const owner = await started()
    expect(await owner.run('start()')).toMatchObject({
      error: {
        message: expect.stringMatching(
          /^The store app is in use by this tab itself, \d+\. Close the supervisor/,
        ),
      },
    })
  })

  test('one that does not own the store sends to the one that does', async () => {
    const owner = await started()
    const other = await open()
    const asked = 'call({ type: "send", key: "app", event: { type: "ADD" }, eventKey: "e1" })'
    expect(await other.run(asked)).toMatchObject({ value: { outcome: 'applied' } })
    expect(await other.run(asked)).toMatchObject({ value: { outcome: 'seen' } })
    expect(await owner.run('context()')).toMatchObject({ n: 1 })
    await owner.close()
    // It may still hear while it ends.
    const { error } = await other.run<{ error?: { code: string } }>(asked)
    expect(['OWNER_UNREACHABLE', 'OWNER_GONE', 'SUPERVISOR_CLOSED']).toContain(error?.code)
  })

  test('an owner that is frozen loses the store to who waits, and stops with a typed error when it wakes', async () => {
    const owner = await started()
    await owner.run('add()')
    await owner.freeze()
    const other = await open()
    expect(await other.run('start({ whenLocked: "wait" })')).toMatchObject({ value: { n: 1 } })
    expect(await other.run('add()')).toEqual({ value: 2 })
    await owner.thaw()
    expect(await owner.run('reaches("failed")')).toBe('failed')
    expect(await owner.run('failure()')).toMatchObject({ code: 'STALE_EPOCH' })
    expect(await owner.run('add()')).toMatchObject({ error: { code: 'SERVICE_ENDED' } })
    expect(await other.run('add()')).toEqual({ value: 3 })
    expect(await other.run('stored()')).toMatchObject({ epoch: 2 })
  })

  test('one that asks is answered by the owner alone, and not by one that was frozen and lost the store', async () => {
    const former = await started()
    await former.freeze()
    const owner = await started()
    await former.thaw()
    await former.run('reaches("failed")')
    const other = await open()
    for (let n = 1; n <= 20; n++) {
      const asked = `call({ type: "send", key: "app", event: { type: "ADD" }, eventKey: "e${n}" })`
      expect(await other.run(asked)).toMatchObject({ value: { outcome: 'applied' } })
    }
    expect(await owner.run('context()')).toMatchObject({ n: 20 })
  })

  test('one that asks while the owner is frozen is told so soon, and nothing of that is done later', async () => {
    const owner = await started()
    await owner.freeze()
    const other = await open()
    const asked = (key: string) =>
      other.run(`call({ type: "send", key: "app", event: { type: "ADD" }, eventKey: "${key}" })`)
    expect(await asked('e1')).toMatchObject({ error: { code: 'OWNER_UNREACHABLE' } })
    await owner.thaw()
    // It rests for a moment as it goes on.
    await owner.run('settled()')
    expect(await asked('e2')).toMatchObject({ value: { outcome: 'applied' } })
    expect(await owner.run('context()')).toMatchObject({ n: 1 })
  })

  test('an owner that is frozen in the middle of its work keeps nobody waiting, and loses nothing that it acknowledged', async () => {
    for (let round = 1; round <= 5; round++) {
      const owner = await started()
      await owner.run('{ addForEver(); undefined }')
      await owner.freeze()
      const other = await open()
      // The frozen one is frozen until the end of the round: a transaction of its that were still open would stop all others.
      expect(await other.run('start({ whenLocked: "wait", unansweredMs: 0 })')).toMatchObject({ value: {} })
      expect(await other.run('add()')).toMatchObject({ value: expect.any(Number) })
      await other.run('close()')
      await other.close()
      await owner.close()
    }
  })

  test('a newer version of the library is not kept waiting, and the older one stops with a typed error', async () => {
    const owner = await started()
    await owner.run('add()')
    const newer = await open('blank')
    const upgrade =
      'new Promise((resolve, reject) => { const asked = indexedDB.open("app", 2); asked.onsuccess = () => resolve(asked.result.version); asked.onerror = () => reject(asked.error) })'
    expect(await newer.run(upgrade)).toBe(2)
    expect(await owner.run('reaches("failed")')).toBe('failed')
    expect(await owner.run('failure()')).toMatchObject({ code: 'NEWER_STORE' })
    const late = await open()
    expect(await late.run('start({ whenLocked: "wait", unansweredMs: 0 })')).toMatchObject({
      error: { code: 'NEWER_STORE' },
    })
  })
})
