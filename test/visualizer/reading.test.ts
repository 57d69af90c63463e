import type { WebSocketRoute } from 'playwright-core'
import { expect, onTestFinished, test } from 'vitest'
import type { Entry } from '../../src/inspect/stream/entry.js'
import { inspected, lamp } from './kit/live.js'
import { activeStates, shows, visiting } from './kit/page.js'

/*
 * Fault: what a server had as a page connected takes its time to come. Promise: until it has, the page calls nothing now that was so earlier.
 */

const visits = visiting()

const isPress = (entry: Entry) => JSON.stringify(entry).includes('PRESS')

/** A page of one lamp, to which of all entries those alone come that were before it was pressed, until the rest is let go. */
async function held() {
  const { supervisor, address } = await inspected()
  onTestFinished(async () => void (await supervisor.close()))
  const hall = await supervisor.start(lamp, { key: 'hall' })
  await hall.send({ type: 'PRESS' })
  const { page, problems } = await visits.open('about:blank')
  let line: { socket: WebSocketRoute; rest: string[] } | undefined
  let isHolding = true
  await page.routeWebSocket(/stream/, (socket) => {
    const server = socket.connectToServer()
    const own = { socket, rest: [] as string[] }
    line = own
    server.onMessage((data) => {
      const text = String(data)
      const message = JSON.parse(text)
      if (!isHolding || message.type !== 'entries') return socket.send(text)
      // From the first that is held on.
      const at = own.rest.length > 0 ? 0 : message.entries.findIndex(isPress)
      if (at !== 0)
        socket.send(
          JSON.stringify({ ...message, entries: message.entries.slice(0, at === -1 ? undefined : at) }),
        )
      if (at !== -1) own.rest.push(JSON.stringify({ ...message, entries: message.entries.slice(at) }))
    })
  })
  await page.goto(`${address}&service=hall`)
  return {
    hall,
    page,
    problems,
    breakOff: () => line?.socket.close(),
    hold: () => (isHolding = true),
    release() {
      isHolding = false
      for (const text of line?.rest.splice(0) ?? []) line?.socket.send(text)
    },
  }
}

test('until all has come that a server had as the page connected, nothing is as it is now: not at first, and not after a lost connection', async () => {
  const { hall, page, problems, release, hold, breakOff } = await held()
  const badge = page.locator('.stage .badge')
  const row = page.getByRole('listbox', { name: 'Services' }).getByRole('option')
  const crash = page.getByRole('region', { name: 'If the process died now' })
  const isPartial = async () => {
    await badge.getByText('being read', { exact: true }).waitFor()
    await row.getByText('being read', { exact: true }).waitFor()
    await page.getByRole('status').getByText('reading …', { exact: true }).waitFor()
    await page.getByRole('toolbar', { name: 'Filter by lifecycle state, as read so far' }).waitFor()
    await crash.getByText('Nobody knows yet').waitFor()
    await page.getByRole('note').getByText('it stood some time ago, and not now').waitFor()
    await page.getByRole('button', { name: 'Latest', exact: true }).waitFor()
    expect(await page.locator('.service.running, .badge.running').count()).toBe(0)
  }
  const isWhole = async (state: string) => {
    await shows(() => activeStates(page), ['lamp', state])
    await badge.getByText('running', { exact: true }).waitFor()
    await page.getByRole('status').getByText('live', { exact: true }).waitFor()
    await page.getByRole('button', { name: 'Live', exact: true }).waitFor()
    await crash.getByText(/^checkpoint \d+ /).waitFor()
    expect(await page.getByText(/being read|read so far/).count()).toBe(0)
  }
  await shows(() => activeStates(page), ['lamp', 'off'])
  await isPartial()
  release()
  await isWhole('on')
  hold()
  await breakOff()
  await hall.send({ type: 'PRESS' })
  await isPartial()
  await shows(() => activeStates(page), ['lamp', 'on'])
  release()
  await isWhole('off')
  expect(problems).toEqual([])
})
