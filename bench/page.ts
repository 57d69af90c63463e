import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { type Browser, type CDPSession, chromium, type Page } from 'playwright-core'
import { createSupervisor, defineService, type Service } from 'tardigrade'
import { memoryStore } from 'tardigrade/stores/memory'
import { assign, createMachine } from 'xstate'
import { CHROMIUM_FLAGS, foundChromium } from '../test/kit/chromium.js'
import { median, type Row } from './kit.js'

const BUILT = fileURLToPath(new URL('../visualizer/', import.meta.url))
const PER_SECOND = 5000
/** Sends come together this often. */
const TICK_MS = 5
const MEASURED_MS = 10_000
/** By then the page has as many moments as it keeps. */
const FILLED_MS = 30_000
const MINUTE_MS = 60_000
const OPENINGS = 5

const flat = createMachine({
  id: 'flat',
  context: { n: 0 },
  initial: 's0',
  states: Object.fromEntries(
    Array.from({ length: 200 }, (_, at) => [
      `s${at}`,
      {
        entry: assign({ n: ({ context }: { context: { n: number } }) => context.n + 1 }),
        on: { NEXT: `s${(at + 1) % 200}`, JUMP: `s${(at * 7) % 200}` },
      },
    ]),
  ),
})

const grouped = createMachine({
  id: 'grouped',
  initial: 'g0',
  states: Object.fromEntries(
    Array.from({ length: 100 }, (_, at) => [
      `g${at}`,
      {
        initial: 's0',
        on: { OUT: `g${(at + 1) % 100}` },
        states: Object.fromEntries(
          Array.from({ length: 9 }, (_, in_) => [
            `s${in_}`,
            { on: { NEXT: `s${(in_ + 1) % 9}`, [`FAR${in_}`]: `#grouped.g${(at * 3 + in_) % 100}` } },
          ]),
        ),
      },
    ]),
  ),
})

/** The page in a real browser, beside a process that it looks at. `--minutes N`: how long the flood goes on. */
export async function benchPage(minutes = 1): Promise<Row[]> {
  const executablePath = foundChromium()
  if (executablePath === undefined) {
    console.log('  There is no Chromium: install one, or set CHROME_PATH. Nothing was measured of the page.')
    return []
  }
  const browser = await chromium.launch({ executablePath, headless: true, args: [...CHROMIUM_FLAGS] })
  const supervisor = await createSupervisor({
    store: memoryStore(),
    inspect: { port: 0, onListening: () => {} },
  })
  try {
    const address = supervisor.inspectAddress ?? ''
    const service = await supervisor.start(defineService({ id: 'flat', version: 1, machine: flat }), {
      key: 'flat',
    })
    await supervisor.start(defineService({ id: 'grouped', version: 1, machine: grouped }), { key: 'grouped' })
    return [
      scriptRow(),
      await paintRow(browser, address),
      await layoutRow(browser, address, 'flat', 201, 'a chart of 200 states, laid out and drawn'),
      await layoutRow(browser, address, 'grouped', 101, 'a chart of 1,000 states, folded'),
      ...(await flood(browser, address, service, minutes)),
    ]
  } finally {
    await supervisor.close()
    await browser.close()
  }
}

function scriptRow(): Row {
  const html = readFileSync(`${BUILT}index.html`, 'utf8')
  // What it cannot begin without counts with it.
  const paths = [
    ...html.matchAll(/<(?:script[^>]*src|link[^>]*rel="modulepreload"[^>]*href)="\.\/([^"]+\.js)"/g),
  ]
  const bytes = paths
    .map(([, path = '']) => gzipSync(readFileSync(BUILT + path), { level: 9 }).length)
    .reduce((sum, one) => sum + one, 0)
  const figure = `${(bytes / 1000).toFixed(1)} kB`
  return row('the page’s first script with what it preloads, gzipped', figure, '< 60 kB', bytes < 60_000)
}

async function paintRow(browser: Browser, address: string): Promise<Row> {
  const paints: number[] = []
  for (let opening = 0; opening < OPENINGS; opening++) {
    const { page, close } = await opened(browser, address)
    await page.getByRole('listbox', { name: 'Services' }).getByRole('option').first().waitFor()
    const paint = `performance.getEntriesByName('first-contentful-paint')[0]?.startTime`
    paints.push(await page.evaluate<number>(paint))
    await close()
  }
  const ms = median(paints)
  return row('first paint of the page, browser warm', `${Math.round(ms)} ms`, '≤ 1 s', ms <= 1000)
}

/** From the choice of a service to its last box, in a page that has drawn nothing before. */
async function layoutRow(
  browser: Browser,
  address: string,
  key: string,
  boxes: number,
  what: string,
): Promise<Row> {
  const times: number[] = []
  for (let opening = 0; opening < OPENINGS; opening++) {
    const { page, close } = await opened(browser, address)
    await page.getByRole('option').getByText(key, { exact: true }).first().waitFor()
    times.push(
      await page.evaluate<number>(`new Promise((resolve) => {
        const row = [...document.querySelectorAll('[role=option]')].find((one) => one.querySelector('.key')?.textContent === '${key}')
        const began = performance.now()
        row.click()
        const look = () => {
          if (document.querySelectorAll('.drawing .box').length >= ${boxes}) resolve(performance.now() - began)
          else requestAnimationFrame(look)
        }
        look()
      })`),
    )
    await close()
  }
  const ms = median(times)
  return row(what, `${(ms / 1000).toFixed(2)} s`, '≤ 2 s', ms <= 2000)
}

/** Transitions come without end into a page that shows the chart that takes them. */
async function flood(
  browser: Browser,
  address: string,
  service: Service<typeof flat>,
  minutes: number,
): Promise<readonly Row[]> {
  const { page, close } = await opened(browser, `${address}&service=flat`)
  await page.locator('.drawing .box').nth(200).waitFor({ state: 'attached' })
  const session = await page.context().newCDPSession(page)
  const sending = sendSteadily(service)
  const frames = await page.evaluate<number>(`new Promise((resolve) => {
    let count = 0
    const began = performance.now()
    const frame = (now) => {
      if (now - began >= ${MEASURED_MS}) resolve(count / (now - began) * 1000)
      else { count++; requestAnimationFrame(frame) }
    }
    requestAnimationFrame(frame)
  })`)
  await passed(Math.max(0, FILLED_MS - MEASURED_MS))
  const filled = await heapOf(session)
  await passed(Math.max(0, minutes * MINUTE_MS - FILLED_MS))
  const end = await heapOf(session)
  const { sent, perSecond } = await sending.stop()

  // The page has come to where the service is, and tells how many entries were missing on the way, also in lines that it has let go since.
  await page
    .locator('.details .tree')
    .getByText(`${sent + 1}`, { exact: true })
    .waitFor({ timeout: 30_000 })
  const missing = Number(await page.locator('.app').getAttribute('data-missing'))
  await close()
  const [first, last] = [filled / 2 ** 20, end / 2 ** 20]
  return [
    row(
      `frames while ${Math.round(perSecond)} transitions a second come into a chart of 200 states`,
      `${frames.toFixed(0)}/s`,
      '≥ 50/s',
      frames >= 50 && perSecond >= PER_SECOND * 0.95,
    ),
    row(
      `of ${sent.toLocaleString('en')} transitions, entries that were told to be missing`,
      `${missing}`,
      '0',
      missing === 0,
    ),
    row(
      `the page’s memory after ${minutes} min, to that after ${FILLED_MS / 1000} s (${first.toFixed(0)} MB)`,
      (last / first).toFixed(2),
      '≤ 1.5',
      // It keeps 100,000 to 200,000 moments: the older half goes at once.
      last / first <= 1.5,
      `${last.toFixed(0)} MB`,
    ),
  ]
}

function sendSteadily(service: Service<typeof flat>) {
  const began = performance.now()
  let sent = 0
  let last: Promise<void> = Promise.resolve()
  const send = () => {
    const due = Math.floor(((performance.now() - began) / 1000) * PER_SECOND)
    for (; sent < due; sent++) last = service.send({ type: 'NEXT' })
  }
  const timer = setInterval(send, TICK_MS)
  return {
    stop: async () => {
      clearInterval(timer)
      await last
      return { sent, perSecond: (sent / (performance.now() - began)) * 1000 }
    },
  }
}

async function heapOf(session: CDPSession): Promise<number> {
  await session.send('HeapProfiler.collectGarbage')
  const { usedSize } = await session.send('Runtime.getHeapUsage')
  return usedSize
}

async function opened(
  browser: Browser,
  address: string,
): Promise<{ readonly page: Page; close(): Promise<void> }> {
  const context = await browser.newContext({ viewport: { width: 1400, height: 900 } })
  const page = await context.newPage()
  await page.goto(address)
  return { page, close: () => context.close() }
}

function row(what: string, figure: string, goal: string, met: boolean, ours = figure): Row {
  return { what, ours, yardstick: '', figure, goal, met }
}

function passed(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
