import { cpSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { createSupervisor } from 'tardigrade'
import { fileStore } from 'tardigrade/stores/file'
import { sqliteStore } from 'tardigrade/stores/sqlite'
import { expect, onTestFinished, test } from 'vitest'
import { inspectBeside } from '../../src/inspect/server/beside.js'
import { loadSqliteDriver } from '../../src/stores/sqlite-driver.js'
import { fixture, owner } from '../cli/kit.js'
import { write } from '../cli/records.js'
import { damaged, lamp, put, recordedStore } from '../inspect/server/unreadable-kit.js'
import { temporaryFolder } from '../kit/folder.js'
import { activeStates, shows, visiting } from './kit/page.js'

const visits = visiting()

async function beside() {
  const { folder, path } = await recordedStore(sqliteStore)
  const spoil = () => damaged(path, (file) => put(file, 'no database at all'))
  const begin = async () => {
    const server = await inspectBeside({ folder, store: sqliteStore(folder), port: 0, control: false })
    onTestFinished(() => server.close())
    return server.address
  }
  return { folder, spoil, begin }
}

test('over a store that SQLite does not open, the page says so and shows what was recorded, until it can be read', async () => {
  const { folder, spoil, begin } = await beside()
  const mend = spoil()
  const { page, problems } = await visits.open(await begin())
  const alert = page.getByRole('alert')
  await alert.getByText(`The store ${folder} cannot be read: file is not a database.`).waitFor()
  await alert.getByText('Nothing was changed. Restore the folder from a copy').waitFor()
  const list = page.getByRole('listbox', { name: 'Services' })
  await shows(() => list.getByText('store unreadable').count(), 2)
  await page.getByRole('button', { name: 'store unreadable 2' }).click()
  await page.getByLabel('Search services').fill('hall unread')
  await shows(() => list.getByRole('option').count(), 1)
  await list.getByText('hall').click()
  await page.locator('.stage .badge').getByText('store unreadable').waitFor()
  await shows(() => activeStates(page), ['lamp', 'on'])
  // Nothing of a checkpoint is made up.
  const crash = page.getByRole('region', { name: 'At the next start' })
  await crash
    .getByText(
      /^Nobody knows: the store cannot be read\. The newest commit that was recorded is checkpoint \d+\.$/,
    )
    .waitFor()
  expect(await page.getByRole('region', { name: 'Kept checkpoints' }).count()).toBe(0)
  // Its history is gone through as ever: how it stood then was recorded.
  await page.getByRole('slider', { name: 'Moment' }).fill('4')
  await shows(() => activeStates(page), ['lamp', 'off'])
  await shows(() => page.locator('.stage .badge.unreadable').count(), 0)
  await page.getByRole('button', { name: 'Latest' }).click()
  await page.locator('.stage .badge.unreadable').waitFor()
  mend()
  await page.locator('.stage .badge.paused').waitFor()
  await shows(() => alert.count(), 0)
  await crash.getByText(/^checkpoint \d+ \(paused\)$/).waitFor()
  await page.getByRole('region', { name: 'Kept checkpoints' }).getByRole('button', { name: 'Show' }).click()
  await page.getByText('used by the next start').waitFor()
  expect(problems).toEqual([])
})

test('a store that is damaged while pages look on is told to each of them, and to one that comes then', async () => {
  const { spoil, begin } = await beside()
  const address = await begin()
  const first = await visits.open(`${address}&service=hall`)
  await first.page.locator('.stage .badge.paused').waitFor()
  await first.page.getByRole('region', { name: 'Kept checkpoints' }).waitFor()
  const mend = spoil()
  await first.page.locator('.stage .badge.unreadable').waitFor()
  await first.page.getByRole('alert').getByText('file is not a database').waitFor()
  await shows(() => first.page.getByRole('region', { name: 'Kept checkpoints' }).count(), 0)
  const second = await visits.open(`${address}&service=kitchen`)
  await second.page.getByRole('alert').getByText('file is not a database').waitFor()
  await second.page.locator('.stage .badge.unreadable').waitFor()
  mend()
  for (const { page, problems } of [first, second]) {
    await page.locator('.stage .badge.paused').waitFor()
    await shows(() => page.getByRole('alert').count(), 0)
    await page.getByRole('status').getByText('connected').waitFor()
    expect(problems).toEqual([])
  }
})

test.each([
  ['database', sqliteStore],
  ['file store', fileStore],
])('a %s that is deleted under who shows itself is told once a commit has met that', async (_, make) => {
  const { folder } = await recordedStore(make)
  const supervisor = await createSupervisor({
    store: make(folder),
    inspect: { port: 0, onListening: () => {} },
  })
  const service = await supervisor.start(lamp, { key: 'hall' })
  const { page, problems } = await visits.open(`${supervisor.inspectAddress}&service=hall`)
  await page.locator('.stage .badge.running').waitFor()
  const alert = page.getByRole('alert')
  expect(await alert.count()).toBe(0)
  await service.send({ type: 'PRESS' })
  rmSync(folder, { recursive: true })
  await expect.poll(() => service.send({ type: 'PRESS' }).catch(({ code }) => code)).toBe('STORE_GONE')
  await alert.getByText(`The store ${folder} is not there any more`).waitFor()
  await alert.getByText('Stop this process, put the folder back or begin anew').waitFor()
  await page
    .getByRole('region', { name: 'If the process died now' })
    .getByText('Nobody knows: the store cannot be read.')
    .waitFor()
  // What a page still fetches as its server goes would be a problem.
  expect(problems).toEqual([])
  await supervisor.close().catch(() => {})
})

test('in a narrow window the words of it take no more than a third, and nothing sticks out', async () => {
  const { spoil, begin } = await beside()
  spoil()
  const { page } = await visits.open(`${await begin()}&service=hall`, {
    viewport: { width: 380, height: 700 },
  })
  await page.locator('.stage .badge.unreadable').waitFor()
  const box = await page.getByRole('alert').boundingBox()
  expect(box?.height).toBeLessThanOrEqual(700 / 3)
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(380)
})

test('in the list, what stands beside the definition leaves it whole, and is whole itself', async () => {
  const { spoil, begin } = await beside()
  spoil()
  const { page } = await visits.open(await begin(), { viewport: { width: 900, height: 700 } })
  const row = page.getByRole('option').filter({ hasText: 'hall' })
  await row.getByText('store unreadable').waitFor()
  const box = (await row.boundingBox()) ?? expect.fail('no row')
  for (const part of await row.locator('.definition, .fact > *').all()) {
    expect(
      await part.evaluate(
        (element) => element.scrollWidth <= element.clientWidth + 1 || element.clientWidth === 0,
      ),
    ).toBe(true)
    const { x, y, width, height } = (await part.boundingBox()) ?? expect.fail('no part')
    expect(width).toBeGreaterThan(10)
    expect(x + width).toBeLessThanOrEqual(box.x + box.width)
    expect(y + height).toBeLessThanOrEqual(box.y + box.height)
  }
})

test.each([
  ['deleted', (folder: string) => rmSync(folder, { recursive: true }), 'STORE_AWAY'],
  ['moved', (folder: string) => renameSync(folder, `${folder}.moved`), 'STORE_AWAY'],
  ['replaced by a copy', replaced, undefined],
])(
  'a store that is %s under the process that has it is not there, and nobody knows how its services stand',
  async (_, take, code) => {
    const folder = temporaryFolder()
    onTestFinished(() => rmSync(`${folder}.moved`, { recursive: true, force: true }))
    const process = await owner(folder, fixture('lamp.mjs'), '--key', 'hall', '--inspect', '0')
    await process.reaches('running')
    const failures: unknown[] = []
    const server = await inspectBeside({
      folder,
      store: sqliteStore(folder),
      port: 0,
      control: false,
      onStoreFailed: (error) => failures.push(error),
    })
    onTestFinished(() => server.close())
    const { page } = await visits.open(`${server.address}&service=hall`)
    await page.locator('.stage .badge').getByText('running').waitFor()
    take(folder)
    const isTold = async () => {
      await page.getByRole('alert').getByText(`The store ${folder} is not there any more`).waitFor()
      await page.locator('.stage .badge').getByText('store unreadable').waitFor()
      await shows(() => activeStates(page), ['lamp', 'off'])
    }
    await isTold()
    await page.reload()
    await isTold()
    expect(failures.at(-1)).toMatchObject({ code: 'STORE_GONE', pid: process.pid })
    // Once that is gone, what is there is all there is; of a folder that is not there, nobody knows that.
    process.kill('SIGKILL')
    await process.exit
    if (code !== undefined) {
      await page.getByRole('alert').getByText(`The store ${folder} is away`).waitFor()
      await page.locator('.stage .badge').getByText('store unreadable').waitFor()
      expect(failures.at(-1)).toMatchObject({ code })
      return
    }
    await shows(() => page.getByRole('alert').count(), 0)
    await page.locator('.stage .badge').getByText('interrupted').waitFor()
    expect(failures.at(-1)).toBeUndefined()
  },
  60_000,
)

test('a store whose folder is moved away while nothing runs is away, nothing of it was removed, and all is shown again when it is back', async () => {
  const { folder } = await recordedStore(sqliteStore)
  onTestFinished(() => rmSync(`${folder}.moved`, { recursive: true, force: true }))
  const failures: unknown[] = []
  const onStoreFailed = (error: unknown) => void failures.push(error)
  const server = await inspectBeside({
    folder,
    store: sqliteStore(folder),
    port: 0,
    control: false,
    onStoreFailed,
  })
  onTestFinished(() => server.close())
  const { page, problems } = await visits.open(`${server.address}&service=hall`)
  const badge = page.locator('.stage .badge')
  await badge.getByText('paused').waitFor()
  renameSync(folder, `${folder}.moved`)
  await page.getByRole('alert').getByText(`The store ${folder} is away`).waitFor()
  await page.getByRole('alert').getByText('Put the folder back').waitFor()
  await badge.getByText('store unreadable').waitFor()
  expect(await page.getByText('removed', { exact: true }).count()).toBe(0)
  await shows(() => activeStates(page), ['lamp', 'on'])
  expect(failures.at(-1)).toMatchObject({ code: 'STORE_AWAY', location: folder })
  renameSync(`${folder}.moved`, folder)
  await badge.getByText('paused').waitFor()
  await shows(() => page.getByRole('alert').count(), 0)
  expect(failures.at(-1)).toBeUndefined()
  expect(problems).toEqual([])
})

function replaced(folder: string): void {
  cpSync(folder, `${folder}.moved`, { recursive: true, filter: (path) => !path.includes('sock') })
  const of = (path: string) => join(path, 'tardigrade.db')
  renameSync(of(`${folder}.moved`), of(folder))
}

const USED = /^used (by the next start|if the process died now)$/

test('what is to be done about a damaged checkpoint is said by what the older ones are, and none that is damaged is used', async () => {
  const folder = temporaryFolder()
  await write(folder, [
    { key: 'a mend' },
    { key: 'a mend', sequence: 2, text: 'hello' },
    { key: 'lost', text: 'hello' },
    { key: 'lost', sequence: 2, text: 'hello' },
    { key: 'older', text: 'hello' },
    { key: 'older', sequence: 2 },
  ])
  const server = await inspectBeside({ folder, store: sqliteStore(folder), port: 0, control: false })
  onTestFinished(() => server.close())
  const opened = async (key: string) => {
    const { page } = await visits.open(`${server.address}&service=${encodeURIComponent(key)}`)
    const kept = page.getByRole('region', { name: 'Kept checkpoints' })
    await kept.getByRole('button', { name: 'Show' }).click()
    await kept.getByRole('listitem').nth(1).waitFor()
    const [told, bad, used] = await Promise.all([
      page.locator('.damage').allInnerTexts(),
      kept.locator('.bad').allInnerTexts(),
      kept.getByText(USED).count(),
    ])
    return { told: told.join(), bad, used }
  }
  const mend = await opened('a mend')
  expect(mend).toMatchObject({ used: 0, bad: ['It is damaged: what to do is said above.'] })
  expect(mend.told).toContain(
    `Checkpoint 1 is good: go on from it with npx tardigrade retry 'a mend' --last-good --store ${folder}`,
  )
  const lost = await opened('lost')
  expect(lost.told).toContain('no older one is usable either: restore a backup')
  expect(lost).toMatchObject({
    used: 0,
    bad: [
      'It is damaged: what to do is said above.',
      expect.stringContaining('Nothing goes on from it either.'),
    ],
  })
  const older = await opened('older')
  expect(older).toEqual({ used: 1, told: '', bad: [expect.stringContaining('The service does not need it')] })
})

test('a recorded checkpoint that was damaged since is not used by the next start', async () => {
  const { folder, path } = await recordedStore(sqliteStore)
  const { DatabaseSync } = await loadSqliteDriver('the tests')
  const database = new DatabaseSync(path)
  database.exec("UPDATE checkpoint SET text = 'hello'")
  database.close()
  const server = await inspectBeside({ folder, store: sqliteStore(folder), port: 0, control: false })
  onTestFinished(() => server.close())
  const { page } = await visits.open(`${server.address}&service=hall`)
  const kept = page.getByRole('region', { name: 'Kept checkpoints' })
  await kept.getByRole('button', { name: 'Show' }).click()
  await kept.getByText('is damaged').first().waitFor()
  expect(await kept.getByText(USED).count()).toBe(0)
})
