import { expect, test } from 'vitest'
import { createMachine, fromPromise } from 'xstate'
import { visiting } from './kit/page.js'
import { Recording } from './kit/recording.js'

const visits = visiting()

const oven = createMachine({
  id: 'oven',
  initial: 'baking',
  states: {
    baking: { entry: 'light', exit: 'dim', invoke: { id: 'fan-1', src: 'fan' }, after: { 4000: 'cold' } },
    cold: { invoke: { id: 'fan-2', src: 'fan' } },
  },
}).provide({ actors: { fan: fromPromise(() => new Promise(() => {})) } })

test('the list of a chart has entry and exit actions, invoked actors and the time that a delay still takes', async () => {
  const recording = new Recording('p1', false)
  const service = recording.service('kitchen', oven).start()
  service.wait(1000)
  service.actors('fan-1')
  const { page } = await visits.show(recording, '&service=kitchen')
  await page.getByRole('button', { name: 'List', exact: true }).click()
  const lines = page.locator('.chart-list .listed-transitions > li')
  await lines.first().waitFor()
  expect((await lines.allInnerTexts()).map((text) => text.replaceAll(/\s+/g, ' ').trim())).toEqual([
    'on entry light',
    'on exit dim',
    'invokes fan as fan-1 is there',
    'after 4 s → cold in 3 s',
    'invokes fan as fan-2',
  ])
})
