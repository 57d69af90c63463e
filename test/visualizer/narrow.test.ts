import type { Locator, Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { type AnyStateMachine, createMachine } from 'xstate'
import { demo } from './kit/demo.js'
import { visiting } from './kit/page.js'
import { Recording } from './kit/recording.js'

const visits = visiting()

/** Three parts that know nothing of each other. */
const greenhouse = createMachine({
  id: 'greenhouse',
  type: 'parallel',
  states: Object.fromEntries(
    ['heating', 'watering', 'shading'].map((part) => [
      part,
      {
        initial: 'waiting',
        states: {
          waiting: { on: { [`START_${part.toUpperCase()}`]: 'working' } },
          working: { on: { [`STOP_${part.toUpperCase()}`]: 'waiting' } },
        },
      },
    ]),
  ),
})

/** Begins above the middle of six states that stand side by side. */
const ticket = createMachine({
  id: 'ticket',
  initial: 'open',
  states: {
    open: { on: Object.fromEntries(['A', 'B', 'C', 'D', 'E', 'F'].map((desk) => [desk, `desk ${desk}`])) },
    ...Object.fromEntries(['A', 'B', 'C', 'D', 'E', 'F'].map((desk) => [`desk ${desk}`, {}])),
  },
})

/** The page on a machine in a window of this size, after these events. */
async function pageOf(
  machine: AnyStateMachine,
  [width, height]: readonly [number, number],
  ...events: readonly string[]
): Promise<Page> {
  const recording = new Recording('p1', false)
  const house = recording.service('house', machine).start()
  for (const type of events) house.send({ type })
  const { page } = await visits.show(recording, '&service=house', { viewport: { width, height } })
  await page.locator('.drawing .box.leaf').first().waitFor()
  return page
}

async function placeOf(element: Locator) {
  const { x, y, width, height } = (await element.boundingBox()) ?? expect.fail('it is not shown')
  return { left: x, top: y, right: x + width, bottom: y + height, width, height }
}

/** Whether one is within the other. */
async function isWithin(inner: Locator, outer: Locator): Promise<boolean> {
  const [a, b] = await Promise.all([placeOf(inner), placeOf(outer)])
  return a.left >= b.left && a.top >= b.top && a.right <= b.right && a.bottom <= b.bottom
}

test('in a narrow window what is in a moment leaves most of the timeline to the moments, and scrolls', async () => {
  const { page } = await visits.show(await demo(), '&service=invoice-7', {
    viewport: { width: 420, height: 800 },
  })
  await page.getByRole('button', { name: 'timeline', exact: true }).click()
  const moments = page.getByRole('listbox', { name: 'Moments' })
  // A chart, which is long.
  await moments.press('Home')
  await moments.getByRole('option').filter({ hasText: 'the machine is there' }).first().click()
  const inside = page.getByLabel('What is in this moment')
  await inside.waitFor()
  const boxes = await Promise.all([moments, inside].map((part) => part.boundingBox()))
  const [list, details] = boxes.map((box) => box ?? expect.fail('it is not shown'))
  expect(list?.width).toBeGreaterThan(400)
  expect(details?.width).toBeGreaterThan(400)
  expect(list?.height ?? 0).toBeGreaterThan(2 * (details?.height ?? 0))
  expect(await inside.evaluate((part) => getComputedStyle(part).overflowY)).toBe('auto')
})

test('the parts of a parallel machine stand one below the other in a tall window, as they are defined', async () => {
  const page = await pageOf(greenhouse, [420, 800], 'START_HEATING')
  const parts = await page
    .locator('.drawing .box.leaf')
    .evaluateAll((boxes) =>
      boxes.map((box) => box.getBoundingClientRect()).map(({ left, top, right }) => ({ left, top, right })),
    )
  expect(parts.map(({ top }) => top)).toEqual(parts.map(({ top }) => top).sort((a, b) => a - b))
  expect(parts).toHaveLength(3)
  expect(await isWithin(page.locator('.drawing .box').first(), page.locator('.canvas'))).toBe(true)
  // Side by side they would be small there.
  await page.setViewportSize({ width: 1250, height: 800 })
  await page.locator('.drawing .box.leaf').first().waitFor()
  await expect
    .poll(async () => (await page.locator('.drawing .box').first().boundingBox())?.width)
    .toBeGreaterThan(500)
})

test('a chart that is too wide begins at its left edge, where the live state is to be seen from there', async () => {
  const page = await pageOf(ticket, [420, 800])
  const canvas = page.locator('.canvas')
  const [whole, window] = await Promise.all([placeOf(page.locator('.drawing .box').first()), placeOf(canvas)])
  // Otherwise it says nothing.
  expect(whole.width).toBeGreaterThan(window.width)
  expect(whole.left).toBeGreaterThanOrEqual(window.left)
  expect(await isWithin(page.locator('.drawing .box.leaf'), canvas)).toBe(true)
})

test('a chart that can be read whole is shown whole', async () => {
  const page = await pageOf(greenhouse, [1250, 800])
  expect(await isWithin(page.locator('.drawing .box').first(), page.locator('.canvas'))).toBe(true)
  expect(await page.locator('.minimap').count()).toBe(0)
})

test('in a window of little height the moments keep several lines, and the minimap leaves most of the chart to be seen', async () => {
  const page = await pageOf(greenhouse, [900, 500], 'START_HEATING', 'START_WATERING')
  await page.getByRole('button', { name: 'Zoom in' }).click({ clickCount: 3 })
  const minimap = page.locator('.minimap')
  await minimap.waitFor()
  const [map, window, moments] = await Promise.all(
    [minimap, page.locator('.canvas'), page.getByRole('listbox', { name: 'Moments' })].map(placeOf),
  )
  expect(moments?.height).toBeGreaterThan(4 * 24)
  expect(window?.height).toBeGreaterThan(180)
  expect((map?.width ?? 0) * (map?.height ?? 0)).toBeLessThan(
    ((window?.width ?? 0) * (window?.height ?? 0)) / 10,
  )
})

test('the minimap does not stand on the live state with which a chart begins', async () => {
  const { page } = await visits.show(await demo(), '&service=contacts', {
    viewport: { width: 1120, height: 690 },
  })
  const [leaf, map] = [page.locator('.drawing .box.leaf'), page.locator('.minimap')]
  await map.waitFor()
  expect(await isWithin(leaf, page.locator('.canvas'))).toBe(true)
  const [live, over] = await Promise.all([placeOf(leaf), placeOf(map)])
  expect(live.right < over.left || live.bottom < over.top).toBe(true)
})

test('in a narrow window the minimap stands on no state, name or label: it is away where each corner has one', async () => {
  const desks = Array.from({ length: 90 }, (_, at) => `desk ${at}`)
  const hall = createMachine({
    id: 'hall',
    initial: 'desk 0',
    states: Object.fromEntries(desks.map((desk, at) => [desk, { on: { NEXT: desks[(at * 7 + 1) % 90] } }])),
  })
  const page = await pageOf(hall, [400, 800])
  const map = page.locator('.minimap')
  const covered = async () => {
    const [over] = await map.evaluateAll((maps) => maps.map((one) => one.getBoundingClientRect().toJSON()))
    if (over === undefined) return []
    const read = page.locator('.drawing .box:not(.open) > .frame, .drawing .label > .pill')
    const places = await read.evaluateAll((all) => all.map((one) => one.getBoundingClientRect().toJSON()))
    return places.filter(
      (place) =>
        place.left < over.right &&
        place.right > over.left &&
        place.top < over.bottom &&
        place.bottom > over.top,
    )
  }
  const seen = new Set<number>()
  for (let at = 0; at < 12; at++) {
    expect(await covered()).toEqual([])
    seen.add(await map.count())
    await page.locator('.drawing').press('Shift+ArrowDown')
  }
  expect(seen).toContain(0)
})

test('the head of a narrow window is one line, whatever the name of its trace', async () => {
  const { page } = await visits.show(new Recording())
  const options = { viewport: { width: 420, height: 800 } }
  const narrow = await visits.open(page.url().replace(/#.*/, ''), options)
  const name = 'counterexample-of-the-turnstile-in-the-hall-of-the-observatory.json'
  const buffer = Buffer.from((await demo()).json())
  const file = { name, mimeType: 'application/json', buffer }
  await narrow.page.getByLabel('Open a recorded trace').setInputFiles(file)
  await narrow.page.getByText(`recorded: ${name}`).waitFor()
  const colours = narrow.page.getByRole('button', { name: /^Colours/ })
  const [head, button] = [await narrow.page.locator('.head').boundingBox(), await colours.boundingBox()]
  expect(head?.height).toBeLessThan(50)
  expect((button?.x ?? 999) + (button?.width ?? 0)).toBeLessThanOrEqual(420)
})

test('the page of a narrow window keeps its heading for who hears it', async () => {
  const page = await pageOf(greenhouse, [400, 800])
  expect(await page.getByRole('heading', { level: 1, name: 'Tardigrade' }).count()).toBe(1)
})

test('in a window of middle width the moments keep their width when one is chosen', async () => {
  const { page } = await visits.show(await demo(), '&service=invoice-7', {
    viewport: { width: 800, height: 900 },
  })
  const moments = page.getByRole('listbox', { name: 'Moments' })
  await moments.getByRole('option').last().click()
  const inside = page.getByLabel('What is in this moment')
  await inside.waitFor()
  const [list, below] = await Promise.all([moments, inside].map(placeOf))
  expect(list?.width).toBeGreaterThan(350)
  expect(below?.top).toBeGreaterThanOrEqual(list?.bottom ?? 900)
  expect(list?.height).toBeGreaterThan(4 * 24)
})
