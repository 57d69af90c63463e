import { afterAll, beforeAll, expect, test } from 'vitest'
import { storeCases } from '../../src/testing/contract/store/verify-store.js'
import { Chromium } from './kit/cdp.js'
import { bundle, site } from './kit/site.js'

let browser: Chromium
let pages: Awaited<ReturnType<typeof site>>

beforeAll(async () => {
  const [script, started] = await Promise.all([bundle('contract.ts'), Chromium.launch()])
  browser = started
  pages = await site({ contract: script })
})

afterAll(async () => {
  await browser?.close()
  await pages?.close()
})

test('the store in IndexedDB keeps the contract of stores, in a real browser', async () => {
  const tab = await browser.open(pages.url('contract'))
  const seed = Math.floor(Math.random() * 2 ** 31)
  const report = await tab.run<{ cases: readonly string[] }>(`contract(${seed})`)
  expect(report.cases).toEqual(storeCases)
})

test('a batch that fails has nothing of another one refused', async () => {
  const tab = await browser.open(pages.url('contract'))
  const ok = { ok: true }
  expect(await tab.run('beside()')).toEqual({ failed: 'failed', innocent: [ok, ok], again: [ok] })
})
