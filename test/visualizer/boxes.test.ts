import { expect, test } from 'vitest'
import { fromPromise, setup } from 'xstate'
import { shows, visiting } from './kit/page.js'
import { Recording } from './kit/recording.js'

const visits = visiting()

/** Weighs what is put on it, for as long as nobody takes it away. */
const scale = setup({
  actors: { weigh: fromPromise(() => new Promise(() => {})) },
  actions: { light: () => {}, darken: () => {}, click: () => {} },
}).createMachine({
  id: 'scale',
  initial: 'empty',
  states: {
    empty: { on: { PUT: { target: 'loaded', actions: () => {} } } },
    loaded: {
      description: 'Something lies on it.',
      tags: ['busy'],
      entry: 'light',
      exit: 'darken',
      invoke: { src: 'weigh', id: 'weigh' },
      initial: 'still',
      on: { TAP: { actions: 'click' }, TAKE: 'empty' },
      states: { still: {} },
    },
  },
})

async function loaded(viewport = { width: 1280, height: 800 }) {
  const recording = new Recording()
  const kitchen = recording.service('kitchen', scale).start()
  kitchen.send({ type: 'PUT' })
  kitchen.actors('weigh')
  kitchen.tell({ kind: 'ended', actor: ['weigh'] })
  const { page, problems } = await visits.show(recording, '&service=kitchen', { viewport })
  const box = page.getByRole('treeitem', { name: /^loaded, / })
  await box.waitFor()
  return { page, problems, box }
}

test('in a box stand what is done on entry and exit, the events that stay, and what is invoked, lit while it is there', async () => {
  const { page, problems, box } = await loaded()
  const rows = () =>
    box
      .locator('.row')
      .evaluateAll((all) =>
        all.map(
          (row) =>
            `${row.querySelector('.mark')?.textContent} ${row.querySelector('text:not(.mark)')?.firstChild?.textContent}`,
        ),
      )
  await shows(rows, ['↓ light', '↑ darken', '◎ weigh', '↺ TAP / click'])
  const lit = () =>
    box.locator('.row.on').evaluateAll((all) => all.map((row) => row.querySelector('.mark')?.textContent))
  await shows(lit, [])
  await page.getByRole('button', { name: 'One moment back' }).click()
  await shows(lit, ['◎'])
  // What has no name in the code has none here.
  await shows(() => page.locator('.label .action').allTextContents(), ['/ inline'])
  expect(problems).toEqual([])
})

test('a click on a state tells everything of it, and a double click folds it', async () => {
  const { page, box } = await loaded()
  await box.locator('.title').click()
  const card = page.getByRole('complementary', { name: 'State loaded' })
  for (const text of [
    'compound',
    'active',
    'busy',
    'Something lies on it.',
    'light',
    'darken',
    'weigh',
    'TAP / click',
    'TAKE → empty',
  ])
    await card.getByText(text, { exact: true }).first().waitFor()
  await card.getByRole('button', { name: 'Close' }).click()
  await shows(() => card.count(), 0)
  await box.locator('.title').dblclick()
  await shows(() => box.getAttribute('aria-expanded'), 'false')
  await page.getByText('1 state inside').waitFor()
  expect(await page.getByRole('treeitem', { name: /^still/ }).count()).toBe(0)
  // What is told of it does not stand on it.
  await box.locator('.title').dblclick()
  await shows(() => box.getAttribute('aria-expanded'), 'true')
})

test('a search for what is in no state says so, and one that finds goes there', async () => {
  const { page } = await loaded()
  const search = page.getByLabel('Find a state or an event in the chart')
  const told = page.getByRole('status').getByText('None is like that.')
  await search.fill('nowhere')
  await told.waitFor()
  await search.press('Enter')
  await search.fill('take')
  await shows(() => told.count(), 0)
  await search.press('Enter')
  await page.getByLabel('State loaded').waitFor()
})

test.each([1280, 500, 400])(
  'what is told of a state stands beside it, in a window of %i pixels',
  async (width) => {
    const { page } = await loaded({ width, height: 800 })
    for (const name of ['empty', 'still']) {
      const box = page.getByRole('treeitem', { name: new RegExp(`^${name}, `) })
      await box.locator('.title').click()
      const card = page.getByRole('complementary', { name: `State ${name}` })
      await card.waitFor()
      const [state, told] = [await box.locator('.frame').boundingBox(), await card.boundingBox()]
      if (state === null || told === null) return expect.fail('it is not shown')
      const isBeside = state.x + state.width <= told.x || told.x + told.width <= state.x
      const isAbove = state.y + state.height <= told.y || told.y + told.height <= state.y
      expect(isBeside || isAbove).toBe(true)
      await card.getByRole('button', { name: 'Close' }).click()
    }
  },
)
