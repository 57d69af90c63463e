import { createSupervisor, defineService } from 'tardigrade'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { fromCallback, setup } from 'xstate'
import { settle } from '../kit/clock.js'
import { FaultyStore } from '../kit/faulty.js'

const uncaught: unknown[] = []
const note = (error: unknown) => void uncaught.push(error)
let listeners: NodeJS.UncaughtExceptionListener[] = []
beforeEach(() => {
  listeners = process.listeners('uncaughtException')
  process.removeAllListeners('uncaughtException')
  process.on('uncaughtException', note)
})
afterEach(() => {
  process.removeAllListeners('uncaughtException')
  for (const l of listeners) process.on('uncaughtException', l)
})

test('a cleanup that throws as a service is let go keeps no other work going, and nobody waiting', async () => {
  let running = 0
  const machine = setup({
    actors: {
      throws: fromCallback(() => () => {
        throw new Error('cleanup')
      }),
      other: fromCallback(() => {
        running++
        return () => void running--
      }),
    },
  }).createMachine({
    id: 'm',
    type: 'parallel',
    states: {
      a: {
        initial: 'on',
        states: { on: { invoke: { src: 'throws', id: 'throws' }, on: { OFF: 'off' } }, off: {} },
      },
      b: { initial: 'on', states: { on: { invoke: { src: 'other', id: 'other' } } } },
    },
  })
  const store = new FaultyStore()
  const failures: unknown[] = []
  const supervisor = await createSupervisor({ store, onFailed: (_, error) => void failures.push(error) })
  const service = await supervisor.start(defineService({ id: 's', version: 1, machine }))
  await settle()
  expect(running).toBe(1)
  store.failure = new Error('disk')
  const sent = service.send({ type: 'OFF' } as never).catch(() => 'rejected')
  await sent
  await settle()
  expect(service.getSnapshot().value).toBe('failed')
  expect(running).toBe(0)
})

test('nor does such a cleanup leave a connection that is made a second time when the service goes on', async () => {
  let connections = 0
  let finish = () => {}
  const machine = setup({
    actions: {
      long: () =>
        new Promise<void>((resolve) => {
          finish = resolve
        }),
    },
    actors: {
      throws: fromCallback(() => () => {
        throw new Error('cleanup')
      }),
      other: fromCallback(() => {
        connections++
        return () => void connections--
      }),
    },
  }).createMachine({
    id: 'm',
    type: 'parallel',
    on: { LONG: { actions: 'long' } },
    states: {
      a: {
        initial: 'on',
        states: { on: { invoke: { src: 'throws', id: 'throws' }, on: { OFF: 'off' } }, off: {} },
      },
      b: { initial: 'on', states: { on: { invoke: { src: 'other', id: 'other' } } } },
    },
  })
  const store = new FaultyStore()
  const supervisor = await createSupervisor({ store, onFailed: () => {} })
  const service = await supervisor.start(defineService({ id: 's', version: 1, machine }))
  await service.send({ type: 'LONG' } as never)
  await settle()
  expect(connections).toBe(1)
  store.shut()
  const off = service.send({ type: 'OFF' } as never)
  const paused = service.pause('user', { deadlineMs: 0 })
  await new Promise((resolve) => setTimeout(resolve, 20))
  store.open()
  await Promise.all([off, paused])
  expect(service.getSnapshot().value).toBe('paused')
  expect(connections).toBe(0)
  await service.resume()
  await settle()
  expect(connections).toBe(1)
  finish()
})
