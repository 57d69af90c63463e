import { expect, test } from 'vitest'
import { around } from '../../visualizer/src/store/charts.js'
import { demo } from './kit/demo.js'
import { activeStates, shows, visiting } from './kit/page.js'
import { LIFECYCLE } from './kit/recording.js'

const visits = visiting()

test('around a machine the lifecycle shows its states and what leads from one to another, and alone all of it', () => {
  const machine = { id: 'm', hash: 'm', root: { id: 'm', key: 'm', type: 'atomic' as const } }
  const { root } = around(LIFECYCLE, machine)
  const [whole, brief] = [LIFECYCLE.root.states ?? [], root.states ?? []]
  expect(brief.map(({ key }) => key)).toEqual(whole.map(({ key }) => key))
  expect(brief.find(({ key }) => key === 'running')?.states).toEqual([machine.root])
  const ways = brief.flatMap(({ transitions = [] }) => transitions)
  expect(ways.length).toBeGreaterThan(10)
  for (const { guard, actions, targets } of ways)
    expect([guard, actions, targets?.length]).toEqual([undefined, undefined, 1])
  expect(brief.flatMap(({ entry = [], exit = [] }) => [...entry, ...exit])).toEqual([])
})

test('a state of the lifecycle and the machine within another one are seen at once', async () => {
  const { page } = await visits.show(await demo(), '&service=lamp-04&chart=both', {
    viewport: { width: 1400, height: 900 },
  })
  await shows(() => activeStates(page), ['service', 'lamp', 'on', 'paused'])
  const canvas = await page.locator('.canvas').boundingBox()
  for (const name of ['paused', 'running', 'lamp', 'on']) {
    const place = await page
      .locator(`.drawing .box[aria-label^="${name},"], .drawing .box[aria-label="${name}"]`)
      .boundingBox()
    expect(place?.x).toBeGreaterThanOrEqual(canvas?.x ?? 0)
    expect((place?.x ?? 0) + (place?.width ?? 0)).toBeLessThanOrEqual((canvas?.x ?? 0) + (canvas?.width ?? 0))
    expect((place?.y ?? 0) + (place?.height ?? 0)).toBeLessThanOrEqual(
      (canvas?.y ?? 0) + (canvas?.height ?? 0),
    )
  }
})

test('the minimap gives way to a live state that comes to where it stands', async () => {
  const { page } = await visits.show(await demo(), '&service=invoice-7&chart=both', {
    viewport: { width: 1400, height: 900 },
  })
  const [leaf, map, canvas] = [
    page.locator('.drawing .box.leaf.active').last(),
    page.locator('.minimap'),
    page.locator('.canvas'),
  ]
  await map.waitFor()
  const [from, window] = [await leaf.boundingBox(), await canvas.boundingBox()]
  if (from === null || window === null) return expect.fail('nothing is drawn')
  const [right, bottom] = [window.x + window.width, window.y + window.height]
  // The chart is drawn by its ground until the state is in the corner.
  const start = { x: window.x + 5, y: window.y + 5 }
  await page.mouse.move(start.x, start.y)
  await page.mouse.down()
  await page.mouse.move(
    start.x + right - 30 - (from.x + from.width),
    start.y + bottom - 30 - (from.y + from.height),
    { steps: 5 },
  )
  await page.mouse.up()
  await expect
    .poll(async () => {
      const [a, b] = [await leaf.boundingBox(), await map.boundingBox()]
      if (a === null || b === null) return 'nothing is drawn'
      const isApart =
        a.x + a.width <= b.x || b.x + b.width <= a.x || a.y + a.height <= b.y || b.y + b.height <= a.y
      return isApart && a.x > right - 200
    })
    .toBe(true)
})
