import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createSupervisor, defineService } from 'tardigrade'
import { memoryStore } from 'tardigrade/stores/memory'
import { sqliteStore } from 'tardigrade/stores/sqlite'
import { expect, onTestFinished, test } from 'vitest'
import { createMachine } from 'xstate'
import { inspectBeside } from '../../src/inspect/server/beside.js'
import { recordedStore } from '../inspect/server/unreadable-kit.js'
import { shows, visiting } from './kit/page.js'

const visits = visiting()

const lamp = (id: string) =>
  defineService({
    id,
    version: 1,
    machine: createMachine({ id, initial: 'off', states: { off: { on: { PRESS: 'on' } }, on: {} } }),
  })

async function inspected() {
  const supervisor = await createSupervisor({
    store: memoryStore(),
    inspect: { port: 0, onListening: () => {} },
  })
  const hall = await supervisor.start(lamp('lamp'), { key: 'hall' })
  await hall.send({ type: 'PRESS' })
  await supervisor.start(lamp('other'), { key: 'other' })
  return { supervisor, address: supervisor.inspectAddress ?? expect.fail('no address') }
}

test('once the process is gone, the page still draws, tells messages and saves what it has', async () => {
  const { supervisor, address } = await inspected()
  // Nothing is chosen: nothing of it has been wanted before.
  const { page, problems } = await visits.open(address)
  await page.getByRole('option').getByText('hall').waitFor()
  const loaded = () =>
    page.evaluate(() =>
      performance
        .getEntriesByType('resource')
        .map(({ name }) => name)
        .join(),
    )
  for (const part of ['elk-worker', 'lay-out', 'sequence', 'test-of', 'trace', 'picture', 'mermaid'])
    await expect.poll(loaded, { timeout: 20_000 }).toMatch(new RegExp(`assets/${part}[^,]*\\.js`))
  await supervisor.close()
  await page.locator('.pill.ended').waitFor()

  await page.getByRole('option').getByText('hall').click()
  await page.locator('.drawing .box.active', { hasText: 'on' }).last().waitFor()
  const saved = { SVG: 'lamp.svg', PNG: 'lamp.png', Mermaid: 'lamp.mmd', Test: 'hall.test.ts' }
  for (const [button, name] of Object.entries({ ...saved, 'Save trace': 'trace.json' })) {
    const download = page.waitForEvent('download')
    await page.getByRole('button', { name: button, exact: true }).click()
    expect((await download).suggestedFilename()).toBe(name)
  }
  await page.getByRole('button', { name: 'Sequence' }).click()
  await page.getByRole('img', { name: /PRESS from outside/ }).waitFor()
  expect(await page.getByRole('alert').count()).toBe(0)
  await page
    .getByText(
      `The process that showed itself here, ${process.pid}, has closed its supervisor in good order.`,
    )
    .waitFor()
  // Nothing is left of what is in memory alone.
  expect(await page.getByText('npx tardigrade inspect').count()).toBe(0)
  expect(problems.filter((problem) => !/WebSocket|ERR_CONNECTION_REFUSED/.test(problem))).toEqual([])
})

test('a part of the page that could not be loaded is said when somebody wants it', async () => {
  const { supervisor, address } = await inspected()
  const { page } = await visits.open(address)
  await page.route(/assets\/(mermaid|sequence)-/, (route) => route.abort())
  await page.goto(`${address}&service=hall`)
  await page.reload()
  await page.locator('.drawing .box.active', { hasText: 'on' }).last().waitFor()
  const alert = page.getByRole('alert').getByText('This part of the page could not be loaded')
  expect(await alert.count()).toBe(0)
  await page.getByRole('button', { name: 'Mermaid' }).click()
  await alert.waitFor()
  await page.getByRole('button', { name: 'Put away' }).click()
  await shows(() => alert.count(), 0)
  await page.getByRole('button', { name: 'Sequence' }).click()
  await alert.waitFor()
  await page.getByText('It is not here.').waitFor()
  const download = page.waitForEvent('download')
  await page.getByRole('button', { name: 'SVG' }).click()
  await download
  await shows(() => alert.count(), 0)
  await supervisor.close()
})

test('of a server that is gone it is said what starts it again; it goes on by itself, and nothing is green meanwhile', async () => {
  const { folder } = await recordedStore(sqliteStore)
  const begin = (port: number) =>
    inspectBeside({
      folder,
      store: sqliteStore(folder),
      port,
      control: false,
      command: `npx tardigrade inspect --store ${folder}`,
    })
  const server = await begin(0)
  const { port } = new URL(server.address)
  const { page } = await visits.open(`${server.address}&service=hall`)
  await page.locator('.stage .badge.paused').waitFor()
  const lost = page.getByText('The server of this page is gone.')
  expect(await lost.count()).toBe(0)
  await server.close()
  await lost.waitFor()
  await lost.getByText(`npx tardigrade inspect --store ${folder} --port ${port}`, { exact: true }).waitFor()
  await lost.getByText('The page connects by itself and goes on').waitFor()
  await page.locator('.stage .badge').getByText('last seen paused').waitFor()
  const row = page.getByRole('listbox', { name: 'Services' }).getByRole('option').filter({ hasText: 'hall' })
  await row.getByText('last seen paused').waitFor()
  await page.getByRole('toolbar', { name: 'Filter by lifecycle state, as last seen' }).waitFor()
  // What it was at a moment of the past, it was.
  await page.getByRole('button', { name: 'One moment back' }).click()
  await shows(() => page.locator('.stage .badge').getByText('last seen').count(), 0)
  await page.getByRole('button', { name: 'Latest' }).click()
  const tone = (of: string) =>
    page
      .locator(of)
      .first()
      .evaluate((element) => getComputedStyle(element).getPropertyValue('--tone').trim())
  const failed = await tone('.pill.lost > .dot')
  expect(failed).toBe(
    await page.evaluate(() => getComputedStyle(document.documentElement).getPropertyValue('--failed').trim()),
  )
  for (const dot of ['.chip > .dot', '.service > .dot', '.title .badge > .dot'])
    expect(
      await page
        .locator(dot)
        .first()
        .evaluate((element) => getComputedStyle(element).filter),
    ).toBe('grayscale(1)')
  // While it tries again, it is as lost.
  expect(await page.locator('.pill.connecting').count()).toBe(0)
  const again = await begin(Number(port))
  await shows(() => lost.count(), 0)
  await shows(() => page.getByText('last seen').count(), 0)
  await page.getByRole('status').getByText('connected').waitFor()
  await again.close()
})

test('of a process that is gone it is told when something would be due, how long ago all was, and how to look at what it left', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'tardigrade gone '))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const machine = createMachine({
    id: 'egg',
    initial: 'soft',
    states: { soft: { after: { 3600000: 'hard' } }, hard: {} },
  })
  const supervisor = await createSupervisor({
    store: sqliteStore(folder),
    inspect: { port: 0, control: true, onListening: () => {} },
  })
  await supervisor.start(defineService({ id: 'egg', version: 1, machine }), { key: 'one' })
  const address = supervisor.inspectAddress ?? expect.fail('no address')
  const { page } = await visits.open(`${address}&service=one`)
  const row = page.getByRole('listbox', { name: 'Services' }).getByRole('option').first()
  const timer = page.getByRole('region', { name: 'Timers' }).locator('.value')
  await timer.getByText(/^in (1 h|59 min)/).waitFor()
  // A page that has not drawn its chart yet cannot fetch what draws it from a server that is gone.
  const onEdge = page.locator('.drawing .countdown')
  await onEdge.waitFor()
  await page.getByRole('region', { name: 'If the process died now' }).waitFor()
  const controls = page.getByRole('region', { name: 'Controls' })
  const pause = controls.getByRole('button', { name: 'Pause' })
  await shows(() => pause.isEnabled(), true)
  await supervisor.close()
  await page.getByRole('region', { name: 'At the next start' }).waitFor()
  await controls.getByText('The server of this page is gone: nothing can be asked').waitFor()
  expect(await pause.isDisabled()).toBe(true)
  // It may have come meanwhile; how long ago it was seen goes on.
  await timer.getByText(/^at \d\d:\d\d:\d\d$/).waitFor()
  await row.getByText(/^at \d\d:\d\d:\d\d$/).waitFor()
  await onEdge.getByText(/^at \d\d:\d\d:\d\d$/).waitFor()
  await row.getByText(/^\d+ (s|min) ago$/).waitFor()
  await page.getByText(`npx tardigrade inspect --store "${folder}"`).waitFor()
})
