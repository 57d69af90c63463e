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

test('what is beyond the edge of a narrow window is told at that edge', async () => {
  const { page } = await visits.show(busy(), '&service=hall&history=sequence', {
    viewport: { width: 400, height: 1500 },
  })
  await page.getByRole('button', { name: 'timeline', exact: true }).click()
  const names = page.locator('.message')
  await expect.poll(() => names.last().textContent()).toBe('WEIGHED')
  const far = names.filter({ hasText: 'IS_THERE' }).last()
  const progress = names.filter({ hasText: '▸' })
  await expect.poll(() => progress.count()).toBeGreaterThan(1)
  for (const name of await progress.all()) {
    const text = await name.evaluate((element) => {
      const range = document.createRange()
      range.selectNodeContents(element)
      return range.getBoundingClientRect().right
    })
    expect(text).toBeGreaterThan(340)
    expect(text).toBeLessThanOrEqual(400)
  }
  const lanes = page.locator('.sequence')
  await lanes.evaluate((all) => all.scrollTo(all.scrollWidth, 0))
  await expect.poll(() => names.filter({ hasText: 'PRESS' }).textContent()).toBe('◂ PRESS')
  expect(await far.textContent()).toBe('IS_THERE')
})

test('the heads stand above their lanes, also where the rows have a scroll bar', async () => {
  const recording = busy()
  for (let times = 0; times < 30; times++)
    recording.add('hall', { kind: 'event', from: ['weigh'], to: ['courier'], event: { type: 'WEIGHED' } })
  const { page } = await visits.show(recording, '&service=hall&history=sequence', { bypassCSP: true })
  await page.addStyleTag({ content: '::-webkit-scrollbar { width: 13px }' })
  await page.locator('.arrow-row').last().waitFor()
  const [bar, ...ways] = await page.locator('.sequence').evaluate((sequence) => {
    const rows = sequence.querySelector('.rows') as HTMLElement
    const middle = (element: Element) => {
      const { left, right } = element.getBoundingClientRect()
      return (left + right) / 2
    }
    const lines = [...(sequence.querySelector('.arrow-row svg')?.querySelectorAll('.lane') ?? [])]
    const heads = [...sequence.querySelectorAll('.lanes span')]
    return [
      rows.offsetWidth - rows.clientWidth,
      ...heads.map((head, at) => middle(head) - middle(lines[at] ?? head)),
    ]
  })
  expect(bar).toBe(13)
  for (const way of ways) expect(Math.abs(way)).toBeLessThan(1)
})

test('that a life begins is no message: nobody sends it', async () => {
  const recording = new Recording('p1', false)
  const init = { kind: 'event', to: [], event: { type: 'xstate.init' } } as const
  const hall = recording.service('hall', lampMachine()).start()
  recording.add('hall', init)
  hall.send({ type: 'PRESS' })
  recording.restart('p2')
  recording.add('hall', init)
  recording.add('hall', { kind: 'event', from: [], to: ['weigh'], event: { type: 'xstate.init' } })
  const { page } = await visits.show(recording, '&service=hall&history=sequence')
  const rows = page.getByRole('listbox', { name: 'Messages' }).getByRole('img')
  await expect
    .poll(() => rows.evaluateAll((all) => all.map((row) => row.getAttribute('aria-label')?.slice(13))))
    .toEqual([
      'PRESS from outside to the machine',
      'xstate.init from the machine to weigh, in another process',
    ])
})
