import { statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { expect, test } from 'vitest'
import { demo } from './demo.js'
import { visiting } from './page.js'

const IMAGES = resolve(import.meta.dirname, '../../../docs/images')
const LARGEST_BYTES = 150_000

interface Picture {
  readonly name: string
  readonly fragment: string
  readonly width: number
  readonly height: number
  readonly colours: 'dark' | 'light'
  /** Moment that is gone to, by a text of its line. */
  readonly moment?: string
}

const PICTURES: readonly Picture[] = [
  { name: 'page-dark', fragment: '&service=invoice-7', width: 1120, height: 690, colours: 'dark' },
  { name: 'page-light', fragment: '&service=contacts', width: 1120, height: 690, colours: 'light' },
  {
    name: 'page-lifecycle',
    fragment: '&service=lamp-04&chart=both',
    width: 1120,
    height: 690,
    colours: 'dark',
  },
  {
    name: 'page-moment',
    fragment: '&service=invoice-7',
    width: 1104,
    height: 660,
    colours: 'light',
    moment: '→ copying',
  },
  { name: 'page-narrow', fragment: '&service=invoice-7', width: 420, height: 800, colours: 'light' },
]

const visits = visiting()

test.each(PICTURES)('$name', async ({ name, fragment, width, height, colours, moment }) => {
  const { page, problems } = await visits.show(await demo(), fragment, {
    viewport: { width, height },
    colorScheme: colours,
  })
  await page.locator('.drawing .box.active').first().waitFor()
  if (moment !== undefined) {
    const filter = page.getByLabel('Filter the timeline by text')
    await filter.fill(moment)
    await page.getByRole('listbox', { name: 'Moments' }).getByText(moment).last().click()
    await filter.fill('')
  }
  // Fonts and the layout have come; nothing moves, as the page was asked.
  await page.evaluate(() => document.fonts.ready)
  const path = join(IMAGES, `${name}.png`)
  await page.screenshot({ path, animations: 'disabled' })
  expect(statSync(path).size).toBeLessThanOrEqual(LARGEST_BYTES)
  expect(problems).toEqual([])
})
