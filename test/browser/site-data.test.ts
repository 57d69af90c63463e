// What a browser keeps of a site, and for how long.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { Chromium } from './kit/cdp.js'
import { bundle, site } from './kit/site.js'

let browser: Chromium
let script: string
let pages: Awaited<ReturnType<typeof site>>

beforeAll(async () => {
  ;[script, browser] = await Promise.all([bundle('app.ts'), Chromium.launch()])
})
afterAll(() => browser?.close())

// Each has an origin of its own.
beforeEach(async () => {
  pages = await site({ app: script })
})
afterEach(() => pages.close())

const open = () => browser.open(pages.url('app'))

describe('a private window', () => {
  test('keeps what it was given as long as it is open, and its tabs one owner; the next one begins anew', async () => {
    const first = await browser.private()
    const tab = await first.open(pages.url('app'))
    await tab.run('start()')
    await tab.run('add()')
    const other = await first.open(pages.url('app'))
    expect(await other.run('start()')).toMatchObject({ error: { code: 'STORE_LOCKED' } })
    await tab.close()
    expect(await other.run('start({ whenLocked: "wait" })')).toMatchObject({ value: { n: 1 } })
    await first.close()
    const second = await browser.private()
    const anew = await second.open(pages.url('app'))
    expect(await anew.run('start()')).toMatchObject({ value: { n: 0 } })
    await second.close()
  })
})

describe('what is asked of the browser', () => {
  const counted = `{ globalThis.asked = 0; navigator.storage.persist = async () => { asked++; return false }; undefined }`

  test.each([
    ['{ persist: true }', 1],
    ['{ persist: undefined }', 1],
    ['{ persist: false }', 0],
  ])('to keep the data, with %s: %i times', async (options, times) => {
    const tab = await open()
    await tab.run(counted)
    await tab.run(`start(${options})`)
    expect(await tab.run('asked')).toBe(times)
  })

  test('a browser that refuses to answer that keeps nobody from starting', async () => {
    const tab = await open()
    await tab.run(`{ navigator.storage.persist = () => Promise.reject(new Error('not here')); undefined }`)
    expect(await tab.run('start({ persist: true })')).toMatchObject({ value: { n: 0 } })
  })
})
