import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { createSupervisor } from 'tardigrade'
import { memoryStore } from 'tardigrade/stores/memory'
import { sqliteStore } from 'tardigrade/stores/sqlite'
import { expect, onTestFinished, test } from 'vitest'
import { inspectBeside } from '../../src/inspect/server/beside.js'
import { garden } from './kit/garden.js'
import { activeStates, shows, visiting } from './kit/page.js'

const visits = visiting()

const KEY = 'north'

/** A garden that lives, with two beds of which the second was watered once. */
async function planted(options: Partial<Parameters<typeof createSupervisor>[0]>) {
  const supervisor = await createSupervisor({ store: memoryStore(), ...options })
  onTestFinished(async () => void (await supervisor.close({ deadlineMs: 100 })))
  const service = await supervisor.start(garden, { key: KEY })
  await service.send({ type: 'PLANT' })
  await service.send({ type: 'WATER' })
  await expect.poll(() => taskOf(service.machine.getSnapshot())?.progress).toBe(5)
  await service.checkpoint()
  return { supervisor, service, address: supervisor.inspectAddress ?? '' }
}

function taskOf(snapshot: { readonly children: object }): { readonly progress?: unknown } | undefined {
  // XState types a machine's children by what its actors may be called.
  const { weigh } = snapshot.children as {
    readonly weigh?: { getSnapshot(): { readonly progress?: unknown } }
  }
  return weigh?.getSnapshot()
}

const LISTEN = { port: 0, onListening: () => {} }

function emptyFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'tardigrade-actors-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

const part = (page: Page, name: string) => page.getByRole('region', { name, exact: true })
const choose = (page: Page, name: string) =>
  part(page, 'Actors').getByRole('button', { name, exact: true }).click()

/** What stands in the details of the beds, of the task and of the machine. */
async function seesActors(page: Page, drops: number): Promise<void> {
  await choose(page, 'bed-2')
  await part(page, 'Context of bed-2').getByText(`drops ${drops}`).waitFor()
  expect(await part(page, 'Context').count()).toBe(0)
  await shows(() => activeStates(page), ['bed', 'closed'])
  await choose(page, 'weigh')
  const task = part(page, 'Task weigh')
  await task.getByText('5 of 12', { exact: true }).waitFor()
  await task.getByRole('button', { name: /tare/ }).click()
  await task.getByText('grams 3').waitFor()
  await part(page, 'Actors').getByText('5 of 12', { exact: true }).waitFor()
  await shows(() => activeStates(page), ['garden', 'open'])
  await page.getByTitle('Back to the machine').click()
  // A reference is the name of whom it means, and leads there.
  await part(page, 'Context').getByRole('button', { name: '→ bed-1', exact: true }).click()
  await part(page, 'Context of bed-1').getByText('drops 0').waitFor()
  expect(await page.locator('.details').getByText('xstate$$type').count()).toBe(0)
}

test('of a chosen actor the details show what it keeps: live, at any moment, and by a link', async () => {
  const { service, address } = await planted({ inspect: LISTEN })
  const { page, problems } = await visits.open(`${address}&service=${KEY}`)
  await seesActors(page, 1)
  await choose(page, 'bed-2')
  await service.send({ type: 'WATER' })
  const context = part(page, 'Context of bed-2')
  await context.getByText('drops 2').waitFor()
  // Then, marked where it changed, and on another visit.
  const moments = page.getByRole('listbox', { name: 'Moments' })
  await page.getByRole('searchbox', { name: 'Filter the timeline by text' }).fill('bed-2: stays')
  await moments.getByRole('option').first().click()
  await context.locator('.field.changed').getByText('1', { exact: true }).waitFor()
  await page.reload()
  await context.getByText('drops 1').waitFor()
  await page.getByRole('slider', { name: 'Moment' }).fill('3')
  await part(page, 'Context').getByText('bed-2 is not there at this moment.').waitFor()
  expect(problems).toEqual([])
})

test('and of a service that is in no process, or in one that does not record', async () => {
  const folder = emptyFolder()
  const { supervisor, service } = await planted({ store: sqliteStore(folder), inspect: LISTEN })
  await supervisor.close({ deadlineMs: 100 })
  const server = await inspectBeside({ folder, store: sqliteStore(folder), port: 0, control: false })
  onTestFinished(() => server.close())
  const rest = await visits.open(`${server.address}&service=${KEY}`)
  expect(service.getSnapshot().value).toBe('paused')
  await seesActors(rest.page, 1)
  expect(rest.problems).toEqual([])

  const other = emptyFolder()
  await planted({ store: sqliteStore(other) })
  const beside = await inspectBeside({ folder: other, store: sqliteStore(other), port: 0, control: false })
  onTestFinished(() => beside.close())
  const { page, problems } = await visits.open(`${beside.address}&service=${KEY}`)
  await seesActors(page, 1)
  await page.getByText('Its chart was not recorded: these are the states that it is in.').waitFor()
  expect(problems).toEqual([])
})

test('what is hidden is hidden in the actors of the machine as well', async () => {
  const { address } = await planted({ inspect: { ...LISTEN, redact: ['pin'] } })
  const { page } = await visits.open(`${address}&service=${KEY}`)
  await choose(page, 'bed-1')
  await part(page, 'Context of bed-1').getByText('pin "[redacted]"').waitFor()
  await choose(page, 'weigh')
  await part(page, 'Task weigh').getByRole('button', { name: /tare/ }).click()
  await part(page, 'Task weigh').getByText('pin "[redacted]"').waitFor()
  expect(await page.locator('body').textContent()).not.toContain('4711')
})

test('a timer says whose it is, to whom its event goes, and has one name wherever it is told', async () => {
  const { address } = await planted({ inspect: LISTEN })
  const { page } = await visits.open(`${address}&service=${KEY}`)
  await shows(
    async () => (await part(page, 'Timers').locator('.name').allTextContents()).sort(),
    [
      'DRIP to bed-1',
      'after heating, 4 h 10 min, in open',
      'bed-1: after dripping, 1 h, in closed',
      'bed-2: after dripping, 1 h, in closed',
    ],
  )
  await page.getByTitle(/^Its next timer: bed-[12]: after dripping, 1 h, in closed$/).waitFor()
  const filter = page.getByRole('searchbox', { name: 'Filter the timeline by text' })
  await filter.fill(' set')
  const told = page.getByRole('listbox', { name: 'Moments' }).getByRole('option')
  await told.getByText('bed-2: after dripping, 1 h, in closed set').waitFor()
  await told.getByText('DRIP to bed-1 set').waitFor()
  await page.locator('.drawing .label').getByText('after heating, 4 h 10 min').first().waitFor()
})

test('a reference to another actor is one difference, by their names', async () => {
  const { service, address } = await planted({ inspect: LISTEN })
  const { page } = await visits.open(`${address}&service=${KEY}`)
  await part(page, 'Context').getByRole('button', { name: '→ bed-1' }).waitFor()
  await page.getByRole('button', { name: 'Compare' }).click()
  await service.send({ type: 'CLEAR' })
  const compared = page.getByRole('region', { name: 'Compared' }).getByRole('listitem')
  const first = compared.filter({ has: page.getByText('context › first', { exact: true }) })
  await shows(() => first.locator('del, ins').allTextContents(), ['→ bed-1'])
  expect(await compared.filter({ hasText: 'xstate$$type' }).count()).toBe(0)
})
