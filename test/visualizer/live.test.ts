import { createSupervisor, defineService } from 'tardigrade'
import { memoryStore } from 'tardigrade/stores/memory'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { createMachine } from 'xstate'
import { activeStates, shows, Visits } from './kit/page.js'

let visits: Visits
beforeAll(async () => {
  visits = await Visits.begin()
}, 300_000)
afterEach(() => visits.leave())
afterAll(() => visits?.end())

const lamp = defineService({
  id: 'lamp',
  version: 1,
  machine: createMachine({
    id: 'lamp',
    initial: 'off',
    states: { off: { on: { PRESS: 'on' } }, on: { on: { PRESS: 'off' }, after: { 3600000: 'off' } } },
  }),
})

async function inspected() {
  const supervisor = await createSupervisor({
    store: memoryStore(),
    inspect: { port: 0, onListening: () => {} },
  })
  return { supervisor, address: supervisor.inspectAddress ?? expect.fail('no address') }
}

test('a process that shows itself is followed live, through a pause and its end', async () => {
  const { supervisor, address } = await inspected()
  const hall = await supervisor.start(lamp, { key: 'hall' })
  const { page, problems } = await visits.open(address)
  await page.getByRole('option').getByText('hall').click()
  await shows(() => activeStates(page), ['lamp', 'off'])
  await hall.send({ type: 'PRESS' })
  await shows(() => activeStates(page), ['lamp', 'on'])
  expect(await page.locator('.drawing .label.taken').textContent()).toContain('PRESS')
  await page
    .locator('.drawing .countdown')
    .getByText(/^in 59 min/)
    .waitFor()
  await hall.pause('user')
  await page.locator('.stage .badge.paused').waitFor()
  await page.getByRole('region', { name: 'Holds' }).getByText('user').waitFor()
  await page.getByText('live', { exact: true }).waitFor()
  expect(problems).toEqual([])
  await supervisor.close()
  await page
    .getByRole('status')
    .getByText(/^connection lost/)
    .waitFor()
})

test('a token that is another lets nobody in, and the page says so', async () => {
  const { supervisor, address } = await inspected()
  const { page } = await visits.open(address.replace(/token=..../, 'token=XXXX'))
  await page.getByText('refused', { exact: true }).waitFor()
  await page.getByRole('alert').waitFor()
  await supervisor.close()
})
