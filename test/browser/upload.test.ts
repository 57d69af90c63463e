import { createHash, randomBytes } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import type { IncomingMessage } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build } from 'vite'
import { afterAll, beforeAll, expect, onTestFailed, onTestFinished, test } from 'vitest'
import { serve } from '../../examples/upload/server.js'
import { Chromium, type Tab } from './kit/cdp.js'

const CHUNK = 1 << 20

const folder = mkdtempSync(join(tmpdir(), 'upload-'))
const uploads = join(folder, 'uploads')
/** The chunks that came, by their first byte, in order. */
const came: number[] = []
/** Answers wait for it. */
let before: (at: number) => Promise<void> = async () => {}
let browser: Chromium
let server: Awaited<ReturnType<typeof serve>>

const firstByteOf = ({ headers }: IncomingMessage) =>
  Number(/^bytes (\d+)-/.exec(String(headers['content-range']))?.[1] ?? Number.NaN)

beforeAll(async () => {
  const page = join(folder, 'page')
  const built = build({
    configFile: 'examples/upload/vite.config.ts',
    logLevel: 'error',
    build: { outDir: page },
  })
  const [started] = await Promise.all([Chromium.launch(), built])
  browser = started
  server = await serve({
    page,
    uploads,
    port: 0,
    before: async (request) => {
      const at = firstByteOf(request)
      if (Number.isNaN(at)) return
      came.push(at)
      await before(at)
    },
  })
})

afterAll(async () => {
  await browser?.close()
  await server?.close()
  rmSync(folder, { recursive: true, force: true })
})

/** Waits until the page shows an upload in this state, and gives its text. */
const shown = (tab: Tab, state: string) =>
  tab.onceThere<string>(`li[data-state=${state}]`, '(row) => row.textContent')

/** Has a page remove its upload, and closes it; the server forgets it, too. */
async function emptied(tab: Tab): Promise<void> {
  await tab.run('document.querySelector("li button:last-of-type").click()')
  const gone =
    'new Promise((gone) => { const look = () => (document.querySelector("li") ? requestAnimationFrame(look) : gone()); look() })'
  await tab.run(gone)
  await tab.close()
  rmSync(uploads, { recursive: true })
  before = async () => {}
  came.length = 0
}

test('an empty file is uploaded, too', async () => {
  const path = join(folder, 'empty.txt')
  writeFileSync(path, '')
  const tab = await browser.open(server.address)
  await tab.choose('input[type=file]', [path])
  await tab.onceThere('button[type=submit]', '(button) => button.click()')
  expect(await shown(tab, 'done')).toContain(createHash('sha256').update('').digest('hex'))
  const [name] = readdirSync(uploads, { recursive: true, encoding: 'utf8' }).filter((one) =>
    one.endsWith('empty.txt'),
  )
  expect(readFileSync(join(uploads, name ?? '')).length).toBe(0)
  await emptied(tab)
}, 60_000)

test('a tab that was frozen while another one took its uploads says so when it wakes, and how to go on', async () => {
  const path = join(folder, 'other.bin')
  writeFileSync(path, randomBytes(2 * CHUNK))
  let begin: () => void = () => {}
  let goOn: () => void = () => {}
  const second = new Promise<void>((resolve) => {
    begin = resolve
  })
  const held = new Promise<void>((resolve) => {
    goOn = resolve
  })
  before = async (at) => {
    if (at !== CHUNK) return
    begin()
    await held
  }
  const tab = await browser.open(server.address)
  await tab.choose('input[type=file]', [path])
  await tab.onceThere('button[type=submit]', '(button) => button.click()')
  await second
  await tab.freeze()
  const other = await browser.open(server.address)
  await other.onceThere('li', '() => undefined')
  goOn()
  await shown(other, 'done')
  await tab.thaw()
  const text = await shown(tab, 'failed')
  expect(text).toContain('Another tab has the uploads now.')
  expect(text).not.toContain('Uploading')
  expect(text).toContain('Load this page anew')
  expect(text).not.toContain('Try again')
  await tab.close()
  await emptied(other)
}, 60_000)

test('the tab is closed in the middle of a large file, and the next one goes on at the same chunk', async () => {
  const content = randomBytes(5 * CHUNK + 123)
  const path = join(folder, 'holiday ü.bin')
  writeFileSync(path, content)
  let third: () => void = () => {}
  const inTheMiddle = new Promise<void>((resolve) => {
    third = resolve
  })
  const over = new Promise<void>((resolve) => onTestFinished(() => resolve()))
  before = async (at) => {
    if (at !== 2 * CHUNK) return
    third()
    // Else the server would keep as much of it as has come, and the next tab would go on within the chunk.
    await over
  }

  const tab = await browser.open(server.address)
  let seen = tab
  onTestFailed(async () => {
    const look = seen.run('document.body.innerText').catch(String)
    console.error('The page:', await look, '\nThe chunks that came:', came)
  })
  await tab.choose('input[type=file]', [path])
  await tab.onceThere('button[type=submit]', '(button) => button.click()')
  await inTheMiddle
  expect(await shown(tab, 'running')).toContain('2.1 MB of 5.2 MB, chunk 3 of 6')
  await tab.close()
  before = async () => {}

  const again = await browser.open(server.address)
  seen = again
  const text = await shown(again, 'done')
  const sha256 = createHash('sha256').update(content).digest('hex')
  expect(text).toContain('holiday ü.bin')
  expect(text).toContain(sha256)
  const [key = ''] = readdirSync(uploads)
  expect(readFileSync(join(uploads, key, 'holiday ü.bin')).equals(content)).toBe(true)
  // Nothing of it stays behind in the page's file system.
  const left = `(async () => (await Array.fromAsync((await navigator.storage.getDirectory()).keys())).length)()`
  expect(await again.run(left)).toBe(0)
  // The chunk that was in flight may come twice, and no other.
  expect(came.filter((at, index) => at !== 2 * CHUNK || came.indexOf(at) === index)).toEqual(
    [0, 1, 2, 3, 4, 5].map((n) => n * CHUNK),
  )
}, 60_000)
