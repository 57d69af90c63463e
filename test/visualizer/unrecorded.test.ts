import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createSupervisor, defineService } from 'tardigrade'
import { sqliteStore } from 'tardigrade/stores/sqlite'
import { afterAll, afterEach, beforeAll, expect, onTestFinished, test } from 'vitest'
import { assign, setup } from 'xstate'
import { callControl } from '../../src/control/call.js'
import { serveControl } from '../../src/control/index.js'
import { inspectBeside } from '../../src/inspect/server/beside.js'
import { lamp, recordedStore } from '../inspect/server/unreadable-kit.js'
import { activeStates, shows, Visits } from './kit/page.js'

let visits: Visits
beforeAll(async () => {
  visits = await Visits.begin()
}, 300_000)
afterEach(() => visits.leave())
afterAll(() => visits?.end())

test('what a process does that records nothing is shown by its checkpoints, and nothing of an earlier recording in their place', async () => {
  const { folder } = await recordedStore(sqliteStore)
  const server = await inspectBeside({ folder, store: sqliteStore(folder), port: 0, control: false })
  onTestFinished(() => server.close())
  const { page, problems } = await visits.open(`${server.address}&service=hall`)
  const badge = page.locator('.stage .badge')
  await badge.getByText('paused').waitFor()
  await shows(() => activeStates(page), ['lamp', 'on'])
  const silent = await createSupervisor({ store: sqliteStore(folder) })
  const hall = await silent.start(lamp, { key: 'hall' })
  await hall.send({ type: 'PRESS' })
  await hall.checkpoint()
  await badge.getByText('running, not recorded').waitFor()
  await shows(() => activeStates(page), ['lamp', 'off'])
  await page.locator('.stage .state').getByText('off', { exact: true }).waitFor()
  await page.getByRole('button', { name: 'running, not recorded 1' }).waitFor()
  const { sequence } = (await (await sqliteStore(folder).read()).load('hall')) ?? {}
  const { crash, context } = {
    crash: page.getByRole('region', { name: 'If the process died now' }),
    context: page.getByRole('region', { name: 'Context' }),
  }
  await crash.getByText(`It goes on from checkpoint ${sequence} (running), which was not recorded.`).waitFor()
  await context.getByRole('button', { name: 'context { }' }).waitFor()
  await page.getByText(`checkpoint ${sequence} was not recorded`, { exact: true }).waitFor()
  // What was recorded stays what it was.
  await page.getByRole('slider', { name: 'Moment' }).fill('4')
  await shows(() => page.getByText('was not recorded').count(), 0)
  await page.getByRole('button', { name: 'Latest' }).click()
  await badge.getByText('running, not recorded').waitFor()
  await silent.close()
  await badge.getByText('paused').waitFor()
  await shows(() => activeStates(page), ['lamp', 'off'])
  expect(problems).toEqual([])
})

const kettle = defineService({
  id: 'kettle',
  version: 1,
  machine: setup({
    types: { context: {} as { cups: number }, events: {} as { type: 'HEAT' } | { type: 'POUR' } },
    delays: { cooling: 3_600_000, whistling: 7_200_000 },
    actors: { whistle: setup({}).createMachine({ initial: 'still', states: { still: {} } }) },
  }).createMachine({
    id: 'kettle',
    context: { cups: 3 },
    initial: 'cold',
    states: {
      cold: { on: { HEAT: 'hot' } },
      hot: {
        invoke: { src: 'whistle', id: 'whistle' },
        on: { POUR: { actions: assign({ cups: ({ context }) => context.cups - 1 }) } },
        after: { cooling: 'cold', whistling: 'cold' },
      },
    },
  }),
  timers: { default: 'deadline', whistling: 'remaining' },
})

function emptyFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'tardigrade-unrecorded-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

test('of a process that never recorded, the newest checkpoint is shown as any moment is, and it is said how to see more', async () => {
  const folder = emptyFolder()
  const silent = await createSupervisor({ store: sqliteStore(folder) })
  onTestFinished(async () => void (await silent.close()))
  const service = await silent.start(kettle, { key: 'kitchen' })
  await service.send({ type: 'HEAT' })
  await service.send({ type: 'POUR' })
  const server = await inspectBeside({ folder, store: sqliteStore(folder), port: 0, control: false })
  onTestFinished(() => server.close())
  const { page, problems } = await visits.open(`${server.address}&service=kitchen`)
  const timers = (...texts: readonly RegExp[]) =>
    expect
      .poll(() => part('Timers').locator('.value').allTextContents(), { timeout: 20_000 })
      .toEqual(texts.map((text) => expect.stringMatching(text)))
  const part = (name: string) => page.getByRole('region', { name, exact: true })
  await page.locator('.stage .badge').getByText('running, not recorded').waitFor()
  const note = page.getByRole('note')
  await note
    .getByText(
      `Its process, ${process.pid}, does not record what happens: inspect: true in the supervisor’s options makes it.`,
    )
    .waitFor()
  await shows(() => activeStates(page), ['kettle', 'hot'])
  await page.getByText('Its chart was not recorded: these are the states that it is in.').waitFor()
  await part('Context').getByText('cups 2').waitFor()
  await part('Actors').getByText('whistle').first().waitFor()
  await part('Actors').getByText('still').waitFor()
  await timers(/^in (59|60) min|^in 1 h/, /^in (1 h 59|2 h)/)
  expect(await page.getByRole('button', { name: 'Test', exact: true }).isDisabled()).toBe(true)
  const heard = await page.getByRole('listbox', { name: 'Services' }).getByRole('option').ariaSnapshot()
  expect(heard.split('\n')[0]?.match(/running, not recorded/g)).toHaveLength(1)
  await page.getByRole('button', { name: 'Sequence' }).click()
  await page.getByText('Nothing was recorded of it.').waitFor()
  // What it does on is followed, checkpoint by checkpoint.
  await service.send({ type: 'POUR' })
  await part('Context').getByText('cups 1').waitFor()
  await service.pause('user')
  await page.locator('.stage .badge').getByText('paused').waitFor()
  void service.send({ type: 'POUR' }, { key: 'e7' })
  await part('Inbox').getByText('e7').waitFor()
  await part('Holds').getByText('user').waitFor()
  // One goes on while it rests, and the other stands still.
  await timers(/^in (59|60) min|^in 1 h/, /^(1 h 59 min|2 h) after it goes on$/)
  expect(problems).toEqual([])
})

test('of a process that does not record, what is held is let go on, and a kill that others armed is taken back', async () => {
  const folder = emptyFolder()
  const silent = await createSupervisor({ store: sqliteStore(folder) })
  const stopControl = await serveControl(silent, folder)
  onTestFinished(async () => {
    await stopControl()
    await silent.close()
  })
  const service = await silent.start(kettle, { key: 'kitchen' })
  const server = await inspectBeside({ folder, store: sqliteStore(folder), port: 0, control: true })
  onTestFinished(() => server.close())
  const { page, problems } = await visits.open(`${server.address}&service=kitchen`)
  const controls = page.getByRole('region', { name: 'Controls' })
  const told = page.locator('.outcome')
  await callControl(folder, { type: 'interruptAt', key: 'kitchen', state: 'hot' })
  await controls.getByRole('button', { name: 'Take it back' }).click()
  await told.getByText('Take the kill back: done').waitFor()
  await controls.getByRole('button', { name: 'Pause' }).click()
  await told.getByText('Pause: done').waitFor()
  await controls.getByRole('button', { name: 'Resume' }).click()
  await told.getByText('Resume: done').waitFor()
  expect(service.getSnapshot().value).toBe('running')
  // Nothing kills it.
  await service.send({ type: 'HEAT' })
  await shows(() => activeStates(page), ['kettle', 'hot'])
  expect(problems).toEqual([])
})
