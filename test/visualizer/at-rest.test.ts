import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createSupervisor, defineService } from 'tardigrade'
import { sqliteStore } from 'tardigrade/stores/sqlite'
import { afterAll, afterEach, beforeAll, expect, onTestFinished, test } from 'vitest'
import { setup } from 'xstate'
import { inspectBeside } from '../../src/inspect/server/beside.js'
import { ofAnotherProcess } from '../inspect/server/unreadable-kit.js'
import { ManualClock } from '../kit/clock.js'
import { Visits } from './kit/page.js'

let visits: Visits
beforeAll(async () => {
  visits = await Visits.begin()
}, 300_000)
afterEach(() => visits.leave())
afterAll(() => visits?.end())

const kettle = defineService({
  id: 'kettle',
  version: 1,
  machine: setup({
    delays: { cooling: 20_000, whistling: 30_000, steaming: 40_000, drying: 7_200_000 },
  }).createMachine({
    id: 'kettle',
    initial: 'hot',
    states: {
      hot: { after: { cooling: 'cold', whistling: 'cold', steaming: 'cold', drying: 'cold' } },
      cold: {},
    },
  }),
  timers: { default: 'deadline', whistling: 'remaining', steaming: 'restart' },
})

/** A store with a kettle in no process, which was recorded; its timers of seconds were due three minutes ago. */
async function storeAtRest() {
  const folder = mkdtempSync(join(tmpdir(), 'tardigrade-at-rest-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const clock = new ManualClock(Date.now() - 200_000)
  const supervisor = await createSupervisor({ store: sqliteStore(folder), clock, inspect: { port: false } })
  await supervisor.start(kettle, { key: 'kitchen' })
  await supervisor.close()
  ofAnotherProcess(folder)
  return folder
}

async function opened(control = false) {
  const folder = await storeAtRest()
  const server = await inspectBeside({ folder, store: sqliteStore(folder), port: 0, control })
  onTestFinished(() => server.close())
  const visit = await visits.open(`${server.address}&service=kitchen`)
  const part = (name: string) => visit.page.getByRole('region', { name, exact: true })
  return { ...visit, part }
}

test('of a service in no process a timer says by how much it is overdue, and time goes on; one that stands still says how long it takes', async () => {
  const { page, part, problems } = await opened()
  const timer = (name: string) =>
    part('Timers').getByRole('listitem').filter({ hasText: name }).locator('.value')
  await timer('cooling')
    .getByText(/^overdue by 3 min/)
    .waitFor()
  const text = () => timer('cooling').textContent()
  const first = await text()
  await expect.poll(text, { timeout: 20_000 }).not.toBe(first)
  await timer('drying')
    .getByText(/^in 1 h 5\d min$/)
    .waitFor()
  await timer('whistling').getByText('stands still until it goes on').waitFor()
  await timer('steaming').getByText('40 s after it goes on').waitFor()
  await page
    .getByRole('listbox', { name: 'Services' })
    .getByText(/^overdue by 3 min/)
    .waitFor()
  // What was then was then.
  await page.getByRole('button', { name: 'One moment back' }).click()
  await timer('cooling')
    .getByText(/^in (20|19\.\d) s$/)
    .waitFor()
  expect(problems).toEqual([])
})
