import type { FrameLocator, Page } from 'playwright-core'
import { createSupervisor, defineService } from 'tardigrade'
import { memoryStore } from 'tardigrade/stores/memory'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createMachine } from 'xstate'
import { guest, guestUrl, turnedAway } from '../inspect/guests/kit.js'
import { serveApp } from './kit/app.js'
import { shows, visiting } from './kit/page.js'

const visits = visiting()
type App = Awaited<ReturnType<typeof serveApp>>
let app: App
/** With XState 4. */
let old: App
beforeAll(async () => {
  ;[app, old] = await Promise.all([serveApp('../apps/stately.ts'), serveApp('../../xstate-inspect/page.mjs')])
}, 300_000)
afterAll(async () => {
  await app?.close()
  await old?.close()
})

const lamp = defineService({
  id: 'lamp',
  version: 1,
  machine: createMachine({ id: 'lamp', initial: 'off', states: { off: {} } }),
})

/** A process that shows what is sent to it, and where an application opens its page. */
async function receiver({ origin }: App, allowed = origin) {
  const supervisor = await createSupervisor({
    store: memoryStore(),
    inspect: { port: 0, allowOrigins: [allowed], control: true, onListening: () => {} },
  })
  const url = (supervisor.inspectAddress ?? '').replace('/#', '/receive#')
  return { supervisor, opened: `${origin}/#${encodeURIComponent(url)}` }
}

/** Looks at the lamp in our page, which somebody else shows, while somebody presses its button. */
async function followsLamp(inspector: Page | FrameLocator, page: Page): Promise<void> {
  await inspector.getByRole('option').getByText('xstate:lamp').click()
  await inspector.locator('.drawing .box.active', { hasText: 'off' }).last().waitFor()
  await page.getByRole('button', { name: 'Press' }).click()
  await inspector.locator('.drawing .box.active', { hasText: 'on' }).last().waitFor()
  await inspector.getByRole('region', { name: 'Context' }).getByText('hall').waitFor()
}

test('the page that an application holds shows that application, whatever else is there', async () => {
  const { supervisor, opened } = await receiver(app)
  for (const key of ['hall', 'attic']) await supervisor.start(lamp, { key })
  const { page, problems } = await visits.open(opened)
  await page.getByRole('button', { name: 'In the iframe' }).click()
  const inspector = page.frameLocator('iframe')
  await inspector.locator('.stage h2', { hasText: 'xstate:lamp' }).waitFor()
  await inspector.locator('.drawing .box.active', { hasText: 'off' }).last().waitFor()
  await inspector.getByRole('option').getByText('attic').click()
  await inspector.locator('.stage h2', { hasText: 'attic' }).waitFor()
  expect(problems).toEqual([])
  await supervisor.close()
})

test('an application shows itself in our page, which it holds in an iframe, and when it ends the page says so', async () => {
  const { supervisor, opened } = await receiver(app)
  const { page, problems } = await visits.open(opened)
  await page.getByRole('button', { name: 'In the iframe' }).click()
  await followsLamp(page.frameLocator('iframe'), page)
  expect(problems).toEqual([])
  const { page: other } = await visits.open(supervisor.inspectAddress ?? '')
  await other.getByRole('option').getByText('xstate:lamp').click()
  await other.locator('.stage .badge.running').waitFor()
  // Its protocol takes nothing, no store has it, and the process that one could kill is another than its own.
  const offered = other.getByRole('region', { name: /^(Controls|If the process died now)$/ })
  await other.getByRole('region', { name: 'Context' }).getByText('hall').waitFor()
  expect(await offered.count()).toBe(0)
  await page.close()
  await other.locator('.stage .badge.stopped').waitFor()
  expect(await offered.count()).toBe(0)
  await supervisor.close()
})

test('an application shows itself in a window that it has opened', async () => {
  const { supervisor, opened } = await receiver(app)
  const { page, problems } = await visits.open(opened)
  const opening = page.waitForEvent('popup')
  await page.getByRole('button', { name: 'In a window' }).click()
  const window = await opening
  await followsLamp(window, page)
  // Loaded anew it opens the same window at the same address, which is no new page.
  await page.reload()
  await page.getByRole('button', { name: 'In a window' }).click()
  await window.locator('.stage h2', { hasText: 'xstate:lamp' }).waitFor()
  await window.locator('.drawing .box.active', { hasText: 'off' }).last().waitFor()
  await followsLamp(window, page)
  expect(problems).toEqual([])
  await supervisor.close()
})

test('an application of an origin that is not allowed is shown nothing, and the window says what to do', async () => {
  const { supervisor, opened } = await receiver(app, 'http://other.example')
  const { page, problems } = await visits.open(opened)
  await page.getByRole('button', { name: 'In the iframe' }).click()
  await expect.poll(() => problems.join()).toContain('frame-ancestors http://other.example')
  const opening = page.waitForEvent('popup')
  await page.getByRole('button', { name: 'In a window' }).click()
  const popup = await opening
  await popup.getByRole('alert').getByText(`--allow-origin ${app.origin}`).waitFor()
  expect(await popup.getByRole('listbox', { name: 'Services' }).getByRole('option').count()).toBe(0)
  await supervisor.close()
})

/** Looks at the shop in our page, while somebody sells in it, and sells from there. */
async function sells(inspector: Page | FrameLocator, page: Page): Promise<void> {
  await inspector.getByRole('option').getByText('xstate:shop').click()
  await inspector.locator('.drawing .box.active', { hasText: 'counter' }).last().waitFor()
  await page.getByRole('button', { name: 'Press' }).click()
  await inspector.getByRole('option').getByText('xstate:shop').waitFor()
  const controls = inspector.getByRole('region', { name: 'Controls' })
  await controls.getByLabel('Type of the event').fill('SELL')
  await controls.getByRole('button', { name: 'Send' }).click()
  const outcome = inspector.locator('.outcome')
  await outcome.getByText('Send SELL: done').waitFor()
  await page.getByRole('status').getByText('sold 2').waitFor()
  await controls.getByLabel('Type of the event').fill('BOGUS')
  await controls.getByRole('button', { name: 'Send' }).click()
  await outcome.getByText('Send BOGUS: it changed nothing: no transition took it').waitFor()
  const test = inspector.getByRole('button', { name: 'Test', exact: true })
  expect([await test.isDisabled(), await test.getAttribute('title')]).toEqual([
    true,
    'It is a machine of XState 4, and what is tested is one of XState 5',
  ])
  // Nothing else can be asked of it, and a death of this process is none of its own.
  expect(await controls.getByRole('button').allInnerTexts()).toEqual(['Send'])
  expect(await inspector.getByRole('region', { name: 'If the process died now' }).count()).toBe(0)
}

test('an application with XState 4 shows itself in an iframe and in a window, and takes events from there', async () => {
  const { supervisor, opened } = await receiver(old)
  const { page, problems } = await visits.open(opened)
  await page.getByRole('button', { name: 'In the iframe' }).click()
  await sells(page.frameLocator('iframe'), page)
  expect(problems).toEqual([])
  const { page: other } = await visits.open(`${supervisor.inspectAddress}&service=xstate%3Ashop`)
  const offered = other.getByRole('region', { name: 'Controls' })
  await offered.waitFor()
  const { page: another } = await visits.open(opened)
  await page.close()
  // When it is gone, nobody takes them.
  await other.locator('.stage .badge.stopped').waitFor()
  await shows(() => offered.count(), 0)
  const opening = another.waitForEvent('popup')
  await another.getByRole('button', { name: 'In a window' }).click()
  await sells(await opening, another)
  await supervisor.close()
})

test('an application that was refused is told of above the page, once, until one is let in', async () => {
  const { supervisor } = await receiver(app)
  const address = supervisor.inspectAddress ?? ''
  const { page } = await visits.open(address)
  const told = page.getByRole('alert')
  await page.getByText('Waiting for a service.').waitFor()
  for (let times = 0; times < 3; times++)
    await turnedAway(guestUrl(address, 'stately', '<script>alert(1)</script>'))
  await told
    .getByText('An application that uses @statelyai/inspect was refused: its URL gives another token.')
    .waitFor()
  expect(await told.count()).toBe(1)
  const good = await guest(guestUrl(address, 'stately'))
  await shows(() => told.count(), 0)
  good?.close()
  await supervisor.close()
})
