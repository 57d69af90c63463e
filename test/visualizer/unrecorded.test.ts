import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createSupervisor, defineService } from 'tardigrade'
import { sqliteStore } from 'tardigrade/stores/sqlite'
import { expect, onTestFinished, test } from 'vitest'
import { assign, setup } from 'xstate'
import { callControl } from '../../src/control/call.js'
import { serveControl } from '../../src/control/index.js'
import { inspectBeside } from '../../src/inspect/server/beside.js'
import { lamp, ofAnotherProcess, recordedStore } from '../inspect/server/unreadable-kit.js'
import { lampMachine } from './kit/demo.js'
import { activeStates, shows, visiting } from './kit/page.js'
import { Recording } from './kit/recording.js'
import { silentCheckpoint, tellInside, tellStored } from './kit/silent.js'

const visits = visiting()

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
  // By whom, and whether somebody had asked for it, no checkpoint says.
  await hall.pause('lunch')
  const holds = page.getByRole('region', { name: 'Holds' })
  await shows(() => holds.getByRole('listitem').allInnerTexts(), ['lunch\nwho set it was not recorded'])
  await silent.close()
  await badge.getByText('paused').waitFor()
  await shows(() => activeStates(page), ['lamp', 'off'])
  expect(problems).toEqual([])
})

test('of a service that was removed and begun anew between two looks, its checkpoint of the same number is shown', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'tardigrade anew '))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const named = defineService({
    id: 'named',
    version: 1,
    machine: setup({
      types: { context: {} as { who: string }, input: {} as { who: string } },
    }).createMachine({ context: ({ input }) => input }),
  })
  const silent = await createSupervisor({ store: sqliteStore(folder) })
  await silent.start(named, { key: 'one', input: { who: 'first' } })
  const server = await inspectBeside({ folder, store: sqliteStore(folder), port: 0, control: false })
  onTestFinished(() => server.close())
  const { page } = await visits.open(`${server.address}&service=one`)
  const context = page.getByRole('region', { name: 'Context' })
  await context.getByText('first').waitFor()
  const { sequence } = (await silent.stored('one')) ?? {}
  await silent.remove('one')
  await silent.start(named, { key: 'one', input: { who: 'second' } })
  expect((await silent.stored('one'))?.sequence).toBe(sequence)
  await context.getByText('second').waitFor()
  await silent.close()
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

const fragile = defineService({
  id: 'fragile',
  version: 1,
  machine: setup({
    guards: {
      breaks: () => {
        throw new Error('broken')
      },
    },
  }).createMachine({
    id: 'fragile',
    initial: 'empty',
    states: { empty: { on: { FILL: 'full' } }, full: { on: { DROP: { guard: 'breaks', target: 'empty' } } } },
  }),
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
  const looking = await inspectBeside({ folder, store: sqliteStore(folder), port: 0, control: false })
  onTestFinished(() => looking.close())
  const { page, problems } = await visits.open(`${server.address}&service=kitchen`)
  const controls = page.getByRole('region', { name: 'Controls' })
  const told = page.locator('.outcome')
  await callControl(folder, { type: 'interruptAt', key: 'kitchen', state: 'hot' })
  const toCome = page.getByRole('region', { name: 'Kill to come' })
  const words = 'The process is killed when the machine enters hot, asked for over its control socket.'
  await toCome.getByText(words).waitFor()
  const other = await visits.open(`${looking.address}&service=kitchen`)
  await other.page.getByText(words).waitFor()
  await toCome.getByRole('button', { name: 'Take it back' }).click()
  await shows(() => toCome.count(), 0)
  await shows(() => other.page.getByText(words).count(), 0)
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

test('a kill to come that others take back of a process that does not record is so on the page that has asked for it', async () => {
  const { folder } = await recordedStore(sqliteStore)
  const silent = await createSupervisor({ store: sqliteStore(folder) })
  const stopControl = await serveControl(silent, folder)
  onTestFinished(async () => {
    await stopControl()
    await silent.close()
  })
  await silent.start(lamp, { key: 'hall' })
  const server = await inspectBeside({ folder, store: sqliteStore(folder), port: 0, control: true })
  onTestFinished(() => server.close())
  const { page, problems } = await visits.open(`${server.address}&service=hall`)
  const told = page.locator('.outcome')
  await page.getByLabel('State at which the process is to be killed').selectOption('on')
  await page.getByRole('button', { name: 'Kill it there' }).click()
  await told.getByText('Kill the process at on: armed, until it is taken back').waitFor()
  await page.getByRole('region', { name: 'Kill to come' }).getByText('enters on').waitFor()
  await callControl(folder, { type: 'interruptAt', key: 'hall' })
  await told.getByText('Kill the process at on: taken back').waitFor()
  await shows(() => page.getByRole('region', { name: 'Kill to come' }).count(), 0)
  expect(problems).toEqual([])
})

/** A lamp that was recorded until it was on, and was pressed once more by a process that records nothing; `isAsked`: its newest checkpoint was asked for, after the store was looked at. */
function goneOn(isAsked: boolean): Recording {
  const recording = new Recording('p1', false)
  const hall = recording.service('hall', lampMachine()).start()
  hall.send({ type: 'PRESS' })
  recording.commit('hall')
  tellStored(recording, silentCheckpoint(30, 5000, 'off'))
  if (isAsked) tellInside(recording, silentCheckpoint(31, 6000, 'off'), 2)
  return recording
}

test('a moment is compared with the checkpoint that is shown, though that was not recorded, and with nothing until it is here', async () => {
  const { page } = await visits.show(goneOn(true), '&service=hall')
  const compared = page.getByRole('region', { name: 'Compared' })
  const last = page.getByRole('listbox', { name: 'Moments' }).getByRole('option').last()
  await last.click()
  await page.getByRole('button', { name: 'Compare' }).click()
  await page.getByRole('button', { name: 'One moment on' }).click()
  await compared.getByText('1 moment in 0 ms, and then what was not recorded, up to checkpoint 31').waitFor()
  await compared
    .getByRole('heading')
    .getByText(/^09:30:00\.\d{3} → 09:30:06\.000/)
    .waitFor()
  const state = compared.getByRole('listitem').filter({ has: page.getByText('state', { exact: true }) })
  await shows(() => state.locator('del, ins').allTextContents(), ['on', 'off'])
  const checkpoint = compared
    .getByRole('listitem')
    .filter({ has: page.getByText('checkpoint', { exact: true }) })
  await shows(() => checkpoint.locator('del, ins').allTextContents(), ['3', '31'])
  // Two moments that were recorded are what they were.
  await last.click()
  await compared.getByText('All is the same.').waitFor()
  const other = await visits.show(goneOn(false), '&service=hall')
  await other.page.getByRole('button', { name: 'Compare' }).click()
  await other.page.getByRole('button', { name: 'One moment back' }).click()
  const unseen = other.page.getByRole('region', { name: 'Compared' })
  await unseen.getByText('It is in checkpoint 30, which is not here.').waitFor()
  expect(await unseen.getByText('All is the same.').count()).toBe(0)
})

test('who compares with a checkpoint that was not recorded marks that one, and each moment is compared with it', async () => {
  const { page, problems } = await visits.show(goneOn(true), '&service=hall')
  const compared = page.getByRole('region', { name: 'Compared' })
  const state = compared.getByRole('listitem').filter({ has: page.getByText('state', { exact: true }) })
  const button = page.getByRole('button', { name: 'Compare' })
  await button.click()
  await compared.getByText('Checkpoint 31, which comes after all moments').waitFor()
  await compared.getByText('All is the same.').waitFor()
  await page.getByRole('button', { name: 'One moment back' }).click()
  await compared.getByText('1 moment in 0 ms, and then what was not recorded, up to checkpoint 31').waitFor()
  await shows(() => state.locator('del, ins').allTextContents(), ['on', 'off'])
  // The lamp was off before it was pressed.
  await page.getByRole('listbox', { name: 'Moments' }).press('Home')
  await compared.getByText('up to checkpoint 31').waitFor()
  await shows(() => button.getAttribute('aria-pressed'), 'true')
  await page.reload()
  await compared.getByText('up to checkpoint 31').waitFor()
  await button.click()
  await shows(() => compared.count(), 0)
  expect(problems).toEqual([])
})

test('of a trace, nobody is told that a checkpoint is asked for', async () => {
  const { page } = await visits.show(goneOn(false), '&service=hall')
  const context = page.getByRole('region', { name: 'Context' })
  await context.getByText('It is in checkpoint 30, which is not here.').waitFor()
})

test('the last recorded moment is one step before a checkpoint that was not recorded, by button and by slider', async () => {
  const { page } = await visits.show(goneOn(true), '&service=hall')
  const note = page.getByRole('note')
  const slider = page.getByRole('slider', { name: 'Moment' })
  await note.waitFor()
  const end = Number(await slider.inputValue())
  const spoken = () => slider.getAttribute('aria-valuetext')
  const unrecorded =
    /^moment (\d+) of \1: 09:30:\d\d\.\d{3} checkpoint 31 \(running\), which was not recorded$/
  expect(await spoken()).toMatch(unrecorded)
  const count = end + 1
  const [back, on] = [
    page.getByRole('button', { name: 'One moment back' }),
    page.getByRole('button', { name: 'One moment on' }),
  ]
  const last = page.getByRole('listbox', { name: 'Moments' }).getByRole('option', { selected: true })
  const isAtLast = async () => {
    await last.getByText('checkpoint 3').waitFor()
    await shows(() => note.count(), 0)
    await shows(() => activeStates(page), ['lamp', 'on'])
    expect(await slider.inputValue()).toBe(`${end - 1}`)
    expect(await spoken()).toMatch(new RegExp(`^moment ${count - 1} of ${count}: 09:30:.* checkpoint 3`))
  }
  await back.click()
  await isAtLast()
  await on.click()
  await note.waitFor()
  await shows(() => activeStates(page), ['lamp', 'off'])
  expect(await on.isDisabled()).toBe(true)
  await slider.press('ArrowLeft')
  await isAtLast()
  await back.click()
  await shows(() => slider.inputValue(), `${end - 2}`)
  await on.click()
  await isAtLast()
  await slider.press('ArrowRight')
  await note.waitFor()
})

test('a checkpoint that was not recorded and says that its service has failed waits for its retry', async () => {
  const recording = new Recording('p1', false)
  recording.service('hall', lampMachine()).start()
  recording.commit('hall')
  tellStored(recording, { ...silentCheckpoint(30, 5000, 'off'), phase: 'failed' })
  const { page } = await visits.show(recording, '&service=hall')
  const waits =
    'It has failed, and waits for its retry: that goes on from checkpoint 30 (failed), which was not recorded.'
  await page.getByRole('region', { name: 'At the next start' }).getByText(waits).waitFor()
})

test('where a newer checkpoint has come than the store was looked at for, all that is said is of that one', async () => {
  const { page } = await visits.show(goneOn(true), '&service=hall')
  await page.getByRole('note').getByText('This is checkpoint 31').waitFor()
  const crash = page.getByRole('region', { name: 'At the next start' })
  await crash.getByText('It goes on from checkpoint 31 (running), which was not recorded.').waitFor()
})

test('a failed service that the next process has found so was recorded, and nothing is said to be missing of it', async () => {
  const folder = emptyFolder()
  const start = async () => {
    const supervisor = await createSupervisor({
      store: sqliteStore(folder),
      inspect: { port: false },
      onFailed: () => {},
    })
    return { supervisor, service: await supervisor.start(fragile, { key: 'cup' }) }
  }
  const first = await start()
  await first.service.send({ type: 'FILL' })
  await expect(first.service.send({ type: 'DROP' })).rejects.toThrow('broken')
  await first.supervisor.close()
  ofAnotherProcess(folder)
  await (await start()).supervisor.close()
  ofAnotherProcess(folder)
  const server = await inspectBeside({ folder, store: sqliteStore(folder), port: 0, control: false })
  onTestFinished(() => server.close())
  const { page } = await visits.open(`${server.address}&service=cup`)
  await page.locator('.stage .badge').getByText('failed').waitFor()
  const crash = page.getByRole('region', { name: 'At the next start' })
  const { sequence } = (await (await sqliteStore(folder).read()).load('cup')) ?? {}
  const waits = `It has failed, and waits for its retry: that goes on from checkpoint ${sequence}, as in this life.`
  await crash.getByText(waits).waitFor()
  const kept = page.getByRole('region', { name: 'Kept checkpoints' })
  await kept.getByRole('button', { name: 'Show' }).click()
  await kept.getByRole('listitem').first().getByText('used by its retry').waitFor()
  // The process in which it failed has noted that.
  await page
    .getByRole('listbox', { name: 'Moments' })
    .getByText(new RegExp(`^checkpoint ${sequence}\\b`))
    .click()
  await page.getByText('It has failed, and waits for its retry.').waitFor()
  await page.getByText(`checkpoint ${sequence} (failed)`).waitFor()
  await page.getByRole('button', { name: 'Latest' }).click()
  await page.getByRole('region', { name: 'Context' }).waitFor()
  expect(await page.getByText('not recorded').count()).toBe(0)
  const saved = page.waitForEvent('download')
  await page.getByRole('button', { name: 'Test', exact: true }).click()
  expect(readFileSync(await (await saved).path(), 'utf8')).not.toContain('not recorded')
})

test('so it is of one that the next process could not bring back', async () => {
  const folder = emptyFolder()
  const supervise = () =>
    createSupervisor({ store: sqliteStore(folder), inspect: { port: false }, onFailed: () => {} })
  const first = await supervise()
  await first.start(lamp, { key: 'hall' })
  await first.close()
  ofAnotherProcess(folder)
  const next = await supervise()
  const newer = defineService({ id: 'lamp', version: 3, machine: lampMachine() })
  await expect(next.start(newer, { key: 'hall' }).then((one) => one.settled())).rejects.toThrow('igrat')
  await next.close()
  ofAnotherProcess(folder)
  const server = await inspectBeside({ folder, store: sqliteStore(folder), port: 0, control: false })
  onTestFinished(() => server.close())
  const { page } = await visits.open(`${server.address}&service=hall`)
  const { sequence } = (await (await sqliteStore(folder).read()).load('hall')) ?? {}
  const crash = page.getByRole('region', { name: 'At the next start' })
  await crash.getByText(`It goes on from checkpoint ${sequence} (paused).`).waitFor()
  await page
    .locator('.stage .badge')
    .getByText(/paused|failed/)
    .waitFor()
  expect(await page.getByText('not recorded').count()).toBe(0)
})
