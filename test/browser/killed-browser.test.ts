// @long: the browser is started again and again.
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs'
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { Chromium, type Tab } from './kit/cdp.js'
import { logIn } from './kit/log.js'
import { bundle, site } from './kit/site.js'

let script: string
let pages: Awaited<ReturnType<typeof site>>
let browser: Chromium

beforeAll(async () => {
  script = await bundle('app.ts')
})
beforeEach(async () => {
  ;[pages, browser] = await Promise.all([site({ app: script }), Chromium.launch()])
})
afterEach(async () => {
  await browser.close()
  await pages.close()
})

/** Kills the browser, does something to the log of its databases, and starts it again. */
async function killed(harm: (log: string) => void): Promise<void> {
  await browser.kill()
  harm(logIn(browser.folder))
  browser = await Chromium.launch(browser.folder)
}

async function adds(count: number): Promise<Tab> {
  const tab = await browser.open(pages.url('app'))
  await tab.run('start()')
  for (let added = 0; added < count; added++) await tab.run('add()')
  return tab
}

/** The head of a record of LevelDB of 201 bytes (https://github.com/google/leveldb/blob/main/doc/log_format.md), whose body never came. */
const HEAD = Buffer.from([1, 2, 3, 4, 201, 0, 1])

test('a browser that was killed between the head and the body of a record keeps what came before and what comes after', async () => {
  await adds(3)
  await killed((log) => appendFileSync(log, HEAD))
  await adds(4)
  await killed(() => {})
  const tab = await adds(0)
  expect(await tab.run('context()')).toMatchObject({ n: 7 })
  expect(await tab.run('warnings()')).toEqual([])
})

/** Damages the log so that the browser finds it damaged, and drops all databases. */
function damage(log: string): void {
  const bytes = readFileSync(log)
  bytes.fill(0xff, 1000, 1100)
  writeFileSync(log, bytes)
}

/** Has something else come instead of the first look at the owner. */
const insteadOfLooking = (what: string) => `{
  const real = IDBObjectStore.prototype.get
  IDBObjectStore.prototype.get = function (...given) {
    if (this.name !== 'owner') return real.apply(this, given)
    IDBObjectStore.prototype.get = real
    ${what}
    return real.apply(this, given)
  }
}`

test.each([
  ['was robbed', 'navigator.locks.request("tardigrade:app", { steal: true }, () => {})', { value: { n: 0 } }],
  ['failed', 'throw new Error("not now")', { error: { code: 'STORE_FAILED' } }],
])('a loss that a claim has heard of and that %s is told by the next one', async (_how, what, answer) => {
  await adds(3)
  await killed(damage)
  const tab = await browser.open(pages.url('app'))
  await tab.run(insteadOfLooking(what))
  expect(await tab.run('start()')).toMatchObject(answer)
  if ('error' in answer) await tab.run('start()')
  expect(await tab.run('warnings()')).toMatchObject([{ code: 'STORE_DROPPED' }])
  await tab.run('close()')
  await tab.run('start()')
  expect(await tab.run('warnings()')).toHaveLength(1)
})

test('databases that the browser has found damaged and dropped are told, and the store goes on anew', async () => {
  await adds(3)
  await killed(damage)
  const tab = await adds(1)
  expect(await tab.run('context()')).toMatchObject({ n: 1 })
  expect(await tab.run('warnings()')).toMatchObject([
    { code: 'STORE_DROPPED', message: expect.stringContaining('checkpoints that were in the store app') },
  ])
  await killed(() => {})
  const next = await adds(0)
  expect(await next.run('context()')).toMatchObject({ n: 1 })
  expect(await next.run('warnings()')).toEqual([])
})

test('what a page that died as it began a new log has left is taken away by the next', async () => {
  const tab = await browser.open(pages.url('app'))
  await tab.run(
    'new Promise((made) => { indexedDB.open("app, new log 0.5").onsuccess = ({ target }) => { target.result.close(); made() } })',
  )
  await tab.run('start()')
  const gone =
    'indexedDB.open("app, new log 0.5").onupgradeneeded = ({ target }) => target.transaction.abort()'
  await tab.run(`{ ${gone}; undefined }`)
  expect(await tab.run('databases()')).toEqual(['app'])
})
