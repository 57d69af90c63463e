import { expect, test } from 'vitest'
import { demo } from './kit/demo.js'
import { visiting } from './kit/page.js'

const visits = visiting()

test('in a narrow window what is in a moment leaves most of the timeline to the moments, and scrolls', async () => {
  const { page } = await visits.show(await demo(), '&service=invoice-7', {
    viewport: { width: 420, height: 800 },
  })
  await page.getByRole('button', { name: 'timeline', exact: true }).click()
  const moments = page.getByRole('listbox', { name: 'Moments' })
  // A chart, which is long.
  await moments.press('Home')
  await moments.getByRole('option').filter({ hasText: 'the machine is there' }).first().click()
  const inside = page.getByLabel('What is in this moment')
  await inside.waitFor()
  const boxes = await Promise.all([moments, inside].map((part) => part.boundingBox()))
  const [list, details] = boxes.map((box) => box ?? expect.fail('it is not shown'))
  expect(list?.width).toBeGreaterThan(400)
  expect(details?.width).toBeGreaterThan(400)
  expect(list?.height ?? 0).toBeGreaterThan(2 * (details?.height ?? 0))
  expect(await inside.evaluate((part) => getComputedStyle(part).overflowY)).toBe('auto')
})
