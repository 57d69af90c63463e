// @long: a page is frozen, with its worker, for so long that its store is taken away.
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { Chromium, type Tab } from './kit/cdp.js'
import { bundle, site } from './kit/site.js'

let browser: Chromium
let pages: Awaited<ReturnType<typeof site>>

beforeAll(async () => {
  const [worker, page, started] = await Promise.all([
    bundle('worker.ts'),
    bundle('with-worker.ts'),
    Chromium.launch(),
  ])
  browser = started
  pages = await site({ worker, page })
})
afterAll(async () => {
  await browser?.close()
  await pages?.close()
})

const ask = (tab: Tab, asked: string) => tab.run<{ n: number; state: string }>(`ask('dedicated', '${asked}')`)

/** Does something in a transaction of the store, and gives what is its newest checkpoint then. */
const inStore = (work: string) => `new Promise((resolve, reject) => {
  const asked = indexedDB.open('worker')
  asked.onsuccess = () => {
    const transaction = asked.result.transaction(['turn', 'newest'], 'readwrite')
    ${work}
    const newest = transaction.objectStore('newest').get('k')
    transaction.onabort = () => reject(transaction.error)
    transaction.oncomplete = () => {
      asked.result.close()
      resolve({ sequence: newest.result.sequence, epoch: newest.result.epoch })
    }
  }
})`

test('a worker that stood still while more owners came and went than are told apart writes nothing over what the last one did', async () => {
  const one = await browser.open(pages.url('page'))
  await ask(one, 'ADD')
  const two = await browser.open(pages.url('page'))
  await one.freeze()
  expect(await ask(two, 'ADD')).toMatchObject({ n: 2 })
  // As after ten thousand more claims.
  const stored = await two.run(inStore(`transaction.objectStore('turn').delete('over 1')`))
  expect(stored).toMatchObject({ epoch: 2 })
  // It wakes to that.
  await one.run(`{ ask('dedicated', 'ADD'); undefined }`)
  await one.thaw()
  await vi.waitUntil(async () => (await ask(one, 'HOW')).state === 'failed')
  expect(await two.run(inStore(''))).toEqual(stored)
  expect(await ask(two, 'ADD')).toMatchObject({ n: 3 })
})
