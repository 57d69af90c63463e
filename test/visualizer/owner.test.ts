import { cpSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { createSupervisor } from 'tardigrade'
import { sqliteStore } from 'tardigrade/stores/sqlite'
import { expect, onTestFinished, test } from 'vitest'
import { callControl } from '../../src/control/call.js'
import { inspectBeside } from '../../src/inspect/server/beside.js'
import { fixture, type Owner, owner } from '../cli/kit.js'
import { freePort } from '../inspect/kit.js'
import { temporaryFolder } from '../kit/folder.js'
import { activeStates, shows, visiting } from './kit/page.js'

const visits = visiting()

test('`run --inspect --control`: checkpoint, kept checkpoints, a kill at a state, and the end', async () => {
  const [store, port] = [temporaryFolder(), await freePort()]
  const run = () => owner(store, fixture('lamp.mjs'), '--key', 'hall', '--inspect', `${port}`, '--control')
  const first = await run()
  const { page } = await visits.open(await addressOf(first))
  await page.getByRole('option').getByText('hall').click()
  await shows(() => activeStates(page), ['lamp', 'off'])
  const controls = page.getByRole('region', { name: 'Controls' })
  const send = async (type: string) => {
    await controls.getByLabel('Type of the event').fill(type)
    await controls.getByRole('button', { name: 'Send' }).click()
  }

  await controls.getByRole('button', { name: 'Checkpoint' }).click()
  await page.locator('.outcome').getByText('Checkpoint: done').waitFor()
  await page.getByRole('listbox', { name: 'Moments' }).getByText('checkpointing').first().waitFor()
  expect(await controls.getByRole('button', { name: 'Retry' }).count()).toBe(0)
  // The checkpoints of the store, as moments; the one that a death would leave is named.
  const kept = page.getByRole('region', { name: 'Kept checkpoints' })
  await kept.getByRole('button', { name: 'Show' }).click()
  await kept.getByText('used if the process died now').waitFor()
  const used = kept.getByRole('button', { name: 'used if the process died now' })
  const crash = page.getByRole('region', { name: 'If the process died now' })
  const number = (await used.locator('.name').textContent()) ?? ''
  await crash.getByText(`checkpoint ${number} `).waitFor()
  await used.click()
  await kept.getByText('"hall"').first().waitFor()
  await page.getByLabel('What is in this moment').getByText(`checkpoint ${number}`, { exact: true }).waitFor()
  await page.getByRole('button', { name: 'Live' }).click()

  await controls.getByLabel('State at which the process is to be killed').selectOption('on')
  await controls.getByRole('button', { name: 'Kill it there' }).click()
  await page.locator('.outcome').getByText('Kill the process at on: armed, until it is taken back').waitFor()
  // Every page shows it, after a reload and in another tab, and each takes it back.
  const armed = page.getByRole('region', { name: 'Kill to come' })
  const told = 'The process is killed when the machine enters on, asked for on the process’s own page.'
  await armed.getByText(told).waitFor()
  await page.reload()
  await armed.getByText(told).waitFor()
  const other = await visits.open(page.url())
  await other.page.getByRole('region', { name: 'Kill to come' }).getByText(told).waitFor()
  await other.page.getByRole('button', { name: 'Take it back' }).click()
  await other.page.locator('.outcome').getByText('Take the kill back: done').waitFor()
  await shows(() => armed.count(), 0)
  await page
    .getByRole('listbox', { name: 'Moments' })
    .getByText('the kill to come was taken back on the process’s own page')
    .waitFor()
  // Asked for by others, and shown by a server beside, which only reads.
  const beside = await inspectBeside({ folder: store, store: sqliteStore(store), port: 0, control: false })
  onTestFinished(() => beside.close())
  const reading = await visits.open(`${beside.address}&service=hall`)
  await callControl(store, { type: 'interruptAt', key: 'hall', state: 'gone' })
  for (const one of [page, reading.page])
    await one.getByText('enters gone, asked for over its control socket.').waitFor()
  expect(await reading.page.getByRole('button', { name: 'Take it back' }).count()).toBe(0)
  await armed.getByRole('button', { name: 'Take it back' }).click()
  await shows(() => reading.page.getByRole('region', { name: 'Kill to come' }).count(), 0)
  await send('PRESS')
  await shows(() => activeStates(page), ['lamp', 'on'])
  // Where it is already, it is killed when it comes back.
  await controls.getByLabel('State at which the process is to be killed').selectOption('on')
  await controls.getByRole('button', { name: 'Kill it there' }).click()
  await page.locator('.outcome').getByText('armed, until it is taken back').waitFor()
  await send('PRESS')
  await shows(() => activeStates(page), ['lamp', 'off'])
  await send('PRESS')
  expect(await first.exit).toBe(null)
  await page.getByText(/^connection lost/).waitFor()

  // Another process, at the same place, goes on where that one died, and the page with it.
  const second = await run()
  await page.getByText('live', { exact: true }).waitFor()
  await page.getByRole('listbox', { name: 'Moments' }).getByText('another process').first().waitFor()
  await shows(() => activeStates(page), ['lamp', 'off'])
  // What was armed has gone with that process.
  await shows(() => armed.count(), 0)
  await controls.getByRole('button', { name: 'Close the supervisor' }).click()
  await controls.getByRole('button', { name: 'Bring every service to rest and close?' }).click()
  expect(await second.exit).toBe(0)
}, 60_000)

test('a crash beside the process is offered where somebody takes it alone, and told as done where the process was killed', async () => {
  const [store, port] = [temporaryFolder(), await freePort()]
  const run = () => owner(store, fixture('lamp.mjs'), '--key', 'hall', '--inspect', `${port}`)
  const first = await run()
  await first.reaches('running')
  first.kill('SIGKILL')
  await first.exit
  const beside = await inspectBeside({ folder: store, store: sqliteStore(store), port: 0, control: true })
  onTestFinished(() => beside.close())
  const { page } = await visits.open(`${beside.address}&service=hall`)
  const controls = page.getByRole('region', { name: 'Controls' })
  const crash = async () => {
    await controls.getByRole('button', { name: 'Crash the process' }).click()
    await controls.getByRole('button', { name: 'Kill it here and now?' }).click()
  }
  await controls.getByText('No process has the store').waitFor()
  expect(await controls.getByRole('button', { name: 'Crash the process' }).isEnabled()).toBe(false)
  const second = await run()
  await page.getByText('another process').first().waitFor()
  await crash()
  await page.locator('.outcome').getByText('Crash the process: done').waitFor()
  expect(await second.exit).toBe(null)
}, 60_000)

test('a page that was open when its kill came says that the process is gone, and takes nothing back', async () => {
  const [store, port] = [temporaryFolder(), await freePort()]
  const run = () => owner(store, fixture('lamp.mjs'), '--key', 'hall', '--inspect', `${port}`)
  const first = await run()
  await first.reaches('running')
  const beside = await inspectBeside({ folder: store, store: sqliteStore(store), port: 0, control: true })
  onTestFinished(() => beside.close())
  const { page } = await visits.open(`${beside.address}&service=hall`)
  const controls = page.getByRole('region', { name: 'Controls' })
  await controls.getByLabel('State at which the process is to be killed').selectOption('on')
  await controls.getByRole('button', { name: 'Kill it there' }).click()
  await page.locator('.outcome').getByText('armed, until it is taken back').waitFor()
  await page.getByRole('region', { name: 'Kill to come' }).getByText('enters on').waitFor()
  await callControl(store, { type: 'send', key: 'hall', event: { type: 'PRESS' } }).catch(() => {})
  expect(await first.exit).toBe(null)
  await page.locator('.stage .badge').getByText('interrupted').waitFor()
  await page.getByRole('button', { name: 'Latest', exact: true }).waitFor()
  const over = 'The process is gone: the kill came, or something else ended it.'
  for (const one of [page, (await visits.open(page.url())).page]) {
    const asked = one.getByRole('region', { name: 'Kill that was to come' })
    await asked.getByText(`when the machine enters on, asked for over its control socket. ${over}`).waitFor()
    expect(await one.getByRole('button', { name: 'Take it back' }).count()).toBe(0)
    expect(await one.getByRole('region', { name: 'Kill to come' }).count()).toBe(0)
  }
  await page.locator('.outcome').getByText('Kill the process at on: the process is gone').waitFor()
  expect(await page.locator('.outcome').getByText('until it is taken back').count()).toBe(0)
  // Nor may it be taken back of one that has the store since, and that records nothing.
  const silent = await createSupervisor({ store: sqliteStore(store) })
  await page.locator('.stage .badge').getByText('running or interrupted').waitFor()
  await page.getByRole('region', { name: 'Kill that was to come' }).getByText(over).waitFor()
  await page.locator('.outcome').getByText('Kill the process at on: the process is gone').waitFor()
  await silent.close()
  // Of the next life nothing of it is true any more.
  await run()
  await page.getByText('another process').first().waitFor()
  await page.getByRole('button', { name: 'Live', exact: true }).waitFor()
  await shows(() => page.getByText('the kill came').count(), 0)
}, 60_000)

/** Where the process says that a person looks. */
async function addressOf({ errors }: Owner): Promise<string> {
  await expect.poll(errors, { timeout: 20_000 }).toMatch(/Open http/)
  return /Open (http[^\s"]+)/.exec(errors())?.[1] ?? ''
}

test('a copy that was put in the place of a store before the page was opened is told by the process that has the other one open', async () => {
  const store = temporaryFolder()
  const process = await owner(store, fixture('lamp.mjs'), '--key', 'hall', '--inspect', '0')
  await process.reaches('running')
  const database = join(store, 'tardigrade.db')
  cpSync(database, `${database}.copy`)
  renameSync(`${database}.copy`, database)
  const beside = await inspectBeside({ folder: store, store: sqliteStore(store), port: 0, control: false })
  onTestFinished(() => beside.close())
  const { page } = await visits.open(`${beside.address}&service=hall`)
  await page
    .getByRole('alert')
    .getByText(/was deleted, moved or replaced, and process \d+, which has claimed it last, still exists/)
    .waitFor()
  await page.locator('.stage .badge').getByText('store unreadable').waitFor()
  process.kill('SIGKILL')
  await process.exit
  await shows(() => page.getByRole('alert').count(), 0)
}, 60_000)
