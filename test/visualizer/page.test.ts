import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { createMachine } from 'xstate'
import type { IncarnationMessage } from '../../src/inspect/stream/message.js'
import { demo, lampMachine } from './kit/demo.js'
import { activeStates, shows, visiting } from './kit/page.js'
import { Recording } from './kit/recording.js'

const visits = visiting()

describe('the page', () => {
  test('shows the services, finds them, and the chart of the chosen one with what is alive in it', async () => {
    const { page, problems } = await visits.show(await demo())
    const list = page.getByRole('listbox', { name: 'Services' })
    await list.getByText('invoice-7').waitFor()
    await page.getByLabel('Search services').fill('trans wait')
    await shows(() => list.getByRole('option').count(), 1)
    await list.press('ArrowDown')
    await page.getByRole('heading', { name: 'invoice-7' }).waitFor()
    await shows(() => activeStates(page), ['transfer', 'waiting'])
    expect(new URL(page.url()).hash).toBe('#trace=trace.json&service=invoice-7&search=trans%20wait')
    // Both microsteps of the last step: the error, and what it led to.
    expect(await page.locator('.drawing .label.taken').allTextContents()).toEqual([
      expect.stringContaining('error copy'),
      expect.stringContaining('always'),
    ])
    expect(await page.locator('.drawing .label.counting .countdown').count()).toBe(1)
    expect(problems).toEqual([])
  })

  test('at the end of a recorded trace, list and details count the same time', async () => {
    const { page, problems } = await visits.show(await demo(), '&service=lamp-04')
    const due = page.locator('.owed .value', { hasText: /^in / })
    await due.waitFor()
    const told = await due.textContent()
    expect(told).toMatch(/^in \d+ s$/)
    const row = page.getByRole('listbox', { name: 'Services' }).getByRole('option', { selected: true })
    expect(await row.textContent()).toContain(told)
    expect(problems).toEqual([])
  })

  test('filters by lifecycle state, and holds 10,000 services with few rows in the document', async () => {
    const recording = new Recording()
    const lamp = lampMachine()
    for (let at = 0; at < 10_000; at++) {
      const key = `lamp-${String(at).padStart(5, '0')}`
      if (at === 0) recording.service(key, lamp).start()
      else {
        const definition = {
          kind: 'service' as const,
          definition: 'lamp',
          version: 1,
          chart: '',
          lifecycleChart: '',
        }
        recording.add(key, definition)
        recording.add(key, {
          kind: 'lifecycle',
          state: at % 100 === 0 ? 'paused' : 'running',
          event: 'lifecycle.revived',
        })
      }
    }
    const { page, problems } = await visits.show(recording)
    const list = page.getByRole('listbox', { name: 'Services' })
    await list.getByText('lamp-00000').waitFor()
    // A long trace comes in slices.
    await page.getByPlaceholder('Search 10,000 services').waitFor()
    expect(await list.getByRole('option').count()).toBeLessThan(60)
    await list.press('End')
    await list.getByText('lamp-09999').waitFor()
    await page.getByRole('button', { name: /paused 99/ }).click()
    await list.press('Home')
    await list.getByText('lamp-00100').waitFor()
    expect(await list.getByRole('option').first().getAttribute('aria-setsize')).toBe('99')
    expect(problems).toEqual([])
  })

  test('goes to any moment and back, by keys, the slider and a link', async () => {
    const recording = await demo()
    const { page } = await visits.show(recording, '&service=invoice-7')
    await shows(() => activeStates(page), ['transfer', 'waiting'])
    const moments = page.getByRole('listbox', { name: 'Moments' })
    await page.getByLabel('Filter the timeline by text').fill('copying')
    await moments.getByText('→ copying').last().click()
    await shows(() => activeStates(page), ['transfer', 'copying'])
    await page.getByLabel('What is in this moment').getByText('microsteps').waitFor()
    // What came with it is marked.
    const marked = page.locator('.details .field.changed > .twig > .name')
    await shows(() => marked.allTextContents(), ['job'])
    const address = page.url()
    expect(address).toMatch(/&at=p2%3A\d+&filter=copying$/)
    const again = await visits.open(address)
    await shows(() => activeStates(again.page), ['transfer', 'copying'])
    // A trace is recorded, though its process lived when it was saved.
    expect(await page.getByRole('button', { name: 'Live' }).count()).toBe(0)
    await page.getByTitle('Back to the end').waitFor()
    await page.getByRole('button', { name: 'End', exact: true }).click()
    await shows(() => activeStates(page), ['transfer', 'waiting'])
    await page.getByRole('slider', { name: 'Moment' }).fill('4')
    await shows(() => activeStates(page), ['transfer', 'measuring'])
    await page.getByRole('slider', { name: 'Moment' }).press('End')
    await shows(() => activeStates(page), ['transfer', 'waiting'])
  })

  test('says so where a link leads to a moment or a service that is not there', async () => {
    const { page } = await visits.show(await demo(), '&service=invoice-7&at=p9%3A7')
    const astray = page.getByRole('button', { name: 'The moment of this address is not known here' })
    await astray.waitFor()
    expect(await page.getByRole('button', { name: 'End', exact: true }).getAttribute('aria-pressed')).toBe(
      'false',
    )
    await astray.click()
    await shows(() => astray.count(), 0)
    expect(new URL(page.url()).hash).toBe('#trace=trace.json&service=invoice-7')
    await page.evaluate(() => location.assign('#trace=trace.json&service=invoice-7&from=p9%3A7'))
    await astray.waitFor()
    await page.evaluate(() => location.assign('#trace=trace.json&service=nobody'))
    await page.getByText('There is no service “nobody” here.').waitFor()
  })

  test('says of what the store holds what a crash would find: a damaged checkpoint, or none any more', async () => {
    const recording = await demo()
    const facts = {
      definition: 'transfer',
      version: 1,
      checkpoint: 88,
      epoch: 3,
      savedAtMs: 1,
      size: 9,
      phase: 'running',
    }
    const damage = { code: 'DAMAGED_CHECKPOINT', message: 'The checksum is wrong.' }
    const rest: IncarnationMessage = {
      type: 'incarnation',
      incarnation: 'p2',
      pid: 1,
      startedAtMs: 1,
      live: false,
    }
    recording.messages.push(rest, {
      type: 'stored',
      services: [{ ...facts, key: 'invoice-7', damage }],
      removed: [],
      complete: true,
    })
    const { page } = await visits.show(recording, '&service=invoice-7')
    const details = page.getByRole('region', { name: 'Details' })
    await details.getByText('The checksum is wrong.').waitFor()
    await details.getByText(/^Its newest checkpoint, 88, is damaged/).waitFor()
    // What runs and is done is called by its name.
    await page.getByLabel('Filter the timeline by text').fill('runs')
    const effects = page.getByRole('listbox', { name: 'Moments' }).getByText(/ runs$/)
    for (const text of await effects.allTextContents()) expect(text).toMatch(/^(action|emit|start) \w+/)
    expect(await effects.count()).toBeGreaterThan(0)
    await page.getByRole('listbox', { name: 'Services' }).getByText('contacts').click()
    await details.getByText('It was removed from the store, and would begin anew.').waitFor()
    await page.locator('.stage .badge.removed').waitFor()
  })

  test('compares two moments, and the comparison is a link', async () => {
    const { page } = await visits.show(await demo(), '&service=invoice-7')
    await page.getByRole('button', { name: 'Compare' }).click()
    await page.getByRole('region', { name: 'Compared' }).getByText('All is the same.').waitFor()
    await page.getByRole('slider', { name: 'Moment' }).fill('4')
    const compared = page.getByRole('region', { name: 'Compared' })
    await shows(() => compared.locator('del').first().textContent(), 'measuring')
    expect(await compared.locator('ins').first().textContent()).toBe('waiting')
    await page.reload()
    await shows(() => compared.locator('ins').first().textContent(), 'waiting')
    await page.getByRole('button', { name: 'End the comparison' }).click()
    await shows(() => compared.count(), 0)
  })

  test('a range of the timeline is dragged or grown by keys; it tells how much and how long, and is saved alone', async () => {
    const { page, problems } = await visits.show(await demo(), '&service=invoice-7')
    const moments = page.getByRole('listbox', { name: 'Moments' })
    await page.getByRole('button', { name: 'commit', exact: true }).click()
    await moments.press('Home')
    await moments.press('ArrowDown')
    await moments.press('Shift+ArrowDown')
    await moments.press('Shift+ArrowDown')
    const compared = page.getByRole('region', { name: 'Compared' })
    await compared.getByText('3 moments in 0 ms').waitFor()
    expect(await moments.locator('.within').count()).toBe(3)
    const rows = moments.getByRole('option')
    await rows.nth(0).hover()
    await page.mouse.down()
    await rows.nth(2).hover()
    await rows.nth(4).hover()
    await page.mouse.up()
    await compared.getByText('5 moments in 0 ms').waitFor()
    expect(await moments.locator('.within').count()).toBe(5)
    await moments.press('Shift+End')
    await compared.getByText(/^\d+ moments in 45 s/).waitFor()
    await compared.getByText('state', { exact: true }).waitFor()
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      compared.getByRole('button', { name: 'Save range' }).click(),
    ])
    const trace = JSON.parse(readFileSync(await download.path(), 'utf8'))
    expect(
      new Set(trace.messages.flatMap(({ entries = [] }) => entries.map(({ key }: { key: string }) => key))),
    ).toEqual(new Set(['invoice-7']))
    const [test] = await Promise.all([
      page.waitForEvent('download'),
      page.locator('.exports').getByRole('button', { name: 'Test' }).click(),
    ])
    expect(test.suggestedFilename()).toBe('invoice-7.test.ts')
    expect(readFileSync(await test.path(), 'utf8')).toContain('verifyInterruptions(service')
    // A click is a moment, and the comparison with the first one stays.
    await rows.last().click({ modifiers: ['Shift'] })
    await moments.press('Escape')
    await shows(() => compared.count(), 0)
    expect(problems).toEqual([])
  })

  test('a range goes from the last line, which is shown live, to one that is clicked or come to', async () => {
    const { page } = await visits.show(await demo(), '&service=invoice-7')
    const rows = page.getByRole('listbox', { name: 'Moments' }).getByRole('option')
    const within = () => page.getByRole('listbox', { name: 'Moments' }).locator('.within').count()
    const live = page.getByRole('button', { name: /^(Live|Latest|End)$/ })
    await rows.last().waitFor()
    const last = Number(await rows.last().getAttribute('aria-posinset'))
    const clicked = Number(await rows.nth(-4).getAttribute('aria-posinset'))
    await rows.nth(-4).click({ modifiers: ['Shift'] })
    await shows(within, last - clicked + 1)
    await page.getByRole('button', { name: 'End the comparison' }).click()
    await live.click()
    await page.getByRole('listbox', { name: 'Moments' }).press('Shift+ArrowUp')
    await page
      .getByRole('region', { name: 'Compared' })
      .getByText(/^2 moments in/)
      .waitFor()
  })

  test('shows what went between the actors, and goes to where it did', async () => {
    const { page } = await visits.show(await demo(), '&service=office')
    await page.getByRole('button', { name: 'Sequence' }).click()
    const messages = page.getByRole('listbox', { name: 'Messages' })
    const said = () =>
      messages
        .getByRole('img')
        .evaluateAll((rows) => rows.map((row) => row.getAttribute('aria-label')?.slice(13)))
    await shows(said, [
      'LETTER from outside to the machine',
      'STAMP from the machine to clerk',
      'INK from clerk to clerk',
      'STAMPED from clerk to the machine',
    ])
    await messages.press('ArrowUp')
    await messages.press('ArrowUp')
    await page
      .getByRole('complementary', { name: 'What is in this moment' })
      .getByText(/INK/)
      .first()
      .waitFor()
  })

  test('messages stand beside their times, with a line where another process goes on', async () => {
    const recording = new Recording('p1', true)
    recording.service('hall', lampMachine()).start().send({ type: 'PRESS' })
    recording.restart('p2')
    recording.nowMs += 60_000
    recording.service('hall', lampMachine(), undefined, 2).start().send({ type: 'PRESS' })
    const { page } = await visits.show(recording, '&service=hall')
    await page.getByRole('button', { name: 'Sequence' }).click()
    const rows = page.getByRole('listbox', { name: 'Messages' }).getByRole('img')
    await shows(() => rows.locator('time').allInnerTexts(), ['09:30:00.012', '09:31:00.026'])
    await shows(() => rows.locator('.process').allInnerTexts(), ['another process'])
    expect(await rows.last().getAttribute('aria-label')).toContain(', in another process')
  })

  test('who goes back to the end has the end of the timeline before them', async () => {
    const recording = new Recording()
    const lamp = recording.service('hall', lampMachine()).start()
    for (let at = 0; at < 200; at++) lamp.send({ type: 'PRESS' })
    const { page } = await visits.show(recording, '&service=hall')
    const moments = page.getByRole('listbox', { name: 'Moments' })
    const last = () => moments.getByRole('option').last().innerText()
    await moments.getByText('checkpoint 201').waitFor()
    const end = await last()
    expect(end).toContain('checkpoint 201')
    await moments.press('Home')
    await shows(async () => (await last()) === end, false)
    await page.getByRole('button', { name: 'End', exact: true }).click()
    await shows(last, end)
  })

  test('says what of the recordings could not be read', async () => {
    const recording = new Recording()
    recording.messages.push({
      type: 'recordings',
      problems: [{ code: 'RECORDING_UNREADABLE', message: 'The recording a.jsonl cannot be read: EACCES.' }],
    })
    const { page } = await visits.show(recording)
    await page.getByRole('alert').getByText('The recording a.jsonl cannot be read: EACCES.').waitFor()
  })

  test('the lanes of many actors have room for their names, and are gone through sideways with what went between them', async () => {
    const recording = new Recording()
    recording.service('hall', lampMachine()).start()
    for (let at = 0; at < 30; at++)
      recording.add('hall', { kind: 'event', to: [`bulb-${at}`], event: { type: 'GO' } })
    const { page } = await visits.show(recording, '&service=hall')
    await page.getByRole('button', { name: 'Sequence' }).click()
    const last = page.locator('.sequence .lanes span').last()
    await last.scrollIntoViewIfNeeded()
    const name = page.locator('.arrow-row').last().locator('.message')
    // It follows what is in sight.
    await expect.poll(() => name.evaluate((text) => text.getBoundingClientRect().left)).toBeGreaterThan(290)
    const [lane, line] = [
      await last.boundingBox(),
      await page.locator('.arrow-row').last().locator('.lane').last().boundingBox(),
    ]
    expect(lane?.width).toBeGreaterThanOrEqual(90)
    expect(Math.abs((lane?.x ?? 0) + (lane?.width ?? 0) / 2 - (line?.x ?? 0))).toBeLessThan(10)
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(page.viewportSize()?.width)
  })

  test('the sequence shows the place of a moment before all messages, and what an actor says to itself in whole', async () => {
    const recording = new Recording()
    recording.service('hall', lampMachine()).start()
    for (let at = 0; at < 100; at++)
      recording.add('hall', {
        kind: 'event',
        to: ['copy'],
        event: { type: 'tardigrade.task.progress', value: at },
      })
    const { page } = await visits.show(recording, '&service=hall')
    await page.getByRole('listbox', { name: 'Moments' }).press('Home')
    await page.getByRole('button', { name: 'Sequence' }).click()
    const rows = page.getByRole('listbox', { name: 'Messages' })
    const top = () => rows.evaluate((list) => list.scrollTop)
    await rows.getByText('tardigrade.task.progress').first().waitFor()
    await shows(top, 0)
    const said = rows.locator('.message').first()
    expect(await said.evaluate((text) => text.scrollWidth - text.clientWidth)).toBe(0)
    const [text, list] = [await said.boundingBox(), await rows.boundingBox()]
    expect((text?.x ?? 0) + (text?.width ?? 0)).toBeLessThanOrEqual((list?.x ?? 0) + (list?.width ?? 0))
    // Who lets go of the moment is at the end again, and with it at the beginning.
    await page.getByRole('button', { name: 'End' }).click()
    await expect.poll(top).toBeGreaterThan(500)
    await page.getByRole('slider', { name: 'Moment' }).fill('0')
    await shows(top, 0)
    // One in the middle is shown where it is.
    await page.getByRole('slider', { name: 'Moment' }).fill('60')
    await rows.locator('.one.chosen').waitFor()
    expect(
      await rows.locator('.one.chosen').evaluate((row) => row.getBoundingClientRect().top),
    ).toBeGreaterThan(list?.y ?? 0)
  })

  test('tells the kinds of moments, their pauses, and which of them another process told', async () => {
    const { page } = await visits.show(await demo(), '&service=invoice-7', {
      viewport: { width: 1280, height: 1400 },
    })
    const moments = page.getByRole('listbox', { name: 'Moments' })
    await moments.press('Home')
    await moments.getByText('transfer version 1 came into this process').first().waitFor()
    await moments.getByText('another process').waitFor()
    await moments.getByText('nothing for 42 s').waitFor()
    await page.getByRole('button', { name: 'commit', exact: true }).click()
    await shows(() => moments.getByText(/^checkpoint \d/).count(), 0)
    // What is hidden is no silence.
    await page.getByRole('button', { name: 'lifecycle', exact: true }).click()
    await moments.getByText(/^\d+ moments hidden, over 42 s$/).waitFor()
  })

  test('the chart of a machine to which nobody has given an id is called as its service is', async () => {
    const recording = new Recording()
    const machine = createMachine({ initial: 'off', states: { off: {} } })
    recording.service('desk', machine, undefined, 0, 'lantern').start()
    const { page, problems } = await visits.show(recording, '&service=desk')
    await shows(() => activeStates(page), ['lantern', 'off'])
    await page.getByRole('tree', { name: /^Statechart of lantern\./ }).waitFor()
    expect(problems).toEqual([])
  })

  test('the chart is worked by keys: states, folding, zoom, search', async () => {
    const recording = new Recording()
    recording.service('both', lampMachine()).start()
    const { page, problems } = await visits.show(recording, '&service=both&chart=both')
    await shows(() => activeStates(page), ['service', 'running', 'lamp', 'off'])
    const drawing = page.locator('.drawing')
    await page.getByLabel('Find a state or an event in the chart').fill('lamp')
    await page.getByLabel('Find a state or an event in the chart').press('Enter')
    await page.getByLabel('State lamp').waitFor()
    await drawing.press('Enter')
    await shows(() => activeStates(page), ['service', 'running', 'lamp'])
    await page.locator('.drawing .box.found').first().waitFor()
    await drawing.press('Enter')
    await shows(() => activeStates(page), ['service', 'running', 'lamp', 'off'])
    const view = () => page.locator('.drawing > g').getAttribute('transform')
    const before = await view()
    await drawing.press('+')
    await expect.poll(view).not.toBe(before)
    await drawing.press('0')
    await drawing.press('Escape')
    await shows(() => page.getByLabel('State lamp').count(), 0)
    await drawing.press('ArrowDown')
    await shows(() => page.locator('.drawing .box.chosen').count(), 1)
    expect(problems).toEqual([])
  })

  test('gives the chart as SVG, PNG and Mermaid, and a trace that it opens again', async () => {
    const { page, problems } = await visits.show(await demo(), '&service=invoice-7')
    await shows(() => activeStates(page), ['transfer', 'waiting'])
    const saved = async (name: string) => {
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('button', { name, exact: true }).click(),
      ])
      return { name: download.suggestedFilename(), content: readFileSync(await download.path()) }
    }
    const svg = await saved('SVG')
    expect(svg.name).toBe('transfer.svg')
    expect(svg.content.toString()).toMatch(/^<svg xmlns.*>waiting</s)
    expect(svg.content.toString()).not.toMatch(/class=|style=|<script|href/)
    const png = await saved('PNG')
    expect(png.content.subarray(1, 4).toString()).toBe('PNG')
    expect(png.content.readUInt32BE(16)).toBeGreaterThan(1000)
    expect((await saved('Mermaid')).content.toString()).toMatch(/^stateDiagram-v2/)
    const trace = await saved('Save trace')
    const again = await visits.open(page.url().replace(/#.*/, ''))
    const file = { name: trace.name, mimeType: 'application/json', buffer: trace.content }
    await again.page.getByLabel('Open a recorded trace').setInputFiles(file)
    await again.page.getByText('invoice-7').click()
    await shows(() => activeStates(again.page), ['transfer', 'waiting'])
    expect(problems).toEqual([])
  })

  test('the lifecycle is shown around the machine, alone, or not at all', async () => {
    const { page } = await visits.show(await demo(), '&service=lamp-04')
    await shows(() => activeStates(page), ['lamp', 'on'])
    await page.getByRole('button', { name: 'In its lifecycle' }).click()
    await shows(() => activeStates(page), ['service', 'lamp', 'on', 'paused'])
    await page.getByRole('button', { name: 'Lifecycle', exact: true }).click()
    await shows(() => activeStates(page), ['service', 'paused'])
    expect(page.url()).toContain('chart=lifecycle')
  })

  test('a chart that cannot be laid out is a list', async () => {
    const recording = await demo()
    const visit = await visits.open('about:blank')
    // Neither with a label on each edge, nor without.
    await visit.page.route(/elk-worker|lay-out/, (route) => route.abort())
    const server = await visits.show(recording)
    await visit.page.goto(`${server.page.url()}&service=invoice-7`)
    await visit.page.getByText('The chart cannot be drawn, so here it is as a list.').waitFor()
    const list = visit.page.getByRole('region', { name: 'States of transfer' })
    await list.getByText('Copies chunk by chunk').waitFor()
    expect(await list.locator('li.active > div > strong').allTextContents()).toEqual(['transfer', 'waiting'])
  })

  test('one that cannot be laid out with a label on each edge is drawn without', async () => {
    const visit = await visits.open('about:blank')
    await visit.page.route(/elk-worker/, (route) => route.abort())
    const server = await visits.show(await demo())
    await visit.page.goto(`${server.page.url()}&service=invoice-7`)
    await visit.page.locator('.drawing .box.active').first().waitFor()
    // What leads out of a state stands in its box.
    await visit.page.locator('.drawing .row.leave').first().waitFor()
    expect(await visit.page.getByText('The chart cannot be drawn').count()).toBe(0)
  })

  test('a chart that takes too long to lay out keeps no other one from its labels', async () => {
    const recording = new Recording()
    for (const id of ['dense', 'lamp']) {
      const states = { off: { on: { PRESS: 'on' } }, on: {} }
      recording.service(id, createMachine({ id, initial: 'off', states }))
    }
    const visit = await visits.open('about:blank')
    // Its thread is busy from then on.
    const busy = `const answer = onmessage; let isBusy = false
      onmessage = (event) => (isBusy ||= JSON.stringify(event.data).includes('dense.off')) || answer(event)`
    await visit.page.route(/elk-worker/, async (route) => {
      const response = await route.fetch()
      await route.fulfill({ response, body: `${await response.text()}\n;${busy}` })
    })
    const server = await visits.show(recording)
    await visit.page.goto(`${server.page.url()}&service=dense`)
    await visit.page.getByText('Laying out').waitFor()
    await visit.page.getByRole('listbox', { name: 'Services' }).getByText('lamp').first().click()
    await visit.page.locator('.drawing .trigger').getByText('PRESS').waitFor()
    expect(await visit.page.locator('.drawing .row.leave').count()).toBe(0)
  })

  test('who has looked at the list sees the chart as before', async () => {
    const { page } = await visits.show(await demo(), '&service=invoice-7')
    await page.locator('.drawing .box.active').first().waitFor()
    const view = () => page.locator('.drawing > g').getAttribute('transform')
    const before = await view()
    const list = page.getByRole('button', { name: 'List', exact: true })
    await list.click()
    await page.getByRole('region', { name: /^States of/ }).waitFor()
    await list.click()
    await shows(view, before)
  })

  test('a large chart begins folded, and unfolds where somebody looks', async () => {
    const recording = new Recording()
    const inner = (name: string) => ({
      initial: `${name}-0`,
      states: Object.fromEntries(
        Array.from({ length: 19 }, (_, at) => [
          `${name}-${at}`,
          { on: { [`${name}.${at}`]: `${name}-${(at + 1) % 19}` } },
        ]),
      ),
    })
    const states = Object.fromEntries(Array.from({ length: 10 }, (_, at) => [`part${at}`, inner(`p${at}`)]))
    const { createMachine } = await import('xstate')
    recording.service('large', createMachine({ id: 'large', initial: 'part0', states })).start()
    const { page } = await visits.show(recording, '&service=large')
    await shows(() => page.locator('.drawing .box').count(), 11)
    await page.getByText('19 states inside').first().waitFor()
    await page.getByLabel('Find a state or an event in the chart').fill('p3-7')
    await page.getByLabel('Find a state or an event in the chart').press('Enter')
    await shows(() => page.locator('.drawing .box').count(), 30)
  })

  test('in a narrow window details and timeline say which service it is and how it stands', async () => {
    const { page } = await visits.show(await demo(), '&service=lamp-04', {
      viewport: { width: 400, height: 760 },
    })
    const title = page.locator('.pane-title')
    const pane = (name: string) => page.getByRole('navigation').getByRole('button', { name, exact: true })
    for (const name of ['details', 'timeline']) {
      await pane(name).click()
      await title.getByRole('heading', { name: 'lamp-04' }).waitFor()
      await title.getByText('paused').waitFor()
    }
    // How it stood at the moment that is shown.
    await page.getByRole('slider', { name: 'Moment' }).fill('1')
    await title.getByText('resuming').waitFor()
    for (const name of ['services', 'chart']) {
      await pane(name).click()
      expect(await title.isVisible()).toBe(false)
    }
    await page.setViewportSize({ width: 1280, height: 800 })
    expect(await title.isVisible()).toBe(false)
    expect(await page.getByRole('heading', { name: 'lamp-04' }).count()).toBe(1)
  })

  test('a view that was to follow the machine leaves a chart alone that has gone meanwhile', async () => {
    const { page, problems } = await visits.show(await demo(), '&service=invoice-7', {
      viewport: { width: 400, height: 760 },
    })
    await page.clock.install()
    const pane = (name: string) => page.getByRole('navigation').getByRole('button', { name, exact: true })
    await pane('chart').click()
    await page.locator('.drawing .box').first().waitFor()
    // Smaller than can be read: what it follows next is made readable.
    await page.getByRole('button', { name: 'Fit' }).click()
    // It follows the first at once, and the second some time later.
    for (const moment of ['4', '20'])
      await page.evaluate((value) => {
        const slider = document.querySelector<HTMLInputElement>('input[aria-label=Moment]')
        if (slider === null) throw new Error('there is no slider')
        slider.value = value
        slider.dispatchEvent(new Event('input', { bubbles: true }))
      }, moment)
    await page.getByRole('button', { name: 'List', exact: true }).click()
    await shows(() => page.locator('.drawing').count(), 0)
    await page.clock.fastForward(1000)
    await shows(() => page.evaluate(() => document.readyState), 'complete')
    expect(problems).toEqual([])
  })

  test('where several services are there and none is chosen, it is said what to do', async () => {
    const { page } = await visits.show(await demo())
    await page.locator('.stage').getByText('Choose one of the 63 services in the list').waitFor()
    expect(await page.getByLabel('Search services').getAttribute('placeholder')).toBe('Search 63 services')
    for (const part of ['Details', 'Timeline'])
      await page.getByRole('region', { name: part }).getByText('No service is chosen.').waitFor()
    await page.getByRole('option').getByText('contacts').click()
    await page.locator('.stage').getByRole('heading', { name: 'contacts' }).waitFor()
    await shows(() => page.getByText('No service is chosen.').count(), 0)
  })

  test('in a narrow window one part is shown at a time; colours follow the system, or who chooses', async () => {
    const { page } = await visits.show(await demo(), '&service=invoice-7', {
      viewport: { width: 380, height: 700 },
      colorScheme: 'dark',
    })
    const ground = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor)
    await shows(() => activeStates(page), ['transfer', 'waiting'])
    expect(await ground()).toBe('rgb(13, 18, 17)')
    await page.getByRole('button', { name: /Colours: system/ }).click()
    expect(await ground()).toBe('rgb(243, 245, 243)')
    await page.getByRole('button', { name: 'details', exact: true }).click()
    await page.getByRole('region', { name: 'If the process died now' }).waitFor()
    expect(await page.locator('.drawing').isVisible()).toBe(false)
    await page.getByRole('button', { name: 'services', exact: true }).click()
    await page.getByRole('listbox', { name: 'Services' }).getByRole('option').first().click()
    await page.getByRole('heading', { name: 'contacts' }).waitFor()
    // Nothing sticks out.
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(380)
  })

  test('says what to do where its address leads nowhere, and what is wrong with a trace', async () => {
    const { page } = await visits.show(new Recording())
    const empty = await visits.open(page.url().replace(/#.*/, ''))
    await empty.page.getByText('npx tardigrade inspect').waitFor()
    const file = { name: 'notes.json', mimeType: 'application/json', buffer: Buffer.from('{"a":1}') }
    await empty.page.getByLabel('Open a recorded trace').setInputFiles(file)
    await empty.page.getByText('notes.json cannot be shown: it is no trace of Tardigrade.').waitFor()
    // Who has chosen a wrong file chooses another one.
    const trace = {
      name: 't.json',
      mimeType: 'application/json',
      buffer: Buffer.from((await demo()).json()),
    }
    await empty.page.getByLabel('Open another recorded trace').setInputFiles(trace)
    await empty.page.getByText('recorded: t.json').waitFor()
    expect(await empty.page.getByText('cannot be shown').count()).toBe(0)
    const elsewhere = await visits.open(
      page.url().replace('trace.json', 'https%3A%2F%2Fexample.com%2Ft.json'),
    )
    await elsewhere.page.getByText('it is of another origin').waitFor()
  })
})
