import type { Page } from 'playwright-core'
import { defineService } from 'tardigrade'
import { expect, test } from 'vitest'
import { createMachine } from 'xstate'
import { demo } from './kit/demo.js'
import { controlled } from './kit/live.js'
import { shows, visiting } from './kit/page.js'

const visits = visiting()

/** What has the focus, as it is called. */
const focused = (page: Page) =>
  page.evaluate(() => {
    const { activeElement: at } = document
    return at === null || at === document.body ? 'nothing' : (at.getAttribute('aria-label') ?? at.textContent)
  })

/** Goes on by Tab to what is called so. */
async function tabTo(page: Page, name: string): Promise<void> {
  for (let presses = 0; presses < 100; presses++) {
    await page.keyboard.press('Tab')
    if ((await focused(page)) === name) return
  }
  expect.fail(`Tab leads to no ${name}`)
}

test('a button that waits for its answer keeps the focus, and is what it is called next', async () => {
  const { page, hall } = await controlled(visits)
  await tabTo(page, 'Pause')
  await page.keyboard.press('Enter')
  await page.locator('.outcome').getByText('Pause: done').waitFor()
  await shows(() => focused(page), 'Resume')
  await page.keyboard.press('Enter')
  await page.locator('.outcome').getByText('Resume: done').waitFor()
  await shows(() => focused(page), 'Pause')
  // What ends disables all of it.
  await hall.stop()
  await page.getByText('It was stopped: nothing can').waitFor()
  await shows(() => focused(page), 'Controls')
  // From there it goes on.
  await page.keyboard.press('Tab')
  expect(await focused(page)).toBe('Close the supervisor')
})

test('the focus of what has gone is on the part in which it was, or on the one before', async () => {
  const { supervisor, page, controls, problems } = await controlled(visits)
  const broken = defineService({
    id: 'broken',
    version: 1,
    machine: createMachine({
      id: 'broken',
      context: { tries: 0 },
      initial: 'on',
      states: {
        on: {
          on: {
            FAIL: {
              actions: () => {
                throw new Error('out of order')
              },
            },
          },
        },
      },
    }),
  })
  const cellar = await supervisor.start(broken, { key: 'cellar' })
  await cellar.send({ type: 'FAIL' }).catch(() => {})
  await page.getByRole('listbox', { name: 'Services' }).getByText('cellar').click()
  await page.locator('.stage .badge.failed').waitFor()
  await page.getByLabel('Search services by key').focus()
  await tabTo(page, 'Retry')
  await page.keyboard.press('Enter')
  await page.locator('.stage .badge.running').waitFor()
  await shows(() => focused(page), 'Controls')

  await controls.getByLabel('State at which the process is to be killed').selectOption('on')
  await tabTo(page, 'Kill it there')
  await page.keyboard.press('Enter')
  const toCome = page.getByRole('region', { name: 'Kill to come' })
  await toCome.waitFor()
  expect(await focused(page)).toBe('Kill it there')
  await tabTo(page, 'Take it back')
  await page.keyboard.press('Enter')
  await toCome.waitFor({ state: 'detached' })
  await shows(() => focused(page), 'Outcomes')

  await tabTo(page, 'Compare')
  await page.keyboard.press('Enter')
  const compared = page.getByRole('region', { name: 'Compared' })
  await compared.waitFor()
  await page.getByLabel('Search services by key').focus()
  await tabTo(page, 'End the comparison')
  await page.keyboard.press('Enter')
  await compared.waitFor({ state: 'detached' })
  await shows(() => focused(page), 'Outcomes')
  expect(problems).toEqual([])
})

test('what a lost server takes away leaves the focus with the controls', async () => {
  const { supervisor, page } = await controlled(visits)
  await tabTo(page, 'Close the supervisor')
  await supervisor.close()
  await page.getByRole('status').getByText('ended', { exact: true }).waitFor()
  await shows(() => focused(page), 'Controls')
})

test('what is put away leaves the focus where it was, also in a narrow window', async () => {
  const { page } = await visits.show(await demo(), '&service=invoice-7', {
    viewport: { width: 420, height: 800 },
  })
  await page.locator('.drawing .box.active').first().waitFor()
  await page.locator('.drawing').focus()
  await page.keyboard.press('ArrowDown')
  await page.getByRole('complementary', { name: /^State/ }).waitFor()
  await tabTo(page, 'Close')
  await page.keyboard.press('Enter')
  await shows(() => focused(page), 'Chart')
  // A list that is chosen from goes, and the chart comes.
  await page.getByRole('button', { name: 'services', exact: true }).click()
  await page.getByLabel('Search services by key').focus()
  await tabTo(page, 'Services')
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  await shows(() => focused(page), 'Chart')
})

test('who steps through the moments keeps the button at either end', async () => {
  const { page } = await visits.show(await demo(), '&service=office')
  await tabTo(page, 'One moment back')
  const slider = page.getByLabel('Moment', { exact: true })
  const now = Number(await slider.inputValue())
  for (let at = now; at > 0; at--) await page.keyboard.press('Enter')
  await shows(() => slider.inputValue(), '0')
  await page.keyboard.press('Enter')
  expect(await focused(page)).toBe('One moment back')
  await tabTo(page, 'One moment on')
  for (let at = 0; at < now; at++) await page.keyboard.press('Enter')
  await shows(() => slider.inputValue(), `${now}`)
  expect(await focused(page)).toBe('One moment on')
})

test('what is asked twice is no longer armed after Escape, another control, or a server that came back', async () => {
  const { supervisor, page, controls } = await controlled(visits)
  const stop = controls.getByRole('button', { name: 'Close the supervisor' })
  const armed = controls.getByRole('button', { name: 'Bring every service to rest and close?' })
  const arm = async () => {
    await stop.click()
    await armed.waitFor()
  }
  await arm()
  await page.keyboard.press('Escape')
  await stop.waitFor()
  await arm()
  await page.keyboard.press('Tab')
  await stop.waitFor()
  await arm()
  // A control may be used that takes no focus.
  await page.evaluate(() => document.querySelector<HTMLElement>('.kinds button')?.click())
  await stop.waitFor()
  await arm()
  await supervisor.close()
  await page.getByRole('status').getByText('ended', { exact: true }).waitFor()
  await stop.waitFor()
})
