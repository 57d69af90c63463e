import type { Page } from 'playwright-core'
import { defineService } from 'tardigrade'
import { expect, onTestFinished, test } from 'vitest'
import { setup } from 'xstate'
import { inspected } from './kit/live.js'
import { activeStates, shows, visiting } from './kit/page.js'

const visits = visiting()

const milk = defineService({
  id: 'milk',
  version: 1,
  machine: setup({
    actions: {
      spoil: () => {
        throw new Error('spoilt')
      },
    },
  }).createMachine({
    id: 'milk',
    initial: 'fresh',
    states: { fresh: { on: { WAIT: { target: 'sour', actions: 'spoil' } } }, sour: {} },
  }),
})

/** What head, list and details say of a service that stands on this checkpoint again. */
async function standsOn(page: Page, checkpoint: number): Promise<void> {
  await page.locator('.stage .badge').getByText('running').waitFor()
  await shows(() => activeStates(page), ['milk', 'fresh'])
  await page.locator('.service .state').getByText('fresh').waitFor()
  await page
    .getByRole('region', { name: 'If the process died now' })
    .getByText(`It goes on from checkpoint ${checkpoint}, as in this life.`)
    .waitFor()
  const kept = page.getByRole('region', { name: 'Kept checkpoints' })
  await kept.getByRole('button', { name: 'Show' }).click()
  const rows = kept.getByRole('listitem')
  await rows.filter({ hasText: 'used if the process died now' }).waitFor()
  await shows(() => rows.locator('.name').allInnerTexts(), [`${checkpoint}`])
}

test('after a step back the page names the checkpoint on which the service stands, open meanwhile or opened then', async () => {
  const { supervisor, address } = await inspected()
  onTestFinished(() => supervisor.close().then(() => {}))
  const bottle = await supervisor.start(milk, { key: 'bottle' })
  const { page, problems } = await visits.open(`${address}&service=bottle`)
  await page.locator('.stage .badge').getByText('running').waitFor()
  await bottle.send({ type: 'WAIT' })
  await page.locator('.stage .badge').getByText('failed').waitFor()
  await page.getByText('checkpoint 3 (failed)').waitFor()
  await bottle.retry({ lastGood: true })
  const { sequence } = (await supervisor.stored('bottle')) ?? expect.fail('nothing is stored')
  await standsOn(page, sequence)
  await standsOn((await visits.open(`${address}&service=bottle`)).page, sequence)
  expect(problems).toEqual([])
})
