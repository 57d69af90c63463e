import { readFileSync } from 'node:fs'
import { defineService } from 'tardigrade'
import { expect, test } from 'vitest'
import { createMachine, sendTo, setup } from 'xstate'
import { inspected, lamp } from './kit/live.js'
import { activeStates, shows, visiting } from './kit/page.js'

const visits = visiting()

test('a process that shows itself is followed live, through a pause and its end', async () => {
  const { supervisor, address } = await inspected()
  const hall = await supervisor.start(lamp, { key: 'hall' })
  const { page, problems } = await visits.open(address)
  // The only one there is needs no choosing.
  await shows(() => activeStates(page), ['lamp', 'off'])
  expect(await page.getByLabel('Search services').getAttribute('placeholder')).toBe('Search 1 service')
  await hall.send({ type: 'PRESS' })
  await shows(() => activeStates(page), ['lamp', 'on'])
  expect(await page.locator('.drawing .label.taken').textContent()).toContain('PRESS')
  await page
    .locator('.drawing .countdown')
    .getByText(/^in 59 min/)
    .waitFor()
  await hall.pause('user')
  await page.locator('.stage .badge.paused').waitFor()
  await page.getByRole('region', { name: 'Holds' }).getByText('user').waitFor()
  await page.getByText('live', { exact: true }).waitFor()
  expect(problems).toEqual([])
  await supervisor.close()
  await page.getByRole('status').getByText('ended', { exact: true }).waitFor()
  // The supervisor that closed holds nothing any more, and had done it then.
  const held = page.getByRole('region', { name: 'Holds' }).locator('.name')
  await shows(() => held.allInnerTexts(), ['user'])
  await shows(() => page.getByRole('option').locator('.hold').allInnerTexts(), ['user'])
  await page.getByRole('listbox', { name: 'Moments' }).getByText('shutdown set by supervisor').click()
  await shows(() => held.allInnerTexts(), ['user', 'shutdown'])
})

test('a token that is another lets nobody in, and the page says so', async () => {
  const { supervisor, address } = await inspected()
  const { page } = await visits.open(address.replace(/token=..../, 'token=XXXX'))
  await page.getByText('refused', { exact: true }).waitFor()
  await page.getByRole('alert').getByText('Open the address that it has printed.').waitFor()
  // In the same tab: a browser loads no page where the part after # alone is another.
  await page.goto(address)
  await page.getByRole('status').getByText('live', { exact: true }).waitFor()
  await supervisor.close()
})

test('with control, a service takes events, rests and goes on; what is refused is told', async () => {
  const { supervisor, address } = await inspected(true)
  const hall = await supervisor.start(lamp, { key: 'hall' })
  const { page, problems } = await visits.open(address)
  await page.getByRole('option').getByText('hall').click()
  const controls = page.getByRole('region', { name: 'Controls' })
  expect(
    await controls
      .locator('datalist option')
      .evaluateAll((options) => options.map((option) => option.getAttribute('value'))),
  ).toEqual(['PRESS'])
  await controls.getByLabel('Type of the event').fill('PRESS')
  await controls.getByRole('button', { name: 'Send' }).click()

  await page.locator('.outcome').getByText('Send PRESS: done').waitFor()
  expect(hall.machine.getSnapshot().value).toBe('on')
  await shows(() => activeStates(page), ['lamp', 'on'])
  await controls.getByLabel('Type of the event').fill('NOPE')
  await controls.getByRole('button', { name: 'Send' }).click()
  await page.locator('.outcome').getByText('Send NOPE: ignored').waitFor()
  await controls.getByLabel('Type of the event').fill('PRESS')
  await controls.getByLabel('More fields').fill('[1]')
  await controls.getByRole('button', { name: 'Send' }).click()
  await controls.getByText('The fields are no JSON object').waitFor()
  await controls.getByLabel('More fields').fill('')
  // Fields are those that such events have had: names and kinds, looked at before anything is sent.
  await hall.send({ type: 'PRESS', times: 2 } as never)
  // The page has heard of it.
  await shows(() => activeStates(page), ['lamp', 'off'])
  await controls.getByLabel('Type of the event').fill('')
  await controls.getByLabel('Type of the event').fill('PRESS')
  await controls.getByLabel('times, number').fill('many')
  await controls.getByRole('button', { name: 'Send' }).click()
  await controls.getByText('It is no number.').waitFor()
  await controls.getByLabel('times, number').fill('3')
  await controls.getByRole('button', { name: 'Send' }).click()
  await page.getByLabel('Filter the timeline by text').fill('PRESS')
  // A silence between them is a line, too.
  const pressed = page
    .getByRole('listbox', { name: 'Moments' })
    .getByRole('option')
    .filter({ hasText: 'PRESS' })
  await shows(() => pressed.count(), 3)
  await pressed.last().click()
  await page.getByLabel('What is in this moment').getByText('times 3').waitFor()
  await page.getByRole('button', { name: 'Live' }).click()
  await controls.getByLabel('Type of the event').fill('xstate.stop')
  await controls.getByRole('button', { name: 'Send' }).click()
  await page.locator('.outcome.refused').waitFor()
  await controls.getByRole('button', { name: 'Pause' }).click()
  await controls.getByRole('button', { name: 'Resume' }).waitFor()
  expect(hall.getSnapshot().value).toBe('paused')
  await page.getByRole('region', { name: 'Holds' }).getByText('asked for on the process’s own page').waitFor()
  await controls.getByRole('button', { name: 'Resume' }).click()
  await controls.getByRole('button', { name: 'Pause' }).waitFor()
  // What cannot be taken back is asked for twice.
  await controls.getByRole('button', { name: 'Crash the process' }).click()
  await controls.getByRole('button', { name: 'Kill it here and now?' }).waitFor()
  expect(problems).toEqual([])
  await supervisor.close()
})

test('the chart of a machine that the machine has is chosen in the tree of actors, with what is alive in it', async () => {
  const room = createMachine({
    id: 'room',
    initial: 'dark',
    states: { dark: { on: { PRESS: 'bright' } }, bright: { after: { 3600000: 'dark' } } },
  })
  const house = setup({ actors: { room } }).createMachine({
    id: 'house',
    invoke: { src: 'room', id: 'kitchen/1' },
    on: { PRESS: { actions: sendTo('kitchen/1', { type: 'PRESS' }) } },
  })
  const { supervisor, address } = await inspected()
  const home = await supervisor.start(defineService({ id: 'house', version: 1, machine: house }), {
    key: 'home',
  })
  const { page, problems } = await visits.open(address)
  await page.getByRole('option').getByText('home').click()
  await shows(() => activeStates(page), ['house'])
  await page.getByRole('button', { name: 'kitchen/1' }).click()
  await shows(() => activeStates(page), ['room', 'dark'])
  await home.send({ type: 'PRESS' })
  await shows(() => activeStates(page), ['room', 'bright'])
  expect(await page.locator('.drawing .label.taken').textContent()).toContain('PRESS')
  await page
    .locator('.drawing .countdown')
    .getByText(/^in 59 min/)
    .waitFor()
  // Then as now, and by a link.
  await page.getByRole('button', { name: 'One moment back' }).click()
  await page.getByRole('slider', { name: 'Moment' }).fill('6')
  await page.reload()
  await shows(() => activeStates(page), ['room', 'dark'])
  await page.getByTitle('Back to the machine').click()
  await shows(() => activeStates(page), ['house'])
  expect(problems).toEqual([])
  await supervisor.close()
})

test('what the program holds it by is let go of, each by its name; pausing it is offered all the while', async () => {
  const { supervisor, address } = await inspected(true)
  const hall = await supervisor.start(lamp, { key: 'hall' })
  await hall.pause('maintenance')
  const { page } = await visits.open(address)
  const controls = page.getByRole('region', { name: 'Controls' })
  await controls.getByRole('button', { name: 'Pause' }).click()
  await page.locator('.outcome').getByText('Pause: done').waitFor()
  await page
    .getByRole('region', { name: 'Holds' })
    .getByRole('button', { name: 'Let go of maintenance' })
    .click()
  await page.locator('.outcome').getByText('Let go of maintenance: done').waitFor()
  expect(hall.getSnapshot().context.holds).toEqual(['user'])
  await controls.getByRole('button', { name: 'Resume' }).click()
  await page.locator('.outcome').getByText('Resume: done').waitFor()
  await page.locator('.stage .badge.running').waitFor()
  await supervisor.close()
})

test('one that has failed is retried', async () => {
  let isBroken = true
  const machine = createMachine({
    id: 'lamp',
    on: {
      PRESS: {
        actions: () => {
          if (isBroken) throw new Error('the glass burst')
        },
      },
    },
  })
  const { supervisor, address } = await inspected(true)
  const hall = await supervisor.start(defineService({ id: 'lamp', version: 1, machine }), { key: 'hall' })
  const { page } = await visits.open(address)
  await page.getByRole('option').getByText('hall').click()
  const controls = page.getByRole('region', { name: 'Controls' })
  await controls.getByRole('button', { name: 'Checkpoint' }).click()
  await page.locator('.outcome').getByText('Checkpoint: done').waitFor()
  await page.getByRole('listbox', { name: 'Moments' }).getByText('checkpointing').first().waitFor()
  expect(await controls.getByRole('button', { name: 'Retry' }).count()).toBe(0)
  await controls.getByLabel('Type of the event').fill('PRESS')
  await controls.getByRole('button', { name: 'Send' }).click()
  await page.locator('.stage .badge.failed').waitFor()
  await page.getByRole('region', { name: 'Failure' }).getByText('the glass burst').first().waitFor()
  isBroken = false
  await controls.getByRole('button', { name: 'Retry' }).click()
  await page.locator('.outcome').getByText('Retry: done').waitFor()
  await page.locator('.stage .badge.running').waitFor()
  expect(hall.getSnapshot().value).toBe('running')
  await supervisor.close()
})

test('without control, nothing can be asked for', async () => {
  const { supervisor, address } = await inspected()
  await supervisor.start(lamp, { key: 'hall' })
  const { page } = await visits.open(address)
  await page.getByRole('option').getByText('hall').click()
  await shows(() => activeStates(page), ['lamp', 'off'])
  expect(await page.getByRole('region', { name: 'Controls' }).count()).toBe(0)
  await supervisor.close()
})

test('a removal stands between two lives under one key, also in a trace that is saved', async () => {
  // The timeline has a row for each moment that is seen.
  const tall = { viewport: { width: 1280, height: 2000 } }
  const { supervisor, address } = await inspected()
  await supervisor.start(lamp, { key: 'hall' })
  const { page, problems } = await visits.open(address, tall)
  await shows(() => activeStates(page), ['lamp', 'off'])
  await supervisor.remove('hall')
  await page.locator('.stage .badge.removed').waitFor()
  await page
    .getByRole('region', { name: 'If the process died now' })
    .getByText('It was removed from the store, and would begin anew.')
    .waitFor()
  await supervisor.start(lamp, { key: 'hall' })
  await page.locator('.stage .badge.running').waitFor()
  const told = async (on: typeof page) => {
    const rows = await on.getByRole('listbox', { name: 'Moments' }).locator('.text').allTextContents()
    return rows.filter((text) => /first life|removed|came into/.test(text))
  }
  const lives = [
    'lamp version 1 came into this process',
    'begins its first life',
    'was removed, with all its checkpoints',
    'lamp version 1 came into this process',
    'begins its first life',
  ]
  await shows(() => told(page), lives)
  const download = page.waitForEvent('download')
  await page.getByRole('button', { name: 'Save trace' }).click()
  const saved = readFileSync(await (await download).path(), 'utf8')
  const again = await visits.showTrace(saved, '&service=hall', tall)
  await shows(() => told(again.page), lives)
  expect(problems).toEqual([])
  await supervisor.close()
})
