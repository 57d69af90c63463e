import { createSupervisor, defineService } from 'tardigrade'
import { sqliteStore } from 'tardigrade/stores/sqlite'
import { expect, onTestFinished, test } from 'vitest'
import { createMachine } from 'xstate'
import { inspectBeside } from '../../src/inspect/server/beside.js'
import { loadSqliteDriver } from '../../src/stores/sqlite-driver.js'
import { restoredBeforeTwoLives } from '../inspect/server/restored-kit.js'
import { ofAnotherProcess } from '../inspect/server/unreadable-kit.js'
import { temporaryFolder } from '../kit/folder.js'
import { activeStates, shows, visiting } from './kit/page.js'

const visits = visiting()

const USED = /used (by the next start|if the process died now)/

const milk = defineService({
  id: 'milk',
  version: 1,
  machine: createMachine({
    id: 'milk',
    initial: 'fresh',
    states: {
      fresh: { on: { STIR: 'foam', DRINK: 'drunk' } },
      foam: { on: { STIR: 'fresh' } },
      drunk: { type: 'final' },
    },
  }),
})

/** A process beside a store, which comes to its end: another one goes on. */
async function lived(folder: string, events: readonly ('STIR' | 'DRINK')[], lastGood = false): Promise<void> {
  const supervisor = await createSupervisor({
    store: sqliteStore(folder),
    inspect: { port: false },
    onFailed: () => {},
    onWarning: () => {},
  })
  const bottle = await supervisor.start(milk, { key: 'bottle' })
  if (lastGood) await bottle.retry({ lastGood })
  for (const type of events) await bottle.send({ type })
  await bottle.settled().catch(() => {})
  await supervisor.close()
  ofAnotherProcess(folder)
}

async function besides(folder: string) {
  const server = await inspectBeside({ folder, store: sqliteStore(folder), port: 0, control: false })
  onTestFinished(() => server.close())
  const { page, problems } = await visits.open(`${server.address}&service=bottle`)
  return {
    page,
    problems,
    crash: page.getByRole('region', { name: /^(At the next start|If the process died now)$/ }),
    goTo: async (text: string | RegExp, nth = 0) => {
      await page.getByLabel('Filter the timeline by text').fill(typeof text === 'string' ? text : '')
      await page.getByRole('listbox', { name: 'Moments' }).getByText(text).nth(nth).click()
      await page.getByLabel('Filter the timeline by text').fill('')
    },
    kept: page.getByRole('region', { name: 'Kept checkpoints' }),
  }
}

test('a store is older than the recording of a service whose last life committed nothing', async () => {
  const folder = await restoredBeforeTwoLives()
  const server = await inspectBeside({ folder, store: sqliteStore(folder), port: 0, control: false })
  onTestFinished(() => server.close())
  const { page } = await visits.open(`${server.address}&service=hall`)
  await page.locator('.stage .badge').getByText('store is older').waitFor()
  const stored = await (await sqliteStore(folder).read()).load('hall')
  const crash = page.getByRole('region', { name: 'At the next start' })
  await crash
    .getByText(
      new RegExp(`^The store is older .* checkpoint \\d+: it goes back to checkpoint ${stored?.sequence} `),
    )
    .waitFor()
  const kept = page.getByRole('region', { name: 'Kept checkpoints' })
  await kept.getByRole('button', { name: 'Show' }).click()
  const used = kept.getByRole('listitem').filter({ hasText: 'used by the next start' })
  await shows(() => used.locator('.name').allInnerTexts(), [`${stored?.sequence}`])
}, 60_000)

test('in the first moments of a later life the store has what the life before has left', async () => {
  const folder = temporaryFolder()
  await lived(folder, [])
  const left = (await (await sqliteStore(folder).read()).load('bottle'))?.sequence
  await lived(folder, [])
  const { page, crash, goTo, kept, problems } = await besides(folder)
  await kept.getByRole('button', { name: 'Show' }).click()
  await goTo('came into this process')
  await crash.getByText('Nothing is durable yet: it would begin anew.').waitFor()
  expect(await kept.getByText(USED).count()).toBe(0)
  await goTo('came into this process', 1)
  await crash.getByText(`It goes on from checkpoint ${left} (paused).`).waitFor()
  const used = kept.getByRole('listitem').filter({ hasText: 'used if the process died now' })
  await shows(() => used.locator('.name').allInnerTexts(), [`${left}`])
  await page.getByRole('button', { name: 'One moment on' }).click()
  await crash.getByText(`It goes on from checkpoint ${left} (paused).`).waitFor()
  expect(problems).toEqual([])
})

test('of a service that was done and came into a later life nothing goes on', async () => {
  const folder = temporaryFolder()
  await lived(folder, ['DRINK'])
  await lived(folder, [])
  const { crash, goTo, page } = await besides(folder)
  const done = crash.getByText('Nothing: it is done, and nothing is left to do.')
  await done.waitFor()
  await goTo('came into this process', 1)
  await page.getByRole('region', { name: 'If the process died now' }).waitFor()
  await done.waitFor()
  await goTo('is done, as checkpoint')
  await done.waitFor()
})

/** Damages the newest checkpoint. Returns its number. */
async function damage(folder: string): Promise<number> {
  const { DatabaseSync } = await loadSqliteDriver('the tests')
  const database = new DatabaseSync(`${folder}/tardigrade.db`)
  database.exec("UPDATE checkpoint SET text = 'hello' WHERE id = (SELECT id FROM newest)")
  database.close()
  return (await (await sqliteStore(folder).read()).load('bottle'))?.sequence ?? expect.fail('there is none')
}

test('where the newest checkpoint is damaged, moments at which it was not say nothing of that, and those of the life that found it so do', async () => {
  const folder = temporaryFolder()
  await lived(folder, ['STIR'])
  const left = await damage(folder)
  await lived(folder, [])
  const { page, crash, goTo } = await besides(folder)
  const head = page.locator('.damage')
  await head.getByText('The checkpoint is damaged').waitFor()
  const damaged = crash.getByText(`Its newest checkpoint, ${left}, is damaged: it would fail`)
  await damaged.waitFor()
  // Its newest life knows nothing of it: one click leads to how it stood in the one before.
  const context = page.getByRole('region', { name: 'Context' })
  await context.getByText('It cannot be read: its newest checkpoint is damaged.').waitFor()
  expect(await activeStates(page)).toEqual([])
  await context.getByRole('button', { name: 'Show its last recorded state' }).click()
  await shows(() => activeStates(page), ['milk', 'foam'])
  await goTo('came into this process', 1)
  await damaged.waitFor()
  await context.getByText('Its machine is not there at this moment.').waitFor()
  await goTo('DamagedCheckpointError')
  await damaged.waitFor()
  await goTo('STIR')
  await crash.getByText('checkpoint').first().waitFor()
  await shows(() => head.count(), 0)
  expect(await damaged.count()).toBe(0)
})

test('of two checkpoints with one number, none is used at the moment of the other', async () => {
  const folder = temporaryFolder()
  await lived(folder, ['STIR'])
  const number = await damage(folder)
  await lived(folder, ['STIR'], true)
  const { page, crash, goTo, kept } = await besides(folder)
  await kept.getByRole('button', { name: 'Show' }).click()
  const used = kept.getByRole('listitem').filter({ hasText: USED })
  await used.first().waitFor()
  await goTo(`checkpoint ${number} `)
  await crash.getByText(`checkpoint ${number} `).waitFor()
  await shows(() => used.count(), 0)
  // That the first one was set aside is a line between them.
  await goTo(`checkpoint ${number} `, 2)
  await shows(() => used.locator('.name').allInnerTexts(), [`${number}`])
  await page.getByText(`checkpoint ${number} `).first().waitFor()
})

test('where the page has the button that sets a damaged checkpoint aside, it names that, and no command', async () => {
  const folder = temporaryFolder()
  await lived(folder, ['STIR'])
  const bad = await damage(folder)
  const supervisor = await createSupervisor({
    store: sqliteStore(folder),
    inspect: { port: 0, control: true, onListening: () => {} },
    onFailed: () => {},
    onWarning: () => {},
  })
  onTestFinished(async () => void (await supervisor.close()))
  await supervisor.start(milk, { key: 'bottle' })
  const { page } = await visits.open(`${supervisor.inspectAddress}&service=bottle`)
  const head = page.locator('.damage')
  await head
    .getByText(`Checkpoint ${bad - 1} is good: “Go on from the last good one”, above, goes on from it`)
    .waitFor()
  expect(await head.innerText()).not.toContain('npx')
  await page.getByRole('button', { name: 'Go on from the last good one' }).click()
  await page.getByRole('button', { name: 'Set the newest checkpoint aside?' }).click()
  await page.locator('.stage .badge.running').waitFor()
  await shows(() => head.count(), 0)
})
