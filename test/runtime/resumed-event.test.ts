import { createSupervisor, defineService, StoreFullError } from 'tardigrade'
import { manualHost } from 'tardigrade/hosts/manual'
import { describe, expect, test } from 'vitest'
import { assign, setup } from 'xstate'
import { settle } from '../kit/clock.js'
import { FaultyStore } from '../kit/faulty.js'
import { Life } from '../kit/kill.js'

interface Back {
  readonly type: 'BACK'
  readonly interruptions: readonly string[]
  readonly crashed: boolean
}

const machine = setup({
  types: {
    context: {} as { told: { interruptions: readonly string[]; crashed: boolean }[] },
    events: {} as Back | { type: 'POKE' },
  },
}).createMachine({
  context: { told: [] },
  on: {
    BACK: {
      actions: assign({
        told: ({ context, event: { interruptions, crashed } }) => [
          ...context.told,
          { interruptions, crashed },
        ],
      }),
    },
    POKE: { actions: assign({}) },
  },
})
const definition = defineService({
  id: 'back',
  version: 1,
  machine,
  resumedEvent: 'BACK',
  pauseOn: ['offline', 'background'],
})

describe('what the machine is told as it goes on', () => {
  test('nothing at its first start', async () => {
    const life = new Life(definition)
    expect((await life.start()).machine.getSnapshot().context.told).toEqual([])
  })

  test('every hold since it last ran, however they overlapped, each once', async () => {
    const platform = manualHost()
    const life = new Life(definition, undefined, { host: platform.host })
    const service = await life.start()
    await platform.interrupt('offline')
    await service.pause()
    await platform.release('offline')
    await platform.interrupt('background')
    await service.resume()
    await platform.interrupt('offline')
    await platform.release('offline')
    await platform.release('background')
    await settle()
    const first = { interruptions: ['offline', 'user', 'background'], crashed: false }
    expect(service.machine.getSnapshot().context.told).toEqual([first])
    await service.pause('mine')
    await service.resume('mine')
    const second = { interruptions: ['mine'], crashed: false }
    expect(service.machine.getSnapshot().context.told).toEqual([first, second])
  })

  test('that it crashed, where it had not come to rest', async () => {
    const life = new Life(definition)
    await life.start()
    const service = await life.restart()
    expect(service.machine.getSnapshot().context.told).toEqual([{ interruptions: [], crashed: true }])
  })

  test('no crash, where a pause was over before it was durable', async () => {
    const store = new FaultyStore()
    const supervisor = await createSupervisor({ store })
    const service = await supervisor.start(definition)
    store.shut()
    const calls = [service.pause(), service.resume()]
    for (let commit = 0; commit < 5; commit++) {
      await settle()
      store.step()
    }
    await Promise.all(calls)
    expect(store.durable.get('back')?.phase).toBe('running')
    expect(service.machine.getSnapshot().context.told).toEqual([{ interruptions: ['user'], crashed: false }])
  })

  test('that it crashed, where the store failed it', async () => {
    const store = new FaultyStore()
    const supervisor = await createSupervisor({ store, onFailed: () => {} })
    const service = await supervisor.start(definition)
    await service.pause()
    await service.resume()
    store.failure = new StoreFullError('here')
    await expect(service.send({ type: 'POKE' })).rejects.toThrow(StoreFullError)
    store.failure = undefined
    await service.retry()
    expect(service.machine.getSnapshot().context.told).toEqual([
      { interruptions: ['user'], crashed: false },
      { interruptions: [], crashed: true },
    ])
  })

  test('the holds of its checkpoint, after another process', async () => {
    const life = new Life(definition)
    await (await life.start()).pause()
    const service = await life.restart()
    await service.resume()
    expect(service.machine.getSnapshot().context.told).toEqual([{ interruptions: ['user'], crashed: false }])
  })

  test('nothing where it was only out of memory', async () => {
    const life = new Life(definition)
    const service = await life.start()
    expect(life.supervisor.letGoIdle()).toBe(1)
    await service.send({ type: 'POKE' })
    expect(service.machine.getSnapshot().context.told).toEqual([])
    expect(life.supervisor.letGoIdle()).toBe(1)
    await service.pause()
    await service.resume()
    expect(service.machine.getSnapshot().context.told).toEqual([{ interruptions: ['user'], crashed: false }])
  })
})
