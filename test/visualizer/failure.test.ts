import { defineService } from 'tardigrade'
import { expect, onTestFinished, test } from 'vitest'
import { setup } from 'xstate'
import { inspected, lamp } from './kit/live.js'
import { activeStates, shows, visiting } from './kit/page.js'
import { Recording } from './kit/recording.js'

const visits = visiting()

const boiler = defineService({
  id: 'boiler',
  version: 1,
  machine: setup({
    actions: {
      explode: () => {
        throw new RangeError('the valve `v-7` is stuck')
      },
    },
  }).createMachine({
    id: 'boiler',
    initial: 'cold',
    states: { cold: { on: { HEAT: 'hot', BREAK: { target: 'hot', actions: 'explode' } } }, hot: {} },
  }),
})

test('an event with which the service fails is not simply done, and lines and details say what went wrong', async () => {
  const { supervisor, address } = await inspected(true)
  onTestFinished(() => supervisor.close().then(() => {}))
  await supervisor.start(boiler, { key: 'cellar' })
  const { page, problems } = await visits.open(address)
  await shows(() => activeStates(page), ['boiler', 'cold'])
  const controls = page.getByRole('region', { name: 'Controls' })
  await controls.getByLabel('Type of the event').fill('BREAK')
  await controls.getByRole('button', { name: 'Send' }).click()
  const told = page.locator('.outcome.refused')
  await told.getByText('Send BREAK: applied, and the service has failed with it').waitFor()
  const moments = page.getByRole('listbox', { name: 'Moments' })
  await moments.getByText(/^action explode failed: RangeError: the valve v-7 is stuck/).waitFor()
  await moments.getByText(/^failed {3}lifecycle\.failed: .*the valve v-7 is stuck/).waitFor()
  // What is code is shown as that, in lines and details.
  await moments.locator('code').getByText('v-7').first().waitFor()
  const failure = page.getByRole('region', { name: 'Failure' })
  await failure.locator('code').getByText('v-7').waitFor()
  const text = (await failure.textContent()) ?? ''
  expect(text).not.toContain('`')
  const remedy = (await failure.locator('p').last().textContent()) ?? ''
  expect(remedy).toMatch(/\.$/)
  expect(text.split(remedy)).toHaveLength(2)
  expect(remedy).not.toContain('KEY')
  // What can do nothing says why.
  for (const name of ['Pause', 'Checkpoint']) {
    const button = controls.getByRole('button', { name, exact: true })
    expect(await button.isDisabled()).toBe(true)
    expect(await button.getAttribute('title')).toMatch(/^It has failed: .* until it is retried\.$/)
  }
  // The rest is there for who wants it.
  await failure.getByRole('button', { name: 'all of it' }).click()
  await failure.getByText('code', { exact: true }).waitFor()
  expect(problems).toEqual([])
})

test('a service that has failed goes on from the last good checkpoint, asked for twice and by keys', async () => {
  const { supervisor, address } = await inspected(true)
  onTestFinished(() => supervisor.close().then(() => {}))
  const cellar = await supervisor.start(boiler, { key: 'cellar' })
  await cellar.send({ type: 'BREAK' }).catch(() => {})
  const { page, problems } = await visits.open(`${address}&service=cellar`)
  const failed = page.locator('.stage .badge.failed')
  await failed.waitFor()
  const again = page.getByRole('button', { name: 'Go on from the last good one' })
  await again.focus()
  await page.keyboard.press('Enter')
  await page.getByRole('button', { name: 'Set the newest checkpoint aside?' }).waitFor()
  await page.keyboard.press('Enter')
  await page.locator('.stage .badge.running').waitFor()
  await shows(() => activeStates(page), ['boiler', 'cold'])
  expect(problems).toEqual([])
})

test('a command of a remedy names the service and the store, wherever it is called', async () => {
  const recording = new Recording()
  const [hello] = recording.messages
  if (hello?.type !== 'hello') expect.fail('it does not begin with a hello')
  recording.messages[0] = { ...hello, store: '/srv/my desk' }
  recording.service('big hall', lamp.machine).start()
  const remedy = 'It is kept; go on with `tardigrade retry KEY --last-good` or `tardigrade/testing`.'
  const failure = { name: 'DamagedError', message: `It is damaged. ${remedy}`, remedy }
  recording.add('big hall', { kind: 'lifecycle', state: 'failed', event: 'lifecycle.failed', failure })
  const { page } = await visits.showTrace(recording.json())
  const told = page.getByRole('region', { name: 'Failure' }).locator('p').last()
  const command = `npx tardigrade retry 'big hall' --last-good --store "/srv/my desk"`
  await shows(() => told.allTextContents(), [`It is kept; go on with ${command} or tardigrade/testing.`])
})
