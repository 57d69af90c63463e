import { createSupervisor } from 'tardigrade'
import { sqliteStore } from 'tardigrade/stores/sqlite'
import { afterAll, afterEach, beforeAll, expect, onTestFinished, test } from 'vitest'
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
  await context.getByText(`Not recorded: it is in checkpoint ${sequence}`).waitFor()
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
