import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, expect, onTestFinished, test } from 'vitest'
import { pageOf, root, snippets } from '../docs/snippets.js'
import { Chromium, type Tab } from './kit/cdp.js'
import { bundle, site } from './kit/site.js'

let browser: Chromium
let scripts: Readonly<Record<string, string>>
let pages: Awaited<ReturnType<typeof site>>

beforeAll(async () => {
  const [worker, page, started] = await Promise.all([
    bundle('worker.ts'),
    bundle('with-worker.ts'),
    Chromium.launch(),
  ])
  scripts = { worker, page }
  browser = started
})
afterAll(() => browser?.close())

// Each has an origin of its own.
beforeEach(async () => {
  pages = await site(scripts)
})
afterEach(() => pages.close())

interface Told {
  readonly n: number
  readonly state: string
  readonly life: string
  readonly knows: Readonly<Record<string, boolean>>
}

const open = (store = '') => browser.open(pages.url(`page${store}`))
const ask = (tab: Tab, kind: string, asked = 'HOW') => tab.run<Told>(`ask('${kind}', '${asked}')`)

/** What the documentation says that `browserHost` can hear in a worker, and no page’s life. */
const KNOWS = { page: false, battery: false, dataSaver: true, network: true, persistence: false }

test.each(['dedicated', 'shared', 'service'])(
  'a service in a %s worker rests while its page says so, and goes on when all tabs were closed',
  async (kind) => {
    const tab = await open()
    await ask(tab, kind, 'ADD')
    expect(await ask(tab, kind, 'ADD')).toMatchObject({ n: 2, state: 'running', knows: KNOWS })
    expect(await tab.run(`say('hidden')`)).toEqual({ done: '{"lifecycle":"hidden"}' })
    expect(await ask(tab, kind, 'ADD')).toMatchObject({ n: 2, state: 'paused' })
    await tab.close()
    const next = await open()
    await next.run(`ask('${kind}', 'HOW').then(() => say('resumed'))`)
    expect(await ask(next, kind, 'ADD')).toMatchObject({ n: 4, state: 'running' })
  },
)

test('a page tells its own dedicated worker, and not that of another tab', async () => {
  const [one, other] = [await open('?one'), await open('?other')]
  await ask(one, 'dedicated')
  await ask(other, 'dedicated')
  expect(await one.run(`say('hidden')`)).toEqual({ done: '{"lifecycle":"hidden"}' })
  expect(await ask(one, 'dedicated')).toMatchObject({ state: 'paused' })
  expect(await ask(other, 'dedicated', 'ADD')).toMatchObject({ n: 1, state: 'running' })
})

test('workers that share a channel are each told, and answer once', async () => {
  const [one, other] = [await open('?one'), await open('?other')]
  await ask(one, 'shared')
  await ask(other, 'shared')
  await one.run(
    `{ globalThis.all = new Promise((resolve) => { const heard = []; new BroadcastChannel('life').onmessage = ({ data }) => { if (heard.push(Object.keys(data)[0]) === 6) resolve(heard.sort()) } }); undefined }`,
  )
  await other.run(`say('hidden')`)
  await other.run(`say('visible')`)
  expect(await one.run('all')).toEqual(['done', 'done', 'done', 'done', 'lifecycle', 'lifecycle'])
})

test('a shared worker lives as long as one of its tabs', async () => {
  const [one, other] = [await open(), await open()]
  const { life } = await ask(one, 'shared', 'ADD')
  expect(await ask(other, 'shared', 'ADD')).toMatchObject({ n: 2, life })
  await one.close()
  expect(await ask(other, 'shared', 'ADD')).toMatchObject({ n: 3, life })
})

test('a service worker that the browser stops is another one at the next message, and goes on', async () => {
  const tab = await open()
  const { life } = await ask(tab, 'service', 'ADD')
  await tab.send('ServiceWorker.enable')
  await tab.send('ServiceWorker.stopAllWorkers')
  const after = await ask(tab, 'service', 'ADD')
  expect(after).toMatchObject({ n: 2, state: 'running' })
  expect(after.life).not.toBe(life)
})

/** The page and the worker of the documentation, and what shows that they work. */
async function documented(before: string) {
  const code = snippets(pageOf('docs/platforms.md'), 'js').find(({ code }) =>
    code.startsWith('// In the page'),
  )?.code
  const [page, worker] = (code ?? '').split('// In the worker')
  const folder = join(root, 'dist', 'docs', 'worker')
  mkdirSync(folder, { recursive: true })
  writeFileSync(
    join(folder, 'page.js'),
    `${before}
${page}
const states = new Set()
worker.addEventListener('message', ({ data }) => states.add(data))
globalThis.becomes = (state) => new Promise((come) => {
  const look = () => states.has(state) ? come(states.delete(state)) : setTimeout(look, 5)
  look()
})`,
  )
  writeFileSync(
    join(folder, 'worker.js'),
    `import { createSupervisor, defineService } from 'tardigrade'
import { browserHost } from 'tardigrade/hosts/browser'
import { embedderHost, messagePort } from 'tardigrade/hosts/embedder'
import { memoryStore } from 'tardigrade/stores/memory'
import { createMachine } from 'xstate'
${worker}
const definition = defineService({ id: 'poller', version: 1, pauseOn: ['background'], machine: createMachine({}) })
const supervisor = await createSupervisor({ store: memoryStore(), host })
const poller = await supervisor.start(definition)
poller.subscribe(({ value }) => postMessage(value))
postMessage(poller.getSnapshot().value)`,
  )
  const bundled = (name: string) => bundle(join(folder, `${name}.js`))
  return { page: await bundled('page'), worker: await bundled('worker') }
}

test('a worker of the documentation hears that its page is hidden from the start, and when it is shown', async () => {
  const hidden = `let visibility = 'hidden'
Object.defineProperty(document, 'visibilityState', { get: () => visibility })
globalThis.show = () => { visibility = 'visible'; document.dispatchEvent(new Event('visibilitychange')) }`
  const documentation = await site(await documented(hidden))
  onTestFinished(documentation.close)
  const tab = await browser.open(documentation.url('page'))
  expect(await tab.run(`becomes('paused')`)).toBe(true)
  expect(await tab.run(`show(), becomes('running')`)).toBe(true)
})
