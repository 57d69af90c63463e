import { createSupervisor, defineService } from 'tardigrade'
import { expect, test } from 'vitest'
import { fromCallback, setup } from 'xstate'
import { conductorOf } from '../../src/runtime/service.js'
import { ManualClock, settle } from '../kit/clock.js'
import { FaultyStore } from '../kit/faulty.js'
import { surfaced } from '../kit/surfaced.js'

/** A service with a connection whose cleanup throws, as it does when it is left, and another one, which is counted. */
async function scene() {
  const open = { connections: 0, finish: () => {} }
  const machine = setup({
    types: { events: {} as { type: 'OFF' } | { type: 'LONG' } },
    actions: {
      long: () =>
        new Promise<void>((resolve) => {
          open.finish = resolve
        }),
    },
    actors: {
      throws: fromCallback(() => () => {
        throw new Error('cleanup')
      }),
      other: fromCallback(() => {
        open.connections++
        return () => void open.connections--
      }),
    },
  }).createMachine({
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
  const [store, clock] = [new FaultyStore(), new ManualClock()]
  const supervisor = await createSupervisor({ store, clock, onFailed: () => {} })
  const service = await supervisor.start(defineService({ id: 's', version: 1, machine }))
  await settle()
  expect(open.connections).toBe(1)
  return { open, store, clock, service }
}

test('a cleanup that throws as a service is let go keeps no other work going', async () => {
  const errors = surfaced()
  const { open, store, service } = await scene()
  store.failure = new Error('disk')
  await expect(service.send({ type: 'OFF' })).rejects.toThrow()
  await settle()
  expect([service.getSnapshot().value, open.connections]).toEqual(['failed', 0])
  expect(errors.map(String)).toEqual(['Error: cleanup'])
})

test('a connection that is left in the turn whose effect fails is closed too', async () => {
  let open = 0
  const machine = setup({
    actions: {
      burst: () => {
        throw new Error('burst')
      },
    },
    actors: {
      line: fromCallback(() => {
        open++
        return () => void open--
      }),
    },
  }).createMachine({
    initial: 'on',
    states: { on: { exit: 'burst', invoke: { src: 'line', id: 'line' }, on: { OFF: 'off' } }, off: {} },
  })
  const supervisor = await createSupervisor({ store: new FaultyStore(), onFailed: () => {} })
  const service = await supervisor.start(defineService({ id: 's', version: 1, machine }))
  await settle()
  expect(open).toBe(1)
  await service.send({ type: 'OFF' })
  await settle()
  expect([service.getSnapshot().value, open]).toEqual(['failed', 0])
})

test('a cleanup that itself ends the life happens once', async () => {
  let cleanups = 0
  const machine = setup({
    actors: {
      line: fromCallback(() => () => {
        cleanups++
        conductorOf(service as never).engine.letGo()
      }),
    },
  }).createMachine({
    initial: 'on',
    states: { on: { invoke: { src: 'line', id: 'line' }, on: { OFF: 'off' } }, off: {} },
  })
  const supervisor = await createSupervisor({ store: new FaultyStore(), onFailed: () => {} })
  const service = await supervisor.start(defineService({ id: 's', version: 1, machine }))
  await settle()
  void service.send({ type: 'OFF' })
  await settle()
  expect(cleanups).toBe(1)
})

test('nor does it leave a connection that is made a second time when the service goes on', async () => {
  const errors = surfaced()
  const { open, store, clock, service } = await scene()
  await service.send({ type: 'LONG' })
  await settle()
  store.shut()
  const off = service.send({ type: 'OFF' })
  const paused = service.pause('user', { deadlineMs: 1 })
  await clock.advance(1)
  store.open()
  await Promise.all([off, paused])
  expect([service.getSnapshot().value, open.connections]).toEqual(['paused', 0])
  await service.resume()
  await settle()
  expect(open.connections).toBe(1)
  expect(errors.map(String)).toEqual(['Error: cleanup'])
  open.finish()
})
