import { expect, test } from 'vitest'
import { createMachine } from 'xstate'
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
