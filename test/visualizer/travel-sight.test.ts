import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { createMachine } from 'xstate'
import { domId } from '../../visualizer/src/chart/boxes.js'
import { shows, visiting } from './kit/page.js'
import { Recording } from './kit/recording.js'

const visits = visiting()

const NAMES = ['receiving', 'washing', 'cutting', 'milling', 'drilling', 'coating', 'curing', 'packing']
const STEPS = ['idle', 'loading', 'working', 'unloading', 'blocked', 'toolChange', 'stopped']

/** Stations that work beside one another, more than a window shows as one reads them. */
const hall = createMachine({
  id: 'hall',
  type: 'parallel',
  states: Object.fromEntries(
    NAMES.map((name) => [
      name,
      {
        initial: 'idle',
        states: Object.fromEntries(
          STEPS.map((step, at) => [step, { on: { [`GO ${name}`]: STEPS[(at + 1) % STEPS.length] } }]),
        ),
      },
    ]),
  ),
})

/** Whether all of a state can be seen. */
const isInSight = (page: Page, id: string) =>
  page.evaluate((state) => {
    const view = document.querySelector('.drawing')?.getBoundingClientRect()
    const box = document.getElementById(state)?.getBoundingClientRect()
    if (view === undefined || box === undefined) return undefined
    return (
      box.left >= view.left && box.right <= view.right && box.top >= view.top && box.bottom <= view.bottom
    )
  }, domId(id))

test('the view goes to where the moment happened to which one goes, forwards, backwards, by a link and back to the end', async () => {
  const recording = new Recording()
  const subject = recording.service('hall A', hall).start()
  const order = ['receiving', 'packing', 'washing', 'curing', 'milling', 'drilling', 'coating']
  for (const name of order) subject.send({ type: `GO ${name}` })
  const steps = '&service=hall%20A&hide=lifecycle,event,effect,commit,timer,actor'
  const size = { viewport: { width: 1440, height: 900 } }
  const { page, problems } = await visits.show(recording, steps, size)
  const moments = page.getByRole('listbox', { name: 'Moments' }).getByRole('option')
  const step = moments.filter({ hasText: 'loading' })
  await shows(() => step.count(), order.length)
  // As it is opened, it shows what happened last, and so for each moment.
  await shows(() => isInSight(page, `hall.${order.at(-1)}.loading`), true)
  const goTo = async (at: number) => {
    await step.nth(at).click()
    await shows(() => isInSight(page, `hall.${order[at]}.loading`), true)
  }
  for (const at of [...order.keys()].reverse()) await goTo(at)
  for (const at of order.keys()) await goTo(at)
  await goTo(1)
  const address = page.url()
  await page.getByRole('button', { name: 'End', exact: true }).click()
  await shows(() => isInSight(page, `hall.${order.at(-1)}.loading`), true)
  await page.goto('about:blank')
  await page.goto(address)
  await shows(() => isInSight(page, `hall.${order[1]}.loading`), true)
  expect(problems).toEqual([])
}, 60_000)
