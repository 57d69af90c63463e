import type { Page } from 'playwright-core'
import { defineService } from 'tardigrade'
import { expect, onTestFinished, test } from 'vitest'
import { createMachine } from 'xstate'
import { rowHeight, shownStates, stateLines } from '../../visualizer/src/shell/row-height.js'
import { inspected } from './kit/live.js'
import { shows, visiting } from './kit/page.js'
import { Recording } from './kit/recording.js'

const visits = visiting()

const parallel = (id: string, state: string, ...regions: readonly string[]) =>
  createMachine({
    id,
    type: 'parallel',
    states: Object.fromEntries(
      regions.map((region) => [region, { initial: state, states: { [state]: {} } }]),
    ),
  })

/** What of each row cannot be read, by the row's key. */
function cutOff(page: Page): Promise<readonly string[]> {
  return page.locator('.service').evaluateAll((rows) =>
    rows
      .filter((row) => {
        const [state, facts] = ['.state', '.facts'].map((part) => row.querySelector(part))
        if (!state || !facts) return true
        const isCut = state.scrollWidth > state.clientWidth || state.scrollHeight > state.clientHeight
        return isCut || facts.getBoundingClientRect().bottom > row.getBoundingClientRect().bottom
      })
      .map((row) => row.querySelector('.key')?.textContent ?? ''),
  )
}

test.each([1280, 1024, 800, 400])(
  'in a window %i pixels wide the states of all regions are read in the list',
  async (width) => {
    const recording = new Recording('p1', false)
    recording.service('house', parallel('greenhouse', 'waiting', 'heating', 'watering')).start()
    const three = parallel('observatory', 'waiting', 'heating', 'watering', 'shading')
    recording.service('garden-of-the-observatory', three).start()
    recording.service('hall', createMachine({ id: 'hall', initial: 'dark', states: { dark: {} } })).start()
    const { page, problems } = await visits.show(recording, '', { viewport: { width, height: 800 } })
    await page.locator('.service').nth(2).waitFor()
    await shows(() => cutOff(page), [])
    expect(problems).toEqual([])
  },
)

test('rows grow when a machine comes into regions while one looks, and the plain state of another has the room then', async () => {
  const { supervisor, address } = await inspected()
  onTestFinished(() => supervisor.close().then(() => {}))
  const { states } = parallel('open', 'waiting', 'heating', 'watering', 'shading').config
  const machine = createMachine({
    id: 'house',
    initial: 'shut',
    states: { shut: { on: { OPEN: 'open' } }, open: { type: 'parallel', states: states ?? {} } },
  })
  const house = await supervisor.start(defineService({ id: 'house', version: 1, machine }), { key: 'house' })
  const shed = createMachine({
    id: 'shed',
    initial: 'waitingForTheGardener',
    states: { waitingForTheGardener: {} },
  })
  const definition = defineService({ id: 'shed', version: 1, machine: shed })
  await supervisor.start(definition, { key: 'the-old-shed' })
  const { page, problems } = await visits.open(address, { viewport: { width: 1024, height: 800 } })
  await page.locator('.service', { hasText: 'shut' }).waitFor()
  await house.send({ type: 'OPEN' })
  await page.locator('.service', { hasText: 'watering.waiting' }).waitFor()
  await shows(() => cutOff(page), [])
  expect(problems).toEqual([])
})

test('in a narrow window the states of all regions are read above the chart', async () => {
  const recording = new Recording('p1', false)
  const three = parallel('observatory', 'waitingForSun', 'heating', 'watering', 'shading')
  recording.service('garden', three).start()
  const { page } = await visits.show(recording, '&service=garden', { viewport: { width: 400, height: 800 } })
  const state = page.locator('.stage .title .state')
  await state.filter({ hasText: 'shading.waitingForSun' }).waitFor()
  expect(await state.evaluate((part) => part.scrollWidth - part.clientWidth)).toBe(0)
  expect(await state.getAttribute('title')).toBe(await state.textContent())
})

test('a row is as high as the longest of them needs, and no state of one region makes it higher', () => {
  const house = { key: 'house', machine: '{ heating.waiting, watering.waiting }' }
  expect(stateLines({ key: 'house', machine: 'a'.repeat(200) }, 290)).toBe(0)
  expect(stateLines({ key: 'h', machine: '{ a.x, b.x }' }, 290)).toBe(0)
  expect(stateLines(house, 440)).toBe(0)
  expect(stateLines(house, 290)).toBe(1)
  expect(stateLines({ ...house, machine: `{ ${'a'.repeat(9000)}, b }` }, 290)).toBe(3)
  expect([0, 1, 2].map(rowHeight)).toEqual([58, 68, 83])
})

test('of many regions a row tells as many as three lines hold, how many more there are, and all in its tooltip', async () => {
  const names = Array.from({ length: 12 }, (_, at) => `station-${at}`)
  const all = `{ ${names.map((name) => `${name}.idle`).join(', ')} }`
  expect(shownStates('{ a.x, b.x }', 290)).toBe('{ a.x, b.x }')
  expect(shownStates(all, 290)).toBe(
    `{ ${names
      .slice(0, 5)
      .map((name) => `${name}.idle`)
      .join(', ')}, … and 7 more }`,
  )
  const recording = new Recording('p1', false)
  recording.service('hall', parallel('hall', 'idle', ...names)).start()
  recording.service('shed', createMachine({ id: 'shed', initial: 'dark', states: { dark: {} } })).start()
  const { page } = await visits.show(recording, '', { viewport: { width: 1280, height: 800 } })
  const hall = page.locator('.service', { hasText: 'hall' })
  await hall.getByText(/… and \d more }$/).waitFor()
  expect(await hall.locator('.state').getAttribute('title')).toBe(all)
  await shows(() => cutOff(page), [])
  const heights = await page.locator('.service').evaluateAll((rows) => rows.map((row) => row.clientHeight))
  expect(Math.max(...heights)).toBeLessThanOrEqual(rowHeight(3))
})
