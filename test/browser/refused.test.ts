import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { Chromium } from './kit/cdp.js'
import { bundle, site } from './kit/site.js'

/** Chromium's number for “keep no data of sites”. */
const BLOCKED = 2

test('a browser that the user has keep nothing of sites is told as that, with what to do', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'chromium-'))
  mkdirSync(join(folder, 'Default'))
  const preferences = { profile: { default_content_setting_values: { cookies: BLOCKED } } }
  writeFileSync(join(folder, 'Default', 'Preferences'), JSON.stringify(preferences))
  const [pages, browser] = await Promise.all([site({ app: await bundle('app.ts') }), Chromium.launch(folder)])
  onTestFinished(async () => {
    await browser.close()
    await pages.close()
  })
  const tab = await browser.open(pages.url('app'))
  expect(await tab.run('start()')).toMatchObject({
    error: { code: 'STORE_NOT_WRITABLE', message: expect.stringContaining('use memoryStore()') },
  })
})

/** What browsers do where a page may not store, and Chromium does otherwise. */
const REFUSALS = {
  'the name of it is refused': `Object.defineProperty(window, 'indexedDB', {
    get() { throw new DOMException('The operation is insecure.', 'SecurityError') },
  })`,
  'what is opened takes no changes': `IDBFactory.prototype.open = () => {
    throw new DOMException('A mutation operation was attempted on a database that did not allow mutations.', 'InvalidStateError')
  }`,
}

test('storage that a browser refuses by other ways is told as that as well', async () => {
  const [pages, browser] = await Promise.all([site({ app: await bundle('app.ts') }), Chromium.launch()])
  onTestFinished(async () => {
    await browser.close()
    await pages.close()
  })
  for (const refuse of Object.values(REFUSALS)) {
    const tab = await browser.open(pages.url('app'))
    await tab.run(`{ ${refuse}; undefined }`)
    expect(await tab.run('start()')).toMatchObject({
      error: {
        code: 'STORE_NOT_WRITABLE',
        message: expect.stringMatching(/\w\. Have the browser keep data/),
      },
    })
  }
})

test('a database of another program under the name of the store is told with what to do in a browser', async () => {
  const [pages, browser] = await Promise.all([site({ app: await bundle('app.ts') }), Chromium.launch()])
  onTestFinished(async () => {
    await browser.close()
    await pages.close()
  })
  const tab = await browser.open(pages.url('app'))
  await tab.run(`new Promise((made) => {
    const asked = indexedDB.open('app', 1)
    asked.onupgradeneeded = () => asked.result.createObjectStore('theirs')
    asked.onsuccess = () => made(asked.result.close())
  })`)
  const { error } = await tab.run<{ error: { code: string; message: string } }>('start()')
  expect(error.code).toBe('STORE_DAMAGED')
  expect(error.message).toMatch(/has no .*Nothing was changed\. Give the store another name/)
})
