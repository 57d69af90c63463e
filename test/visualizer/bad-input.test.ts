import { createSupervisor, defineService, type Service } from 'tardigrade'
import { memoryStore } from 'tardigrade/stores/memory'
import { expect, onTestFinished, test } from 'vitest'
import { createMachine } from 'xstate'
import { activeStates, shows, type Visit, visiting } from './kit/page.js'

/*
 * Faults: between a page and its server, what is said is of another version, malformed, out of order, too large, or of a machine that
 * is none. Promise: that page says what it is, and another one beside it goes on.
 */

const visits = visiting()

const lamp = defineService({
  id: 'lamp',
  version: 1,
  machine: createMachine({
    id: 'lamp',
    initial: 'off',
    states: { off: { on: { PRESS: 'on' } }, on: { on: { PRESS: 'off' } } },
  }),
})

type Change = (text: string) => string | readonly string[]
const same: Change = (text) => text

/** Two pages over one process: what goes between the first and the server is changed on its way. */
async function pages(toServer: Change, toPage: Change) {
  const supervisor = await createSupervisor({
    store: memoryStore(),
    inspect: { port: 0, onListening: () => {} },
  })
  onTestFinished(async () => void (await supervisor.close()))
  const hall = await supervisor.start(lamp, { key: 'hall' })
  const address = supervisor.inspectAddress ?? expect.fail('no address')
  const other = await visits.open(address)
  await shows(() => activeStates(other.page), ['lamp', 'off'])
  const bad = await visits.open('about:blank')
  await bad.page.routeWebSocket(/stream/, (socket) => {
    const server = socket.connectToServer()
    const pass = (change: Change, to: { send(text: string): void }) => (data: string | Buffer) => {
      for (const text of [change(String(data))].flat()) to.send(text)
    }
    socket.onMessage(pass(toServer, server))
    server.onMessage(pass(toPage, socket))
  })
  await bad.page.goto(address)
  return { bad, other, hall }
}

async function goesOn({ page, problems }: Visit, hall: Service<typeof lamp.machine>): Promise<void> {
  await hall.send({ type: 'PRESS' })
  await shows(() => activeStates(page), ['lamp', 'on'])
  await page.getByText('live', { exact: true }).waitFor()
  expect(await page.getByRole('alert').count()).toBe(0)
  expect(problems).toEqual([])
}

test.each([
  [
    'another version',
    (text) => text.replace('"version":1', '"version":9'),
    'You speak version 9; this server speaks 1.',
  ],
  ['no JSON', () => '{', 'It is no JSON object with a type.'],
  ['out of order', (text) => [text, text], 'A connection has one hello.'],
  [
    'more than a mebibyte',
    (text) => [text, `{"type":"${'x'.repeat(1024 * 1024)}"}`],
    /characters; 1048576 are taken\.$/,
  ],
] as const satisfies readonly (readonly [string, Change, string | RegExp])[])(
  'a page of which the server hears %s says what it is, and harms no other',
  async (_, change, words) => {
    let isFirst = true
    const once: Change = (text) => (isFirst ? change(text) : text)
    const { bad, other, hall } = await pages((text) => {
      const sent = once(text)
      isFirst = false
      return sent
    }, same)
    await bad.page.getByRole('alert').getByText(words).waitFor()
    await bad.page.getByText('refused', { exact: true }).waitFor()
    await goesOn(other, hall)
  },
)

test.each([
  ['what is no JSON', (text) => [text, '{"type":'], 'A part of what came is damaged, and is left out.'],
  [
    'what has another shape',
    (text) => [text, '{"type":"entries","incarnation":"x","entries":7}'],
    'A part of what came is damaged',
  ],
] as const satisfies readonly (readonly [string, Change, string])[])(
  'a page that hears %s says so, shows all else, and harms no other',
  async (_, change, words) => {
    const { bad, other, hall } = await pages(same, (text) =>
      text.includes('"type":"entries"') ? change(text) : text,
    )
    await bad.page.getByRole('alert').getByText(words).waitFor()
    await shows(() => activeStates(bad.page), ['lamp', 'off'])
    await goesOn(other, hall)
    await shows(() => activeStates(bad.page), ['lamp', 'on'])
  },
)

test('a page that hears entries out of their order says how many are missing, and harms no other', async () => {
  const { bad, other, hall } = await pages(same, (text) =>
    text.includes('PRESS') && text.includes('"type":"entries"')
      ? text.replace(/"sequence":(\d+)/g, (_, sequence) => `"sequence":${Number(sequence) + 40}`)
      : text,
  )
  await shows(() => activeStates(bad.page), ['lamp', 'off'])
  await goesOn(other, hall)
  const moments = bad.page.getByRole('listbox', { name: 'Moments' })
  await moments.getByText('40 entries of its process are missing here').first().waitFor()
  await shows(() => activeStates(bad.page), ['lamp', 'on'])
})

test('a page that hears of a machine that is none says that its chart is not known, shows all else, and harms no other', async () => {
  const { bad, other, hall } = await pages(same, (text) =>
    text.startsWith('{"type":"chart"') ? text.replaceAll('"states":', '"states":7,"were":') : text,
  )
  await bad.page.getByText('Its chart is not known here.').waitFor()
  await goesOn(other, hall)
  await bad.page.locator('.stage .title .state').getByText('on', { exact: true }).waitFor()
  await bad.page.getByRole('listbox', { name: 'Moments' }).getByText('PRESS').first().waitFor()
})

test('a definition that neither way lays out is a list, with what is alive in it, and harms no other page', async () => {
  const { bad, other, hall } = await pages(same, same)
  const refuses = `onmessage = ({ data: { id, cmd } }) =>
    postMessage(cmd === 'layout' ? { id, error: { message: 'It cannot be laid out.' } } : { id, data: [] })`
  await bad.page.route(/elk-worker/, (route) =>
    route.fulfill({ contentType: 'text/javascript', body: refuses }),
  )
  await bad.page.reload()
  // Without labels on its edges it needs no engine.
  await shows(() => activeStates(bad.page), ['lamp', 'off'])
  await bad.page.route(/lay-out/, (route) => route.abort())
  await bad.page.reload()
  await bad.page.getByText('The chart cannot be drawn, so here it is as a list.').waitFor()
  await goesOn(other, hall)
  const list = bad.page.getByRole('region', { name: 'States of lamp' })
  await shows(() => list.locator('li.active > div > strong').allTextContents(), ['lamp', 'on'])
})

test('while a server that has much to read tells nothing yet, the page says that it is read, and not that there is nothing', async () => {
  const held: string[] = []
  let isHeld = true
  const { bad, other, hall } = await pages(same, (text) => {
    if (text.startsWith('{"type":"hello"')) return text
    held.push(text)
    return isHeld ? [] : held.splice(0)
  })
  await bad.page.locator('.stage').getByText('Reading what there is …').waitFor()
  isHeld = false
  await goesOn(other, hall)
  await shows(() => activeStates(bad.page), ['lamp', 'on'])
  expect(await bad.page.getByText('Reading what there is …').count()).toBe(0)
})
