// @long: a Vite that serves sources, and a Chromium.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createServer, type ViteDevServer } from 'vite'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { REACT_APP, writeReactApp } from '../docs/react-app.js'
import { bringUpToDate } from '../kit/built.js'
import { Chromium, type Tab } from './kit/cdp.js'

const PAGE = {
  'index.html': '<!doctype html><div></div><script type="module" src="/main.tsx"></script>',
  // As a plugin for React does where a component is edited.
  'main.tsx': `
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { App } from './App.js'

const root = createRoot(document.querySelector('div')!)
const show = (Shown: typeof App) => root.render(<StrictMode><Shown /></StrictMode>)
show(App)
import.meta.hot?.accept('./App.js', (edited) => show(edited!.App))
`,
}

let browser: Chromium
let vite: ViteDevServer
let folder: string
let window: Awaited<ReturnType<Chromium['private']>>

beforeAll(async () => {
  bringUpToDate()
  folder = writeReactApp('react-vite', PAGE)
  vite = await createServer({
    configFile: false,
    root: folder,
    cacheDir: join(folder, '.vite'),
    logLevel: 'silent',
  })
  await vite.listen(0)
  browser = await Chromium.launch()
}, 180_000)
afterAll(async () => {
  await browser?.close()
  await vite?.close()
})
// Each has a store of its own.
beforeEach(async () => {
  window = await browser.private()
})
afterEach(() => window.close())

const opened = () => window.open(vite.resolvedUrls?.local[0] ?? '')

/** Waits until the page shows this. */
const shows = (tab: Tab, text: string) =>
  tab.run(`new Promise((shown) => {
    const look = () => document.body.innerText.includes(${JSON.stringify(text)}) ? shown() : setTimeout(look, 10)
    look()
  })`)

const press = (tab: Tab, label: string) =>
  tab.run(
    `[...document.querySelectorAll('button')].find(({ innerText }) => innerText.includes(${JSON.stringify(label)})).click()`,
  )

const edit = (file: string, change: (code: string) => string) =>
  writeFileSync(join(folder, file), change(REACT_APP.get(file) ?? ''))

test('a second tab says so, sends to the first, and takes over when it is asked to', async () => {
  const first = await opened()
  await shows(first, 'running')
  const second = await opened()
  await shows(second, 'Starting, or open in another tab.')
  await press(second, 'Press it there')
  await shows(first, 'on, running')
  await press(second, 'Use it here')
  await shows(second, 'on, running')
  await shows(first, 'Open in another tab.')
  await first.run('globalThis.sameDocument = true')
  await press(first, 'Use it here')
  await shows(first, 'on, running')
  await shows(second, 'Open in another tab.')
  expect(await first.run('sameDocument')).toBe(true)
})

test('a service that rests as the network is away is shown as that, and nothing of another tab', async () => {
  const tab = await opened()
  await shows(tab, 'off, running')
  const loaded = tab.loaded()
  edit('services.ts', (code) => code.replace('version: 1', "version: 1, pauseOn: ['offline']"))
  await loaded
  await shows(tab, 'off, running')
  await tab.network(false)
  await shows(tab, 'off, paused')
  await tab.network(true)
  await shows(tab, 'off, running')
})

test('a page that was frozen and has lost the store stands in line again', async () => {
  const first = await opened()
  await shows(first, 'running')
  const second = await opened()
  await first.freeze()
  await shows(second, 'running')
  await first.thaw()
  await first.show()
  await shows(first, 'StaleEpochError')
  const loaded = first.loaded()
  await press(first, 'Try again')
  await loaded
  await shows(first, 'Starting, or open in another tab.')
})

test('what is edited is shown: a component at once, a service after the page was loaded anew, from where it was', async () => {
  const tab = await opened()
  await shows(tab, 'off, running')
  await press(tab, 'off')
  await shows(tab, 'on, running')
  await tab.run('globalThis.sameDocument = true')
  edit('App.tsx', (code) => code.replace('{label}', '{label}!'))
  await shows(tab, 'on, running!')
  expect(await tab.run('sameDocument')).toBe(true)
  const loaded = tab.loaded()
  edit('services.ts', (code) =>
    code
      .replace("on: { on: { PRESS: 'off' } }", "bright: { on: { PRESS: 'off' } }")
      .replace("PRESS: 'on'", "PRESS: 'bright'")
      .replace('version: 1', "version: 2, migrations: { 1: (old) => ({ ...old, value: 'bright' }) }"),
  )
  await loaded
  await shows(tab, 'bright, running!')
})

test('what an edit, or another branch, has left without code that goes on from it is begun anew', async () => {
  const tab = await opened()
  const reloadedBy = async (change: (code: string) => string) => {
    const loaded = tab.loaded()
    edit('services.ts', change)
    await loaded
  }
  await shows(tab, 'running')
  // Whatever the test before has left there.
  const begins = "(old) => ({ ...old, value: 'off' })"
  const migrations = `version: 3, migrations: { 1: ${begins}, 2: ${begins} }`
  await reloadedBy((code) => code.replace('version: 1', migrations))
  await shows(tab, 'off, running')
  await press(tab, 'off')
  await shows(tab, 'on, running')
  await reloadedBy((code) =>
    code.replace('version: 1', migrations).replace('on: { on', 'dimmed: {}, on: { on'),
  )
  await shows(tab, 'StructureChangedError')
  await press(tab, 'Try again')
  await shows(tab, 'StructureChangedError')
  await press(tab, 'Begin anew')
  await shows(tab, 'off, running')
  await reloadedBy((code) => code)
  await shows(tab, 'NewerCheckpointError')
  await press(tab, 'Begin anew')
  await shows(tab, 'off, running')
})
