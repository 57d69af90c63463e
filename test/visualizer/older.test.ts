import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createSupervisor } from 'tardigrade'
import { fileStore } from 'tardigrade/stores/file'
import { sqliteStore } from 'tardigrade/stores/sqlite'
import { expect, onTestFinished, test } from 'vitest'
import { inspectBeside } from '../../src/inspect/server/beside.js'
import { restoredFiles } from '../inspect/server/restored-files-kit.js'
import { restoredInOneLife } from '../inspect/server/restored-kit.js'
import { lamp, twiceOwned } from '../inspect/server/unreadable-kit.js'
import { shows, visiting } from './kit/page.js'

const visits = visiting()

async function isTold(folder: string): Promise<void> {
  const told: string[] = []
  const server = await inspectBeside({
    folder,
    store: sqliteStore(folder),
    port: 0,
    control: false,
    onStoreOlder: ({ message }) => told.push(message),
  })
  onTestFinished(() => server.close())
  const { page, problems } = await visits.open(`${server.address}&service=hall`)
  const words = `is older than what was recorded beside it: its last owner has epoch 1, and commits of epoch 2 were recorded.`
  await page.getByRole('alert').getByText(words).waitFor()
  await page
    .getByRole('alert')
    .getByText('It was restored from an older copy, or the log of its database is damaged')
    .waitFor()
  expect(told[0]).toContain(words)
  await page
    .getByRole('alert')
    .getByText(`npx tardigrade doctor --store ${folder}`, { exact: true })
    .waitFor()
  expect(told[0]).toContain(`\`npx tardigrade doctor --store ${folder}\``)
  await page.locator('.stage .badge').getByText('store is older').waitFor()
  const crash = page.getByRole('region', { name: /^(At the next start|If the process died now)$/ })
  await crash
    .getByText(/^The store is older than its recording, which knows of checkpoint \d+: it goes back to/)
    .waitFor()
  const back = /back to checkpoint (\d+)/.exec(await crash.innerText())?.[1] ?? expect.fail('it says none')
  const kept = page.getByRole('region', { name: 'Kept checkpoints' })
  await kept.getByRole('button', { name: 'Show' }).click()
  const used = kept
    .getByRole('listitem')
    .filter({ hasText: /used (by the next start|if the process died now)/ })
  await shows(() => used.locator('.name').allInnerTexts(), [back])
  await page.getByRole('button', { name: 'store is older 2' }).waitFor()
  await page.getByRole('option').getByText('attic').click()
  await crash.getByText('it holds nothing of it, and it would begin anew').waitFor()
  await page.getByRole('option').getByText('kitchen').click()
  await page.locator('.stage .badge').getByText('paused').waitFor()
  await shows(() => page.getByText('removed').count(), 0)
  expect(problems).toEqual([])
}

test('a store that was restored from an older copy is older than its recording, and nothing of it was removed', async () => {
  const { left, before, log } = await twiceOwned()
  writeFileSync(join(left, 'tardigrade.db'), before)
  rmSync(log)
  await isTold(left)
})

test('so is one in whose log bytes are overwritten, behind which SQLite sees nothing', async () => {
  const { left, log } = await twiceOwned()
  const bytes = readFileSync(log)
  writeFileSync(log, bytes.fill(0xa5, 500, 600))
  await isTold(left)
})

test('one that a newer owner has is none, whatever was recorded before', async () => {
  const { left } = await twiceOwned()
  const server = await inspectBeside({ folder: left, store: sqliteStore(left), port: 0, control: false })
  onTestFinished(() => server.close())
  const { page } = await visits.open(`${server.address}&service=attic`)
  await page.getByRole('option').getByText('attic').waitFor()
  await page
    .locator('.stage .badge')
    .getByText(/running|interrupted|paused/)
    .waitFor()
  expect(await page.getByText('store is older').count()).toBe(0)
})

test.each([
  ['restored from a copy', 2, (path: string, before: Buffer) => writeFileSync(path, before)],
  ['begun anew', 1, (path: string) => rmSync(path)],
])(
  'one that was %s and claimed since is as it is, though its epochs have come before',
  async (_, presses, change) => {
    const { left, before, log } = await twiceOwned()
    rmSync(log)
    change(join(left, 'tardigrade.db'), before)
    // It records nothing.
    const supervisor = await createSupervisor({ store: sqliteStore(left) })
    onTestFinished(async () => void (await supervisor.close()))
    const hall = await supervisor.start(lamp, { key: 'hall' })
    // Recorded was that it is off.
    for (let press = 0; press < presses; press++) await hall.send({ type: 'PRESS' })
    const told: string[] = []
    const server = await inspectBeside({
      folder: left,
      store: sqliteStore(left),
      port: 0,
      control: false,
      onStoreOlder: ({ message }) => told.push(message),
    })
    onTestFinished(() => server.close())
    const { page, problems } = await visits.open(`${server.address}&service=hall`)
    await page.locator('.stage .badge').getByText('running, not recorded').waitFor()
    await page.locator('.stage .state').getByText('on', { exact: true }).waitFor()
    const [stored] = await supervisor.list()
    await page.getByText(`checkpoint ${stored?.sequence} was not recorded`).waitFor()
    expect(await page.getByText('store is older').count()).toBe(0)
    expect(told).toEqual([])
    expect(problems).toEqual([])
  },
)

test('a process that shows itself on such a store says so, of what it has not started and as long as it has the store', async () => {
  const { left, before, log } = await twiceOwned()
  rmSync(log)
  writeFileSync(join(left, 'tardigrade.db'), before)
  const warned: string[] = []
  const supervisor = await createSupervisor({
    store: sqliteStore(left),
    inspect: { port: 0, onListening: () => {} },
    onWarning: ({ message }) => warned.push(message),
  })
  onTestFinished(async () => void (await supervisor.close()))
  const words = `is older than what was recorded beside it: its last owner has epoch 1, and commits of epoch 2 were recorded.`
  expect(warned).toEqual([expect.stringContaining(words)])
  expect(warned[0]).toContain('This process has claimed it since')
  const { page, problems } = await visits.open(`${supervisor.inspectAddress}&service=attic`)
  await page.getByRole('alert').getByText(words).waitFor()
  await page.locator('.stage .badge').getByText('store is older').waitFor()
  await page.getByRole('button', { name: 'store is older 2' }).waitFor()
  const hall = await supervisor.start(lamp, { key: 'hall' })
  await hall.send({ type: 'PRESS' })
  await page.getByRole('option').getByText('hall').click()
  await page.locator('.stage .badge').getByText('running').waitFor()
  await page.getByRole('button', { name: 'store is older 1' }).waitFor()
  expect(problems).toEqual([])
  // What it has recorded itself, whose epoch was there before, is as it left it.
  await supervisor.close()
  await page.locator('.stage .badge').getByText('paused').waitFor()
  await page.getByRole('button', { name: 'store is older 1' }).waitFor()
  // The next one knows what it goes on from.
  const told = warned.length
  const next = await createSupervisor({
    store: sqliteStore(left),
    inspect: { port: false },
    onWarning: ({ message }) => warned.push(message),
  })
  await next.close()
  expect(warned).toHaveLength(told)
})

test('one whose last owner has lost commits of its own is older, too, in its own page and in that beside it; not while it removes what it had', async () => {
  const { store } = await restoredInOneLife()
  const words =
    'is older than what was recorded beside it: it holds checkpoint 2 of hall, and its last owner recorded checkpoint 7.'
  const told: string[] = []
  const beside = await inspectBeside({
    folder: store,
    store: sqliteStore(store),
    port: 0,
    control: false,
    onStoreOlder: ({ message }) => told.push(message),
  })
  onTestFinished(() => beside.close())
  const open = async (address: string) => {
    const { page } = await visits.open(`${address}&service=hall`)
    await page.getByRole('alert').getByText(words).waitFor()
    await page.locator('.stage .badge').getByText('store is older').waitFor()
    const crash = page.getByRole('region', { name: 'At the next start' })
    await crash
      .getByText(
        'The store is older than its recording, which knows of checkpoint 7: it goes back to checkpoint 2 (running).',
      )
      .waitFor()
    return page
  }
  const page = await open(beside.address)
  expect(told[0]).toContain(words)
  const supervisor = await createSupervisor({
    store: sqliteStore(store),
    inspect: { port: 0, onListening: () => {} },
    onWarning: () => {},
  })
  onTestFinished(async () => void (await supervisor.close()))
  await open(supervisor.inspectAddress ?? expect.fail('no address'))
  // Claimed it is by now, and nobody has gone on with it.
  await page.getByRole('alert').getByText('of hall, and an earlier owner recorded checkpoint 7').waitFor()
  await page.locator('.stage .badge').getByText('store is older').waitFor()
  // Its numbers begin anew, as its recording tells.
  await supervisor.remove('hall')
  await supervisor.start(lamp, { key: 'hall' })
  await page.locator('.stage .badge').getByText('running').waitFor()
  expect(await page.getByText('store is older').count()).toBe(0)
}, 60_000)

test('of a service that nobody has started since the store was restored and claimed it is said again, and the checkpoint to which it went back was recorded', async () => {
  const { left, before, log } = await twiceOwned()
  rmSync(log)
  writeFileSync(join(left, 'tardigrade.db'), before)
  await (await sqliteStore(left).claim()).close()
  const server = await inspectBeside({ folder: left, store: sqliteStore(left), port: 0, control: false })
  onTestFinished(() => server.close())
  const { page } = await visits.open(`${server.address}&service=hall`)
  await page.getByRole('alert').getByText('is older than what was recorded beside it').waitFor()
  await page.locator('.stage .badge').getByText('store is older').waitFor()
  await page.getByText(/^The store is older than its recording, .* it goes back to checkpoint \d+/).waitFor()
  expect(await page.getByText('not recorded').count()).toBe(0)
  const slider = page.getByRole('slider', { name: 'Moment' })
  const spoken = /^moment (\d+) of \1: [\d:.]+ checkpoint \d+ \(paused\), to which the store went back$/
  await expect.poll(() => slider.getAttribute('aria-valuetext'), { timeout: 20_000 }).toMatch(spoken)
})

test('of plain files of which those of some services are of an older copy, these are older alone, also in the page of a process that claims them', async () => {
  const folder = await restoredFiles()
  const told: string[] = []
  const server = await inspectBeside({
    folder,
    store: fileStore(folder),
    port: 0,
    control: false,
    onStoreOlder: ({ message }) => told.push(message),
  })
  onTestFinished(() => server.close())
  const looksAt = async (address: string) => {
    const { page } = await visits.open(`${address}&service=hall`)
    const alert = page.getByRole('alert')
    await alert.getByText('or the files of those services alone were').waitFor()
    expect(await alert.getByText('log of its database').count()).toBe(0)
    await page.locator('.stage .badge').getByText('store is older').waitFor()
    await page
      .getByText(
        'The store is older than its recording, which knows of checkpoint 7: it goes back to checkpoint 2 (running).',
      )
      .waitFor()
    await page.getByRole('button', { name: 'store is older 2' }).waitFor()
    await page.getByRole('option').getByText('kitchen').click()
    await page.locator('.stage .badge').getByText('paused').waitFor()
  }
  await looksAt(server.address)
  expect(told[0]).toContain('it holds checkpoint 2 of hall')
  await server.close()
  const warned: string[] = []
  const supervisor = await createSupervisor({
    store: fileStore(folder),
    inspect: { port: 0, onListening: () => {} },
    onWarning: ({ message }) => warned.push(message),
  })
  onTestFinished(async () => void (await supervisor.close()))
  expect(warned).toEqual([expect.stringContaining('it holds checkpoint 2 of hall')])
  await looksAt(supervisor.inspectAddress ?? expect.fail('no address'))
}, 60_000)
