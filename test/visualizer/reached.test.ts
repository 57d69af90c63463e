import type { Page } from 'playwright-core'
import { expect, onTestFinished, test } from 'vitest'
import { garden } from './kit/garden.js'
import { inspected } from './kit/live.js'
import { activeStates, shows, visiting } from './kit/page.js'

const visits = visiting()
const PARTS = ['services', 'chart', 'details', 'timeline']

/** The page of a garden with beds in it, and all controls. */
async function ofGarden(viewport: { readonly width: number; readonly height: number }, fragment = '') {
  const { supervisor, address } = await inspected(true)
  onTestFinished(async () => void (await supervisor.close({ deadlineMs: 100 })))
  const yard = await supervisor.start(garden, { key: 'yard' })
  await yard.send({ type: 'PLANT' })
  await yard.send({ type: 'WATER' })
  return visits.open(`${address}&service=yard${fragment}`, { viewport })
}

/** What keys come to by Tab, with the name by which it is told, and whether it is seen that it has the focus. */
async function stops(page: Page) {
  const found: string[] = []
  for (;;) {
    await page.keyboard.press('Tab')
    const stop = await page.evaluate(() => {
      const on = document.activeElement
      if (!(on instanceof HTMLElement || on instanceof SVGElement) || on === document.body) return undefined
      on.setAttribute('data-reached', '')
      const labels = on instanceof HTMLInputElement ? on.labels : null
      const name = on.getAttribute('aria-label') ?? labels?.[0]?.textContent ?? on.textContent
      const { outlineStyle, outlineWidth } = getComputedStyle(on)
      const isSeen = outlineStyle !== 'none' && outlineWidth !== '0px'
      const isNamed = /[a-z]/i.test(name ?? '')
      return isSeen && isNamed ? (name ?? '') : `NOT TOLD OR SEEN: ${on.outerHTML.slice(0, 200)}`
    })
    if (stop === undefined) return found
    found.push(stop)
  }
}

test('all that is used is reached by Tab, has a name, and shows that it has the focus', async () => {
  const { page, problems } = await ofGarden({ width: 1280, height: 900 })
  await shows(() => activeStates(page), ['garden', 'open'])
  const reached = await stops(page)
  expect(reached.filter((name) => name.startsWith('NOT'))).toEqual([])
  const used = 'button:not([disabled]), input:not([disabled]), select, [role=listbox], [role=tree]'
  const missed = await page
    .locator(used)
    .evaluateAll((all) =>
      all
        .filter((one) => one.checkVisibility() && !one.hasAttribute('data-reached'))
        .map((one) => one.outerHTML),
    )
  expect(missed).toEqual([])
  for (const name of ['Services', 'Search services by key, definition, state or hold', 'Moment', 'Moments'])
    expect(reached).toContain(name)
  expect(problems).toEqual([])
})

test.each([360, 400])('in a window of %i pixels nothing of any part sticks out', async (width) => {
  const { page } = await ofGarden({ width, height: 800 })
  for (const part of PARTS) {
    await page.getByRole('button', { name: part, exact: true }).click()
    await page
      .locator(part === 'chart' ? '.drawing .box' : `.${part}`)
      .first()
      .waitFor()
    const out = await page.locator('button, input, select, h2, h3, .badge').evaluateAll((all) =>
      all
        .filter((one) => one.checkVisibility())
        .filter((one) => {
          const { left, right } = one.getBoundingClientRect()
          const isCut = one instanceof HTMLButtonElement && one.scrollWidth > one.clientWidth + 1
          return left < 0 || right > innerWidth || isCut
        })
        .map((one) => one.outerHTML.slice(0, 200)),
    )
    expect(out).toEqual([])
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width)
  }
})
