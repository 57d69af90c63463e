import { createSupervisor, defineService } from 'tardigrade'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { assign, setup } from 'xstate'
import { ManualClock, settle } from '../kit/clock.js'
import { FaultyStore } from '../kit/faulty.js'

let release: () => void

const machine = setup({
  types: {
    context: {} as { heard: string[] },
    events: {} as { type: 'HEAR'; what: string } | { type: 'WORK' },
  },
  actions: {
    hear: assign({
      heard: ({ context }, { what }: { what: string }) => [...context.heard, what],
    }),
    effect: () =>
      new Promise<void>((resolve) => {
        release = resolve
      }),
  },
}).createMachine({
  context: { heard: [] },
  initial: 'on',
  states: {
    on: { after: { 10: { target: 'late', actions: { type: 'hear', params: { what: 'the timer' } } } } },
    late: {
      after: { 10: { target: 'later', actions: { type: 'hear', params: { what: 'its successor' } } } },
    },
    later: {},
  },
  on: {
    HEAR: { actions: { type: 'hear', params: ({ event }) => ({ what: event.what }) } },
    WORK: { actions: 'effect' },
  },
})

describe('while a service takes a checkpoint, its timers stand still like its events', () => {
  let [store, clock] = [new FaultyStore(), new ManualClock()]
  const start = async () => {
    const supervisor = await createSupervisor({ store, clock })
    return supervisor.start(defineService({ id: 'still', version: 1, machine }))
  }
  beforeEach(() => {
    store = new FaultyStore()
    clock = new ManualClock()
  })
  afterEach(() => store.open())

  test('an event that was taken before a timer was due comes before it', async () => {
    const service = await start()
    store.shut()
    const checkpoint = service.checkpoint()
    await settle()
    expect(service.getSnapshot().value).toBe('checkpointing')
    await clock.advance(5)
    const first = service.send({ type: 'HEAR', what: 'before' })
    await clock.advance(6)
    const second = service.send({ type: 'HEAR', what: 'after' })
    store.open()
    await Promise.all([checkpoint, first, second])
    expect(service.machine.getSnapshot().context.heard).toEqual(['before', 'the timer', 'after'])
  })

  test('it goes on with them, late ones at once', async () => {
    const service = await start()
    store.shut()
    const checkpoint = service.checkpoint()
    await clock.advance(12)
    store.open()
    await checkpoint
    await settle()
    expect(service.machine.getSnapshot().context.heard).toEqual(['the timer'])
    await clock.advance(10)
    expect(service.machine.getSnapshot().context.heard).toEqual(['the timer', 'its successor'])
  })

  test('in the grace of an interruption too', async () => {
    const service = await start()
    void service.send({ type: 'WORK' })
    await settle()
    const pause = service.pause()
    await clock.advance(5)
    const sent = service.send({ type: 'HEAR', what: 'before' })
    await clock.advance(6)
    release()
    await Promise.all([pause, sent])
    await service.resume()
    await settle()
    expect(service.machine.getSnapshot().context.heard).toEqual(['before', 'the timer'])
  })
})
