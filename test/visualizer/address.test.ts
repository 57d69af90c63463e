import { expect, test } from 'vitest'
import { createMachine } from 'xstate'
import { shows, visiting } from './kit/page.js'
import { Recording } from './kit/recording.js'

const visits = visiting()

const gate = createMachine({
  id: 'gate',
  initial: 'shut',
  states: {
    shut: { on: { OPEN: 'open' } },
    open: {
      initial: 'opening',
      on: { SHUT: 'shut' },
      states: { opening: { on: { OPENED: 'wide' } }, wide: {} },
    },
  },
})
const barrier = createMachine({ id: 'barrier', initial: 'down', states: { down: {}, up: {} } })

/** Two gates, of which one has failed, and a barrier. */
function car(): Recording {
  const recording = new Recording('p1', false)
  const [north] = ['gate-north', 'gate-south'].map((key) => {
    const one = recording.service(key, gate).start()
    one.send({ type: 'OPEN' })
    one.send({ type: 'OPENED' })
    return one
  })
  recording.service('barrier', barrier).start()
  north?.lifecycle('failed', 'lifecycle.failed')
  return recording
}

test('what was searched, filtered and chosen stays at another service, and the address keeps it', async () => {
  const { page, problems } = await visits.show(car(), '&service=gate-north')
  const services = page.getByRole('listbox', { name: 'Services' })
  const listed = () => services.locator('.key').allTextContents()
  const moments = page.getByRole('listbox', { name: 'Moments' })
  const kinds = page.getByRole('toolbar', { name: 'Filter by kind' })
  const commits = kinds.getByRole('button', { name: 'commit' })
  const filter = page.getByLabel('Filter the timeline by text')
  await page.getByLabel('Search services').fill('gate')
  await commits.click()
  await filter.fill('OPENED')
  const told = async () =>
    (await moments.locator('.moment').allTextContents()).every((text) => /OPENED/.test(text))
  await shows(told, true)
  await page.getByRole('button', { name: 'Draw from left to right' }).click()
  await page.getByRole('button', { name: 'List', exact: true }).click()
  const stands = async () => {
    await shows(listed, ['gate-north', 'gate-south'])
    await shows(told, true)
    expect(await filter.inputValue()).toBe('OPENED')
    expect(await commits.getAttribute('aria-pressed')).toBe('false')
    await page.getByRole('button', { name: 'List', exact: true, pressed: true }).waitFor()
  }
  await services.getByText('gate-south').click()
  await stands()
  await page.reload()
  await stands()
  await page.getByRole('button', { name: 'List', exact: true }).click()
  await page.getByRole('button', { name: 'Draw from top to bottom' }).click()
  await page
    .getByRole('toolbar', { name: 'Filter by lifecycle state' })
    .getByRole('button', { name: 'failed' })
    .click()
  await page.getByRole('button', { name: 'Sequence' }).click()
  await page.reload()
  await shows(listed, ['gate-north'])
  await page.getByRole('listbox', { name: 'Messages' }).waitFor()
  // As usual the address is short.
  await page.getByRole('button', { name: 'Sequence' }).click()
  await page
    .getByRole('toolbar', { name: 'Filter by lifecycle state' })
    .getByRole('button', { name: 'failed' })
    .click()
  await commits.click()
  await filter.fill('')
  await page.getByLabel('Search services').fill('')
  await shows(
    async () => [...new URLSearchParams(new URL(page.url()).hash.slice(1)).keys()],
    ['trace', 'service'],
  )
  expect(problems).toEqual([])
})

test('what was folded and searched in a chart is so when one comes back to it, and folded when the page is loaded again', async () => {
  const { page, problems } = await visits.show(car(), '&service=gate-north')
  const search = page.getByLabel('Find a state or an event in the chart')
  await search.fill('shut')
  await page.getByRole('button', { name: 'Fold all' }).click()
  await page.getByRole('button', { name: 'Unfold all' }).waitFor()
  const services = page.getByRole('listbox', { name: 'Services' })
  await services.getByText('barrier').first().click()
  await page.locator('.drawing .box[aria-label^="down"]').waitFor()
  await services.getByText('gate-south').click()
  await page.getByRole('button', { name: 'Unfold all' }).waitFor()
  const wide = page.locator('.drawing .box[aria-label^="wide"]')
  expect(await wide.count()).toBe(0)
  expect(await search.inputValue()).toBe('shut')
  await page.reload()
  await page.getByRole('button', { name: 'Unfold all' }).waitFor()
  expect(await wide.count()).toBe(0)
  await page.getByRole('button', { name: 'Unfold all' }).click()
  await page.reload()
  await wide.waitFor()
  // What somebody else has written there folds nothing, and breaks nothing.
  await page.evaluate(() => {
    for (const name of Object.keys(sessionStorage)) sessionStorage.setItem(name, '{"states":[7]}')
  })
  await page.reload()
  await wide.waitFor()
  expect(problems).toEqual([])
})

test('who comes back to a service finds the moments and the actor that they looked at; one of which nothing was chosen is shown as it is now', async () => {
  const { page } = await visits.show(car(), '&service=gate-north&actor=motor')
  const services = page.getByRole('listbox', { name: 'Services' })
  const moments = page.getByRole('listbox', { name: 'Moments' }).locator('.moment')
  const places = async () => {
    const { searchParams } = new URL(`http://page/?${new URL(page.url()).hash.slice(1)}`)
    return [searchParams.get('service'), ...['actor', 'at', 'from'].filter((name) => searchParams.has(name))]
  }
  await moments.first().click()
  await page.getByRole('button', { name: 'Compare' }).click()
  await moments.nth(3).click()
  await shows(places, ['gate-north', 'actor', 'at', 'from'])
  const range = page.url()
  await services.getByText('gate-south').click()
  await shows(places, ['gate-south'])
  await services.getByText('gate-north').click()
  await shows(async () => page.url(), range)
  // Clicked once more it is shown as it is now.
  await services.getByText('gate-north').click()
  await shows(places, ['gate-north'])
})

test('a narrow window shows the same part when the page is loaded again', async () => {
  const { page } = await visits.show(car(), '&service=gate-north', { viewport: { width: 420, height: 800 } })
  const part = (name: string) => page.getByRole('button', { name, exact: true, pressed: true })
  await part('chart').waitFor()
  await page.getByRole('button', { name: 'timeline', exact: true }).click()
  await page.reload()
  await part('timeline').waitFor()
  await page.getByRole('button', { name: 'services', exact: true }).click()
  await page.getByRole('listbox', { name: 'Services' }).getByText('gate-south').click()
  await part('chart').waitFor()
})
