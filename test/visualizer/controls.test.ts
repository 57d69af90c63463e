import { expect, test } from 'vitest'
import { controlled, lamp } from './kit/live.js'
import { activeStates, shows, visiting } from './kit/page.js'

const visits = visiting()

test('a field that each event has had is left out by keys, told to who hears the page, and taken in again', async () => {
  const { hall, page, problems, controls } = await controlled(visits)
  await hall.send({ type: 'PRESS', by: 'Ann', hard: true } as never)
  await shows(() => activeStates(page), ['lamp', 'on'])
  await controls.getByLabel('Type of the event').fill('PRESS')
  const by = controls.getByLabel('by, text')
  await by.focus()
  await page.keyboard.press('Tab')
  await page.keyboard.press('Space')
  const leave = controls.getByRole('button', { name: 'Leave out by', pressed: true })
  await leave.waitFor()
  expect(await leave.evaluate((button) => button === document.activeElement)).toBe(true)
  const gone = controls.getByLabel('by, left out')
  expect([await gone.isDisabled(), await gone.inputValue()]).toEqual([true, ''])
  await controls.getByRole('button', { name: 'Leave out hard' }).click()
  await controls.getByRole('button', { name: 'Send' }).click()
  await page.locator('.outcome').getByText('Send PRESS: done').waitFor()
  const inside = page.getByLabel('What is in this moment')
  const pressed = page.getByRole('listbox', { name: 'Moments' }).getByRole('option')
  const events = pressed.filter({ hasText: /event\s*PRESS/ })
  await shows(() => events.count(), 2)
  await events.last().click()
  await inside.getByText('PRESS').first().waitFor()
  expect(await inside.textContent()).not.toMatch(/Ann|hard/)
  await page.getByRole('button', { name: 'Live' }).click()
  // Taken in again, it holds what it held last.
  await controls.getByLabel('Type of the event').fill('')
  await controls.getByLabel('Type of the event').fill('PRESS')
  await controls.getByLabel('by, text, may be left out').waitFor()
  expect(problems).toEqual([])
})

test('a second kill to come says which one it takes the place of', async () => {
  const { page, controls } = await controlled(visits)
  const arm = async (state: string, button: string) => {
    await controls.getByLabel('State at which the process is to be killed').selectOption(state)
    await controls.getByRole('button', { name: button, exact: true }).click()
  }
  const told = page.locator('.outcome')
  await arm('on', 'Kill it there')
  await told.getByText('Kill the process at on: armed, until it is taken back').waitFor()
  await arm('off', 'Kill it there, not at on')
  await told.getByText('armed, until it is taken back, in the place of the kill at on').waitFor()
  await page.getByRole('region', { name: 'Kill to come' }).getByText('enters off').waitFor()
  await page.getByRole('button', { name: 'Take it back' }).click()
  await told.getByText('Take the kill back: done').waitFor()
})

test('a kill to come that another page takes back, or replaces, is not armed any more on the page that has asked for it', async () => {
  const { page, controls } = await controlled(visits)
  const arm = async () => {
    await controls.getByLabel('State at which the process is to be killed').selectOption('on')
    await controls.getByRole('button', { name: /^Kill it there/ }).click()
    await told.getByText('Kill the process at on: armed, until it is taken back').waitFor()
  }
  const told = page.locator('.outcome')
  await arm()
  const other = await visits.open(page.url())
  const toCome = other.page.getByRole('region', { name: 'Kill to come' })
  await toCome.getByText('enters on').waitFor()
  await other.page.getByRole('button', { name: 'Take it back' }).click()
  await told.getByText('Kill the process at on: taken back').waitFor()
  expect(await page.getByText('until it is taken back').count()).toBe(0)
  await arm()
  await other.page.getByLabel('State at which the process is to be killed').selectOption('off')
  await other.page.getByRole('button', { name: 'Kill it there, not at on' }).click()
  const replaced = 'Kill the process at on: the kill at off has taken its place'
  await told.getByText(replaced).waitFor()
  // What has become of it stays so, whatever is asked for since.
  await other.page.getByLabel('State at which the process is to be killed').selectOption('on')
  await other.page.getByRole('button', { name: 'Kill it there, not at off' }).click()
  await page.getByRole('region', { name: 'Kill to come' }).getByText('enters on').waitFor()
  expect(await told.allInnerTexts()).toEqual([replaced])
  await other.page.getByRole('button', { name: 'Take it back' }).click()
  await shows(() => page.getByRole('region', { name: 'Kill to come' }).count(), 0)
  expect(await told.allInnerTexts()).toEqual([replaced])
})

test('what came of a control says whose it is beside another service', async () => {
  const { supervisor, page, controls } = await controlled(visits)
  await controls.getByRole('button', { name: 'Checkpoint' }).click()
  const told = page.locator('.outcome')
  await told.getByText('Checkpoint: done').waitFor()
  await supervisor.start(lamp, { key: 'attic' })
  await page.getByRole('listbox', { name: 'Services' }).getByText('attic').click()
  await told.getByText('Checkpoint (hall): done').waitFor()
})

test('what was filled in for a service is not asked of the next one, and what was written of an event is there again with the first', async () => {
  const { supervisor, page, controls } = await controlled(visits)
  const [state, type] = [
    controls.getByLabel('State at which the process is to be killed'),
    controls.getByLabel('Type of the event'),
  ]
  await state.selectOption('on')
  await type.fill('PRESS')
  const more = controls.getByLabel('More fields of the event, as JSON')
  await more.fill('{ "by": "Ann" }')
  await supervisor.start(lamp, { key: 'attic' })
  const services = page.getByRole('listbox', { name: 'Services' })
  await services.getByText('attic').click()
  await page.getByRole('heading', { name: 'attic' }).waitFor()
  expect([await state.inputValue(), await type.inputValue(), await more.inputValue()]).toEqual(['', '', ''])
  expect(await controls.getByRole('button', { name: 'Kill it there' }).isDisabled()).toBe(true)
  await type.fill('OTHER')
  await services.getByText('hall').click()
  await page.getByRole('heading', { name: 'hall' }).waitFor()
  expect([await type.inputValue(), await more.inputValue()]).toEqual(['PRESS', '{ "by": "Ann" }'])
})

test('what is being written is there after a look at the past, and has no problem once it is mended', async () => {
  const { hall, page, controls } = await controlled(visits)
  await hall.send({ type: 'PRESS' })
  const more = controls.getByLabel('More fields of the event, as JSON')
  await controls.getByLabel('Type of the event').fill('PRESS')
  await more.fill('{ "by": ')
  await controls.getByRole('button', { name: 'Send' }).click()
  await controls.getByRole('alert').waitFor()
  await page.getByRole('listbox', { name: 'Moments' }).getByRole('option').first().click()
  await shows(() => controls.count(), 0)
  await page.getByRole('button', { name: 'Live' }).click()
  expect(await controls.getByLabel('Type of the event').inputValue()).toBe('PRESS')
  expect(await more.inputValue()).toBe('{ "by": ')
  await more.fill('{ "by": "Ann" }')
  await shows(() => controls.getByRole('alert').count(), 0)
})

test('what was written for one event is there again with it, and goes with no other one', async () => {
  const { hall, page, controls } = await controlled(visits)
  await hall.send({ type: 'PRESS', by: 'Ann' } as never)
  await shows(() => activeStates(page), ['lamp', 'on'])
  const [type, more] = [
    controls.getByLabel('Type of the event'),
    controls.getByLabel('More fields of the event, as JSON'),
  ]
  // What is written before there is an event is of the first one.
  await more.fill('{ "name": "tulip" }')
  await type.pressSequentially('PRESS')
  expect(await more.inputValue()).toBe('{ "name": "tulip" }')
  await controls.getByLabel('by, text').fill('Bob')
  await type.fill('OTHER')
  expect(await more.inputValue()).toBe('')
  await controls.getByRole('button', { name: 'Send' }).click()
  await page.locator('.outcome').getByText('Send OTHER').waitFor()
  const events = page.getByRole('option').filter({ hasText: /event\s*OTHER/ })
  await events.first().click()
  expect(await page.getByLabel('What is in this moment').textContent()).not.toMatch(/tulip|Bob/)
  await page.getByRole('button', { name: 'Live' }).click()
  await type.fill('PRESS')
  expect(await more.inputValue()).toBe('{ "name": "tulip" }')
  expect(await controls.getByLabel('by, text').inputValue()).toBe('Bob')
  // Of what may be written there, nothing is cut off.
  await type.fill('OTHER')
  const [needsPx, hasPx] = await more.evaluate((input: HTMLInputElement) => {
    const { font, paddingLeft, paddingRight } = getComputedStyle(input)
    const paper = document.createElement('canvas').getContext('2d')
    if (paper !== null) paper.font = font
    const padding = Number.parseFloat(paddingLeft) + Number.parseFloat(paddingRight)
    return [paper?.measureText(input.placeholder).width, input.clientWidth - padding]
  })
  expect(hasPx).toBeGreaterThanOrEqual(needsPx ?? Number.POSITIVE_INFINITY)
})

test('what came of a control goes when the lifecycle goes on', async () => {
  const { hall, page, controls } = await controlled(visits)
  await controls.getByRole('button', { name: 'Pause' }).click()
  const told = page.locator('.outcome').getByText('Pause: done')
  await told.waitFor()
  await page.locator('.stage .badge.paused').waitFor()
  await hall.resume('user')
  await page.locator('.stage .badge.running').waitFor()
  await told.waitFor({ state: 'detached' })
})

test('the first event that is sent as JSON brings its fields, while its type stays where it was written', async () => {
  const { page, controls } = await controlled(visits)
  await controls.getByLabel('Type of the event').fill('PRESS')
  const more = controls.getByLabel('More fields of the event, as JSON')
  await more.fill('{ "by": "Ann" }')
  await more.press('Enter')
  await page.locator('.outcome').getByText('Send PRESS: done').waitFor()
  const by = controls.getByLabel('by, text')
  await by.waitFor()
  expect(await by.inputValue()).toBe('Ann')
  // Who was writing goes on where they were.
  expect(await more.evaluate((input) => input === document.activeElement)).toBe(true)
  // What moved into its field does not stay beside, and the next one is sent from there.
  expect(await more.inputValue()).toBe('')
  await by.fill('Bob')
  await by.press('Enter')
  await page
    .getByRole('option')
    .filter({ hasText: /event\s*PRESS/ })
    .nth(1)
    .click()
  await page.getByLabel('What is in this moment').getByText('Bob').waitFor()
})

test('a kill that is to come already is not asked for again', async () => {
  const { page, controls } = await controlled(visits)
  await controls.getByLabel('State at which the process is to be killed').selectOption('on')
  const kill = controls.getByRole('button', { name: 'Kill it there', exact: true })
  await kill.focus()
  for (let times = 0; times < 3; times++) await page.keyboard.press('Enter')
  await page.locator('.outcome').getByText('Kill the process at on: armed').waitFor()
  await page.getByRole('region', { name: 'Kill to come' }).getByText('enters on').waitFor()
  await page.keyboard.press('Enter')
  expect(await kill.evaluate((button) => button === document.activeElement)).toBe(true)
  await controls.getByRole('button', { name: 'Checkpoint' }).click()
  await page.locator('.outcome').getByText('Checkpoint: done').waitFor()
  const lines = page.getByRole('listbox', { name: 'Moments' }).getByText('is to be killed at on')
  expect(await lines.count()).toBe(1)
})
