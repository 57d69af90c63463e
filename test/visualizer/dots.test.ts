import type { Page, WebSocketRoute } from 'playwright-core'
import { expect, onTestFinished, test } from 'vitest'
import { lampMachine } from './kit/demo.js'
import { everyState, owner, stored } from './kit/every-state.js'
import { hueOf } from './kit/hue.js'
import { inspected, lamp } from './kit/live.js'
import { shows, visiting } from './kit/page.js'
import { Recording } from './kit/recording.js'

const visits = visiting()

const problem = { code: 'STORE_UNREADABLE', message: 'It cannot be opened.' }

/** What each dot of the list looks like, and how its service is said to stand. */
async function dotsOf(page: Page): Promise<Readonly<Record<string, string>>> {
  const dots = await page
    .getByRole('listbox', { name: 'Services' })
    .locator('.service')
    .evaluateAll((rows) =>
      rows.map((row) => {
        const dot = row.querySelector('.dot') as HTMLElement
        const { backgroundColor, boxShadow, borderRadius, filter, opacity } = getComputedStyle(dot)
        const key = row.querySelector('.key')?.textContent ?? ''
        return { key, title: dot.title, backgroundColor, boxShadow, borderRadius, filter, opacity }
      }),
    )
  const looks = dots.map(({ key, title, backgroundColor, boxShadow, borderRadius, filter, opacity }) => {
    const isRing = boxShadow !== 'none'
    const colour = hueOf(isRing ? boxShadow : backgroundColor)
    const shape = isRing ? ' ring' : borderRadius === '50%' ? '' : ' square'
    const isFaded = filter === 'grayscale(1)' && Number(opacity) < 1
    return [key, `${isFaded ? 'faded' : colour + shape}: ${title}`] as const
  })
  return Object.fromEntries(looks)
}

test.each(['light', 'dark'] as const)('the dot of a service tells how it stands, %s', async (colorScheme) => {
  const options = { colorScheme, viewport: { width: 1280, height: 1400 } }
  const { page, problems } = await visits.show(everyState(), '', options)
  await shows(() => dotsOf(page), {
    running: 'green: running',
    resuming: 'blue: resuming',
    checkpointing: 'violet: checkpointing',
    paused: 'amber: paused',
    interrupted: 'amber: interrupted',
    'running, not recorded': 'green ring: running, not recorded',
    'running or interrupted': 'amber ring: running or interrupted',
    failed: 'red: failed',
    damaged: 'red: damaged',
    asleep: 'grey ring: asleep',
    stopped: 'grey square: stopped',
    done: 'grey square: done',
    removed: 'grey square: removed',
  })
  expect(problems).toEqual([])
})

test.each([
  ['store unreadable', { services: [], problem }],
  ['store is older', { services: [stored('hall', 0)], owner: { ...owner, older: problem } }],
] as const)('the dot of a service in no process is red: %s', async (stands, told) => {
  const recording = new Recording('p1', true)
  recording.service('hall', lampMachine()).start()
  recording.restart('p2')
  recording.messages.push({ type: 'stored', removed: [], complete: true, ...told })
  const { page } = await visits.show(recording)
  await shows(() => dotsOf(page), { hall: `red: ${stands}` })
})

test('the dot of a service is faded where its connection is lost', async () => {
  const { supervisor, address } = await inspected()
  onTestFinished(async () => void (await supervisor.close()))
  await supervisor.start(lamp, { key: 'hall' })
  const { page } = await visits.open('about:blank')
  const lines: WebSocketRoute[] = []
  await page.routeWebSocket(/stream/, (line) => {
    // It does not come back.
    if (lines.push(line) > 1) void line.close()
    else line.connectToServer()
  })
  await page.goto(address)
  await shows(() => dotsOf(page), { hall: 'green: running' })
  await lines[0]?.close()
  await shows(() => dotsOf(page), { hall: 'faded: last seen running' })
})
