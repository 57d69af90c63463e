import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createSupervisor } from 'tardigrade'
import { type Redact, statelyInspector, xstate4Inspector } from 'tardigrade/inspect'
import { memoryStore } from 'tardigrade/stores/memory'
import { sqliteStore } from 'tardigrade/stores/sqlite'
import { expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { inspectBeside } from '../../src/inspect/server/beside.js'
import { traceOf } from '../../visualizer/src/exports/trace.js'
import { Store } from '../../visualizer/src/store/store.js'
import { Canaries } from '../inspect/canaries.js'
import { Receiver } from '../inspect/kit.js'
import { Client } from '../inspect/server/kit.js'

/** How somebody hides them: by the names under which they stand, or by how they look. */
const ways: readonly (readonly [string, Redact])[] = [
  ['names', ['secret', 'message', 'stack']],
  ['a function', (value) => (typeof value === 'string' && value.includes('canary') ? '[hidden]' : value)],
]

/** All that a client is sent, with the history of both services, and what the page would export of it. */
async function seenBy(address: string): Promise<{ readonly stream: string; readonly exported: string }> {
  const client = await new Client(address).connect()
  await client.until(() => client.all('stored').some(({ complete }) => complete))
  for (const [id, key] of ['vault', 'broken'].entries()) client.send({ type: 'history', id, key })
  await client.until(
    () => client.all('history').length === 2 && client.of('vault').some(({ kind }) => kind === 'commit'),
  )
  const store = new Store()
  for (const message of client.messages) store.apply(message)
  await client.disconnect()
  return { stream: JSON.stringify(client.messages), exported: JSON.stringify(traceOf(store)) }
}

const recordingIn = (folder: string): string =>
  readdirSync(join(folder, 'inspect'))
    .map((name) => readFileSync(join(folder, 'inspect', name), 'utf8'))
    .join()

/** Where the secrets were found, in a life that records itself and is looked at, live and at rest. */
async function leaks(redact: Redact | undefined, atRest = redact) {
  const folder = mkdtempSync(join(tmpdir(), 'tardigrade-canaries-'))
  const canaries = new Canaries()
  const inspect = { port: 0, onListening: () => {}, ...(redact === undefined ? {} : { redact }) }
  try {
    const supervisor = await createSupervisor({ store: sqliteStore(folder), inspect, onFailed: () => {} })
    await canaries.live(supervisor)
    const live = await seenBy(supervisor.inspectAddress ?? '')
    await supervisor.close()
    const beside = await inspectBeside({
      folder,
      store: sqliteStore(folder),
      port: 0,
      control: false,
      redact: atRest,
    })
    const later = await seenBy(beside.address)
    await beside.close()
    const found = (text: string) => canaries.in(text)
    return {
      planted: canaries.all.length,
      stream: found(live.stream),
      exported: found(live.exported),
      files: found(recordingIn(folder)),
      atRest: found(later.stream),
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

test('without redaction, all fifty secrets are in the stream, in the recording and in what is exported', async () => {
  const { planted, stream, exported, files, atRest } = await leaks(undefined)
  expect(planted).toBe(50)
  expect([stream.length, exported.length, files.length, atRest.length]).toEqual([50, 50, 50, 50])
})

test.each(ways)(
  'redaction by %s leaves none of them in the stream, on disk, in exports or at rest',
  async (_, redact) => {
    const { planted, ...found } = await leaks(redact)
    expect(planted).toBe(50)
    expect(found).toEqual({ stream: [], exported: [], files: [], atRest: [] })
  },
)

test('what was recorded without redaction is hidden by who looks at it later', async () => {
  const { atRest } = await leaks(undefined, ['secret', 'message', 'stack'])
  expect(atRest).toEqual([])
})

test.each(ways)(
  'nor, by %s, in what Stately’s inspector and that of XState 4 are sent',
  async (_, redact) => {
    const receiver = await Receiver.listen()
    const stately = await statelyInspector({ way: 'websocket', url: receiver.url, redact })
    const xstate4 = await xstate4Inspector({ port: 0, redact })
    let text = ''
    const socket = new WebSocket(xstate4.address ?? '')
    socket.on('message', (data) => {
      text += String(data)
    })
    await new Promise<void>((resolve) => socket.once('open', () => resolve()))
    socket.send('{"type":"xstate.inspecting"}')
    const canaries = new Canaries()
    const inspectors = [stately, xstate4]
    const supervisor = await createSupervisor({
      store: memoryStore(),
      inspect: (event, of) => {
        for (const { inspect } of inspectors) inspect(event, of)
      },
      onFailed: () => {},
    })
    await canaries.live(supervisor)
    await supervisor.close()
    for (const inspector of inspectors) await inspector.close()
    await receiver.die()
    expect(canaries.all.length).toBe(50)
    expect(receiver.frames.length).toBeGreaterThan(30)
    expect(text).toContain('service.state')
    expect(canaries.in(receiver.text)).toEqual([])
    expect(canaries.in(text)).toEqual([])
  },
)
