import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { lampMachine } from './kit/demo.js'
import { visiting } from './kit/page.js'
import { Recording } from './kit/recording.js'

const visits = visiting()

/** What goes between a machine and five actors: also far, back, and to themselves under long names. */
function busy(): Recording {
  const recording = new Recording()
  recording.service('hall', lampMachine()).start().send({ type: 'PRESS' })
  const actors = ['weigh', 'bed-1', 'bed-2', 'measure', 'courier'].map((id) => [id])
  for (const to of actors) {
    recording.add('hall', { kind: 'event', from: [], to, event: { type: 'xstate.init' } })
    recording.add('hall', { kind: 'event', from: to, to, event: { type: 'tardigrade.task.progress' } })
    recording.add('hall', { kind: 'event', from: to, to: [], event: { type: 'IS_THERE' } })
  }
  recording.add('hall', { kind: 'event', from: ['weigh'], to: ['courier'], event: { type: 'WEIGHED' } })
  return recording
}

/** Names of arrows that are in sight and that are not there in whole. */
async function cutOff(page: Page): Promise<readonly string[]> {
  return page.locator('.arrow-row').evaluateAll((rows) => {
    const box = rows[0]?.closest('.sequence')?.getBoundingClientRect()
    if (box === undefined) return ['no row']
    const isIn = ({ left, right }: DOMRect) => left >= box.left - 1 && right <= box.right + 1
    return rows.flatMap((row) => {
      const [name, way] = [row.querySelector('.message'), row.querySelector('.way')]
      if (name === null || way === null) return ['no name']
      const { left, right } = way.getBoundingClientRect()
      if (right <= box.left || left >= box.right) return []
      const text = document.createRange()
      text.selectNodeContents(name)
      const isWhole = name.scrollWidth <= name.clientWidth && isIn(text.getBoundingClientRect())
      return isWhole ? [] : [name.textContent ?? '']
    })
  })
}

test.each([
  ['dark', 1280],
  ['light', 1280],
  ['dark', 400],
  ['light', 400],
] as const)(
  'the name of each message is whole where its arrow is in sight, %s, %i px',
  async (colorScheme, width) => {
    const options = { colorScheme, viewport: { width, height: 1500 } }
    const { page, problems } = await visits.show(busy(), '&service=hall&history=sequence', options)
    const shown = page.getByRole('button', { name: 'timeline', exact: true })
    if (width < 760) await shown.click()
    await page.locator('.arrow-row').last().waitFor()
    await expect.poll(() => cutOff(page)).toEqual([])
    // Sideways, a quarter of the window at a time.
    const lanes = page.locator('.sequence')
    const most = await lanes.evaluate((all) => all.scrollWidth - all.clientWidth)
    expect(most > 0).toBe(width < 760)
    for (let left = 0; left <= most; left += 100) {
      await lanes.evaluate((all, to) => all.scrollTo(to, 0), left)
      await expect.poll(() => cutOff(page)).toEqual([])
    }
    expect(problems).toEqual([])
  },
)
