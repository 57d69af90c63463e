import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createSupervisor, defineService, type InspectOptions, type Supervisor } from 'tardigrade'
import { fileStore } from 'tardigrade/stores/file'
import { memoryStore } from 'tardigrade/stores/memory'
import { afterEach, expect, test } from 'vitest'
import { assign, setup } from 'xstate'
import { ManualClock } from '../../kit/clock.js'
import { Client } from './kit.js'

const lamp = defineService({
  id: 'lamp',
  version: 1,
  machine: setup({
    types: { context: {} as { presses: number; dim: boolean }, events: {} as { type: 'PRESS' | 'DIM' } },
    actions: { count: assign({ presses: ({ context }) => context.presses + 1 }), log: () => {} },
    guards: { bright: ({ context }) => !context.dim },
  }).createMachine({
    id: 'lamp',
    context: { presses: 0, dim: false },
    initial: 'off',
    states: {
      off: { on: { PRESS: { target: 'on', actions: ['count', 'log'] } } },
      on: {
        after: { 60000: 'off' },
        on: {
          PRESS: { target: 'off', actions: 'count' },
          DIM: { guard: 'bright', actions: assign({ dim: true }) },
        },
      },
    },
  }),
})

let supervisor: Supervisor
let client: Client

async function begin(options: InspectOptions = {}): Promise<void> {
  const inspect = { port: 0, onListening: () => {}, ...options }
  supervisor = await createSupervisor({ store: memoryStore(), inspect })
  client = new Client(supervisor.inspectAddress ?? '')
}

afterEach(async () => {
  await client.disconnect()
  await supervisor.close()
})

test('a client sees what a service does, in order, and what it missed when it comes back', async () => {
  await begin()
  const hall = await supervisor.start(lamp, { key: 'hall' })
  await client.connect()
  await hall.send({ type: 'PRESS' })
  await client.until(() => client.of('hall').some(({ kind }) => kind === 'step'))
  await client.disconnect()
  await hall.send({ type: 'DIM' })
  await hall.send({ type: 'DIM' })
  await client.connect()
  await client.until(() => client.of('hall').filter(({ kind }) => kind === 'commit').length >= 4)

  expect(client.all('gap')).toEqual([])
  expect(client.of('hall').map(({ sequence }) => sequence)).toEqual(
    client.of('hall').map((_, index) => index + 1),
  )
  const kinds = client.of('hall').map(({ kind }) => kind)
  expect(kinds.slice(0, 4)).toEqual(['service', 'lifecycle', 'revived', 'actor'])
  const steps = client.of('hall').filter((entry) => entry.kind === 'step')
  expect(steps.map(({ event }) => event)).toEqual(['PRESS', 'DIM', 'DIM'])
  expect(steps[0]).toMatchObject({
    microsteps: [
      {
        event: 'PRESS',
        transitions: [{ source: 'lamp.off', targets: ['lamp.on'], actions: ['count', 'log'] }],
      },
    ],
    changes: [
      { path: ['value'], value: 'on' },
      { path: ['context', 'presses'], value: 1 },
    ],
  })
  expect(steps.map(({ microsteps }) => microsteps?.[0]?.guards)).toEqual([
    undefined,
    [{ source: 'lamp.on', index: 0, guard: 'bright', passed: true }],
    [{ source: 'lamp.on', index: 0, guard: 'bright', passed: false }],
  ])
  const state = client.states.get('hall')
  expect(state).toMatchObject({
    definition: 'lamp',
    lifecycle: 'running',
    actors: [{ actor: [], snapshot: { value: 'on', context: { presses: 1, dim: true } } }],
    timers: [{ actor: [], delayMs: 60_000, policy: 'deadline' }],
    outbox: [],
  })
})

test('a store that is gone is told with the commit that meets it, however long the next look at the store is off', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'tardigrade-gone-'))
  // It stands still.
  const clock = new ManualClock(Date.now())
  const inspect = { port: 0, onListening: () => {} }
  const options = { store: fileStore(folder), clock, inspect, onFailed: () => {}, onWarning: () => {} }
  supervisor = await createSupervisor(options)
  client = new Client(supervisor.inspectAddress ?? '')
  const hall = await supervisor.start(lamp, { key: 'hall' })
  await client.connect()
  await client.until(() => client.all('stored').at(-1)?.complete === true)
  rmSync(folder, { recursive: true })
  await expect(hall.send({ type: 'PRESS' })).rejects.toMatchObject({ code: 'STORE_GONE' })
  await client.until(() => client.all('stored').at(-1)?.problem?.code === 'STORE_GONE')
})
