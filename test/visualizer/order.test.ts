import { expect, test } from 'vitest'
import { createMachine } from 'xstate'
import { Store } from '../../visualizer/src/store/store.js'
import { everyState } from './kit/every-state.js'
import { shows, visiting } from './kit/page.js'
import { Recording } from './kit/recording.js'

const visits = visiting()

const dome = createMachine({
  id: 'dome',
  type: 'parallel',
  states: {
    shutter: { initial: 'closed', states: { closed: {}, open: {} } },
    camera: { initial: 'cooling', states: { cooling: {}, exposing: {} } },
  },
})

/** Those with even numbers have failed, and each was committed after the one before. */
function observatory(count: number): Recording {
  const recording = new Recording()
  for (let at = 0; at < count; at++) {
    recording.nowMs += 1000
    const one = recording.service(`atacama-${at}`, dome).start()
    if (at % 2 === 0) one.lifecycle('failed', 'lifecycle.failed')
  }
  return recording
}

test('services are listed by key with numbers as numbers, and by what one cares for, which the address keeps', async () => {
  const { page, problems } = await visits.show(observatory(13), '', {
    viewport: { width: 1600, height: 900 },
  })
  const list = page.getByRole('listbox', { name: 'Services' })
  const keys = () => list.locator('.key').allTextContents()
  const named = (...numbers: readonly number[]) => numbers.map((number) => `atacama-${number}`)
  const up = Array.from({ length: 13 }, (_, at) => at)
  await shows(keys, named(...up))
  const order = page.getByLabel('Order of the services')
  await order.focus()
  await page.keyboard.press('ArrowDown')
  await shows(keys, named(0, 2, 4, 6, 8, 10, 12, 1, 3, 5, 7, 9, 11))
  await page.reload()
  await shows(keys, named(0, 2, 4, 6, 8, 10, 12, 1, 3, 5, 7, 9, 11))
  await order.selectOption('newest first')
  await shows(keys, named(...[...up].reverse()))
  await page.getByLabel('Search services').fill('atacama-1')
  await shows(keys, named(12, 11, 10, 1))
  await order.selectOption('by key')
  await shows(keys, named(1, 10, 11, 12))
  expect(page.url()).not.toContain('order')
  // In a wide window the states of all regions are seen.
  const state = list.getByText('camera.cooling').first()
  expect(await state.evaluate((text) => text.scrollWidth - text.clientWidth)).toBe(0)
  expect(problems).toEqual([])
})

test('failed first lists what needs somebody before what runs, and what rests after that', async () => {
  const viewport = { width: 1280, height: 1400 }
  const { page } = await visits.show(everyState(), '&order=state', { viewport })
  const list = page.getByRole('listbox', { name: 'Services' })
  await shows(
    () => list.locator('.key').allTextContents(),
    [
      'failed',
      'damaged',
      'interrupted',
      'resuming',
      'checkpointing',
      'running',
      'running, not recorded',
      'running or interrupted',
      'paused',
      'asleep',
      'stopped',
      'done',
      'removed',
    ],
  )
  expect(await page.getByLabel('Order of the services').inputValue()).toBe('state')
})

test('keys are sorted as people do, whatever stands in them', () => {
  const store = new Store()
  const keys = ['b-10', 'B-9', 'a', 'b-9', 'b-009', 'c-20260101123000', 'c-9', 'a-1-2', 'a-1-10']
  const services = keys.map((key) => ({
    key,
    definition: 'x',
    version: 1,
    phase: 'running',
    epoch: 1,
    size: 1,
    checkpoint: 1,
    savedAtMs: 1,
  }))
  store.apply({ type: 'stored', services, removed: [], complete: true })
  store.publish()
  expect(store.list.members.value.map(({ key }) => key)).toEqual([
    'a',
    'a-1-2',
    'a-1-10',
    'B-9',
    'b-009',
    'b-9',
    'b-10',
    'c-9',
    'c-20260101123000',
  ])
})
