import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Locator } from 'playwright-core'
import { createSupervisor, defineService } from 'tardigrade'
import { fileStore } from 'tardigrade/stores/file'
import { sqliteStore } from 'tardigrade/stores/sqlite'
import { expect, onTestFinished, test } from 'vitest'
import { createMachine, setup } from 'xstate'
import { serveControl } from '../../src/control/index.js'
import { inspectBeside } from '../../src/inspect/server/beside.js'
import { loadSqliteDriver } from '../../src/stores/sqlite-driver.js'
import { ofAnotherProcess } from '../inspect/server/unreadable-kit.js'
import { ManualClock } from '../kit/clock.js'
import { shows, visiting } from './kit/page.js'

const visits = visiting()

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
  const supervisor = await createSupervisor({ store: fileStore(folder), clock, inspect: { port: false } })
  await supervisor.start(kettle, { key: 'kitchen' })
  await clock.advance(10_000)
  await supervisor.close()
  ofAnotherProcess(folder)
  const owner = join(folder, 'owner.json')
  writeFileSync(owner, readFileSync(owner, 'utf8').replace(`"pid":${process.pid}`, '"pid":2147483647'))
  return folder
}

/** What a screen reader says of it besides its name. */
function described(of: Locator): Promise<string | null> {
  return of.evaluate((element) => {
    const id = element.getAttribute('aria-describedby') ?? ''
    return element.ownerDocument.getElementById(id)?.textContent ?? null
  })
}

async function opened(control = false) {
  const folder = await storeAtRest()
  const server = await inspectBeside({ folder, store: fileStore(folder), port: 0, control })
  onTestFinished(() => server.close())
  const visit = await visits.open(`${server.address}&service=kitchen`)
  const part = (name: string) => visit.page.getByRole('region', { name, exact: true })
  return { ...visit, part, folder }
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
  await timer('whistling').getByText('20 s after it goes on').waitFor()
  await timer('steaming').getByText('40 s after it goes on').waitFor()
  await page
    .getByRole('listbox', { name: 'Services' })
    .getByText(/^overdue by 3 min/)
    .waitFor()
  // What was then was then.
  await page.getByRole('button', { name: 'One moment back' }).click()
  await timer('cooling')
    .getByText(/^in (10|9\.\d) s$/)
    .waitFor()
  expect(problems).toEqual([])
})

test('where no process takes requests, nothing is offered, and it is said why; where one does again, all is', async () => {
  const { part, folder, problems } = await opened(true)
  const controls = part('Controls')
  const why = 'No process has the store: start the one that runs its services, and it takes requests again.'
  await controls.getByText(why).waitFor()
  const buttons = [
    'Pause',
    'Checkpoint',
    'Send',
    'Kill it there',
    'Close the supervisor',
    'Crash the process',
  ]
  const enabled = () =>
    Promise.all(buttons.map((name) => controls.getByRole('button', { name, exact: true }).isEnabled()))
  expect(await enabled()).toEqual(buttons.map(() => false))
  expect(await controls.getByLabel('Type of the event').isEnabled()).toBe(false)
  for (const name of ['Pause', 'Crash the process'])
    expect(await described(controls.getByRole('button', { name, exact: true }))).toBe(why)
  for (const group of await controls.getByRole('group').all()) expect(await described(group)).toBe(why)
  // A process comes, which takes no requests; and then it does.
  const supervisor = await createSupervisor({ store: fileStore(folder) })
  onTestFinished(async () => void (await supervisor.close()))
  await controls.getByText(`Process ${process.pid}, which claimed the store, takes no requests`).waitFor()
  const stopControl = await serveControl(supervisor, folder)
  await shows(() => controls.getByRole('button', { name: 'Pause', exact: true }).isEnabled(), true)
  await shows(() => controls.getByText('which has the store').count(), 0)
  await controls.getByLabel('Type of the event').fill('PRESS')
  await shows(() => controls.getByRole('button', { name: 'Send', exact: true }).isEnabled(), true)
  await stopControl()
  // It hangs.
  const hung = createServer(() => {}).listen(join(folder, 'control.sock'))
  onTestFinished(() => void hung.close())
  await controls.getByText(`Process ${process.pid}, which has the store, does not answer`).waitFor()
  await shows(
    enabled,
    buttons.map(() => false),
  )
  expect(problems).toEqual([])
})

test('where no process has it, what is said of its checkpoint is of the next start', async () => {
  const { page, part } = await opened()
  await part('At the next start')
    .getByText(/^checkpoint \d+ \(\w+\)$/)
    .waitFor()
  await part('Kept checkpoints').getByRole('button', { name: 'Show' }).click()
  await page.getByText('used by the next start').waitFor()
  expect(await part('If the process died now').count()).toBe(0)
  // Then there was one.
  await page.getByRole('button', { name: 'One moment back' }).click()
  await part('If the process died now').waitFor()
})

test('of a service that slept, and whose checkpoint was damaged since, Context says that it cannot be read, until it can be', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'tardigrade-damaged-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const clock = new ManualClock(0)
  const supervisor = await createSupervisor({
    store: sqliteStore(folder),
    clock,
    idleAfterMs: 1000,
    inspect: { port: false },
  })
  const machine = createMachine({ id: 'urn', context: { litres: 7 } })
  const urn = await supervisor.start(defineService({ id: 'urn', version: 1, machine }), { key: 'hall' })
  await urn.checkpoint()
  await clock.advance(5000)
  await supervisor.close()
  ofAnotherProcess(folder)
  const { DatabaseSync } = await loadSqliteDriver('the tests')
  const replaced = (from: string, to: string) => {
    const database = new DatabaseSync(join(folder, 'tardigrade.db'))
    database.exec(`UPDATE checkpoint SET text = replace(text, '${from}', '${to}')`)
    database.close()
  }
  replaced('litres', 'metres')
  const server = await inspectBeside({ folder, store: sqliteStore(folder), port: 0, control: false })
  onTestFinished(() => server.close())
  const { page, problems } = await visits.open(`${server.address}&service=hall`)
  const context = page.getByRole('region', { name: 'Context' })
  await page.locator('.stage .badge').getByText('damaged').waitFor()
  await context.getByText('It cannot be read: its newest checkpoint is damaged.').waitFor()
  // What was then was then.
  await page.getByRole('button', { name: 'One moment back' }).click()
  await context.getByText('litres 7').waitFor()
  await page.getByRole('button', { name: 'Latest' }).click()
  await context.getByText('It cannot be read').waitFor()
  replaced('metres', 'litres')
  await context.getByText('Asleep: it is in the store.').waitFor()
  expect(problems).toEqual([])
})
