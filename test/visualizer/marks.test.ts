import { expect, test } from 'vitest'
import { createMachine } from 'xstate'
import { hueOf } from './kit/hue.js'
import { shows, visiting } from './kit/page.js'
import { Recording } from './kit/recording.js'

const visits = visiting()

test('a parallel state is dashed, a final one has a double line, and history is H or H*', async () => {
  const machine = createMachine({
    id: 'mill',
    initial: 'works',
    states: {
      works: {
        type: 'parallel',
        on: { END: 'over' },
        states: { wheel: {}, stone: { initial: 'raw', states: { raw: {}, last: { type: 'history' } } } },
      },
      back: { type: 'history', history: 'deep' },
      over: { type: 'final' },
    },
  })
  const recording = new Recording()
  recording.service('hall', machine).start()
  const { page, problems } = await visits.show(recording, '&service=hall')
  const boxes = page.locator('.drawing .box')
  await boxes.filter({ hasText: 'over' }).last().waitFor()
  const framed = (selector: string) =>
    page
      .locator(selector)
      .evaluateAll((found) => found.map((box) => box.getAttribute('aria-label')?.split(',')[0]))
  await shows(() => framed('.drawing .box.parallel'), ['works'])
  const dashes = (selector: string) =>
    page
      .locator(`${selector} > .frame`)
      .first()
      .evaluate((frame) => getComputedStyle(frame).strokeDasharray)
  expect(await dashes('.drawing .box.parallel')).not.toBe('none')
  expect(await dashes('.drawing .box:not(.parallel)')).toBe('none')
  const lines = await boxes.evaluateAll((all) =>
    all
      .filter((box) => box.querySelectorAll(':scope > rect').length === 2)
      .map((box) => box.getAttribute('aria-label')?.split(',')[0]),
  )
  expect(lines).toEqual(['over'])
  expect((await page.locator('.drawing text.history').allTextContents()).sort()).toEqual(['H', 'H*'])
  expect(problems).toEqual([])
})

test.each(['light', 'dark'] as const)(
  'on an edge a guard stands blue and in brackets, in the list of the chart too, %s',
  async (colorScheme) => {
    const machine = createMachine({
      id: 'oven',
      initial: 'off',
      states: { off: { on: { HEAT: { guard: 'isCold', target: 'on', actions: 'light' } } }, on: {} },
    }).provide({ guards: { isCold: () => true }, actions: { light: () => {} } })
    const recording = new Recording()
    recording.service('hall', machine).start()
    const { page } = await visits.show(recording, '&service=hall', { colorScheme })
    const label = page.locator('.drawing .label')
    await shows(() => label.locator('text').allTextContents(), ['HEAT', '[isCold]', '/ light'])
    const fills = await label
      .locator('text')
      .evaluateAll((all) => all.map((text) => getComputedStyle(text).fill))
    expect(fills.map(hueOf).map((hue) => hue === 'blue')).toEqual([false, true, false])
    await page.getByRole('button', { name: 'List', exact: true }).click()
    const guard = page.getByRole('region', { name: 'States of oven' }).locator('.guard')
    await shows(() => guard.allTextContents(), [' [isCold]'])
    expect(hueOf(await guard.evaluate((text) => getComputedStyle(text).color))).toBe('blue')
  },
)

test('who hears a chart hears of each state how deep it is, and whether it is active', async () => {
  const recording = new Recording()
  const states = { off: { on: { PRESS: 'on' } }, on: {} }
  const hall = recording.service('hall', createMachine({ id: 'lamp', initial: 'off', states })).start()
  hall.send({ type: 'PRESS' })
  const { page } = await visits.show(recording, '&service=hall')
  const named = () =>
    page.getByRole('treeitem').evaluateAll((all) => all.map((one) => one.getAttribute('aria-label')))
  await shows(named, ['lamp, state, active', 'off, state', 'on, state, active'])
  const levels = page
    .getByRole('treeitem')
    .evaluateAll((all) => all.map((one) => one.getAttribute('aria-level')))
  expect(await levels).toEqual(['1', '2', '2'])
  await page.getByRole('slider', { name: 'Moment' }).fill('4')
  await shows(named, ['lamp, state, active', 'off, state, active', 'on, state'])
})
