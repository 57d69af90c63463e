import fc from 'fast-check'
import { createSupervisor, type Store } from 'tardigrade'
import { type ManualHost, manualHost } from 'tardigrade/hosts/manual'
import { memoryStore } from 'tardigrade/stores/memory'
import { describe, expect, test } from 'vitest'
import { decodeCheckpoint } from '../../src/runtime/read.js'
import { createTreeCodec } from '../../src/xstate/codec.js'
import { settle } from '../kit/clock.js'
import { counter, waiter } from './machines.js'

async function start(hosts: readonly ManualHost[], store: Store = memoryStore()) {
  const supervisor = await createSupervisor({ store, host: hosts.map(({ host }) => host) })
  const service = await supervisor.start(counter(), { key: 'k' })
  const held = () => ({ state: service.getSnapshot().value, holds: service.getSnapshot().context.holds })
  return { store, supervisor, service, held }
}

/** The holds in the newest checkpoint. */
async function stored(store: Store): Promise<readonly string[]> {
  const reader = await store.read()
  const checkpoint = await reader.load('k')
  if (checkpoint === undefined) throw new Error('nothing is stored')
  return decodeCheckpoint(checkpoint.text, createTreeCodec(counter())).record.holds
}

describe('a hold is released by who set it', () => {
  test('a host’s release leaves the program’s hold of the same name', async () => {
    const network = manualHost()
    const { service, held } = await start([network])
    await service.pause('offline')
    await network.interrupt('offline')
    await network.release('offline')
    await settle()
    expect(held()).toEqual({ state: 'paused', holds: ['offline'] })
    await service.resume('offline')
    expect(held()).toEqual({ state: 'running', holds: [] })
  })

  test('the program’s release leaves the host’s', async () => {
    const network = manualHost()
    const { service, held } = await start([network])
    await network.interrupt('offline')
    await service.resume('offline')
    expect(held()).toEqual({ state: 'paused', holds: ['offline'] })
    await network.release('offline')
    await settle()
    expect(held()).toEqual({ state: 'running', holds: [] })
  })

  test('a release of what a host has not set releases nothing', async () => {
    const network = manualHost()
    const { service, held } = await start([network])
    await service.pause()
    await network.release('user')
    await settle()
    expect(held()).toEqual({ state: 'paused', holds: ['user'] })
  })

  test('of two hosts that say the same, each holds until it says otherwise', async () => {
    const [wifi, mobile] = [manualHost(), manualHost()]
    const { supervisor, held } = await start([wifi, mobile])
    await wifi.interrupt('offline')
    await mobile.interrupt('offline')
    await wifi.release('offline')
    await settle()
    expect(held()).toEqual({ state: 'paused', holds: ['offline'] })
    // Who starts now is held as well.
    const late = await supervisor.start(counter(), { key: 'late' })
    expect(late.getSnapshot().value).toBe('paused')
    await mobile.release('offline')
    await settle()
    expect(held()).toEqual({ state: 'running', holds: [] })
    expect(late.getSnapshot().value).toBe('running')
  })

  test('a sleeping service wakes into what one of two hosts still holds', async () => {
    const [wifi, mobile] = [manualHost(), manualHost()]
    const { supervisor, service, held } = await start([wifi, mobile])
    await settle()
    expect(supervisor.letGoIdle()).toBe(1)
    await wifi.interrupt('offline')
    await mobile.interrupt('offline')
    await wifi.release('offline')
    await service.send({ type: 'INC' })
    expect(held()).toEqual({ state: 'paused', holds: ['offline'] })
    await mobile.release('offline')
    await settle()
    expect(service.machine.getSnapshot().context.n).toBe(1)
  })

  test('a closing supervisor’s own hold is nobody else’s to release', async () => {
    const platform = manualHost()
    const { supervisor, service, held } = await start([platform])
    await supervisor.close()
    await platform.interrupt('shutdown')
    await platform.release('shutdown')
    await service.resume('shutdown').catch(() => {})
    await settle()
    expect(held()).toEqual({ state: 'paused', holds: ['shutdown'] })
  })

  test('nor is it while a task still makes for its next step', async () => {
    const platform = manualHost()
    const { definition, go } = waiter()
    const supervisor = await createSupervisor({ store: memoryStore(), host: platform.host })
    const service = await supervisor.start(definition, { key: 'k' })
    await settle()
    const closing = supervisor.close()
    await settle()
    await platform.release('shutdown')
    // It is answered when the service rests, and the task must get there first.
    const resumed = service.resume('shutdown').catch(() => {})
    await settle()
    expect(service.getSnapshot().value).toBe('checkpointing')
    go()
    expect(await closing).toEqual({ safe: ['k'], unsafe: [] })
    await resumed
    expect(service.getSnapshot().value).toBe('paused')
  })
})

describe('what outlives the process', () => {
  test('is the program’s hold and not a host’s, whatever its name', async () => {
    const quiet = manualHost()
    const store = memoryStore()
    // A host may use names of its own, and a service may ask for them.
    const definition = { ...counter(), pauseOn: ['quiet hours', 'user'] }
    const one = await createSupervisor({ store, host: quiet.host })
    const service = await one.start(definition, { key: 'k' })
    await quiet.interrupt('quiet hours')
    await quiet.interrupt('user')
    expect(service.getSnapshot().value).toBe('paused')
    expect(await stored(store)).toEqual([])
    await service.pause('mine')
    expect(await stored(store)).toEqual(['mine'])
    await one.close()
    const two = await createSupervisor({ store })
    const again = await two.start(definition, { key: 'k' })
    expect(again.getSnapshot().context.holds).toEqual(['mine'])
    await again.resume('mine')
    expect(again.getSnapshot().value).toBe('running')
    await two.close()
  })
})

describe('at random', () => {
  const names = ['offline', 'frozen', 'user', 'low-battery'] as const
  const step = fc.record({
    by: fc.constantFrom('program', 'a', 'b'),
    set: fc.boolean(),
    name: fc.constantFrom(...names),
  })

  test('a service runs exactly while nobody of three holds it, and its record keeps the program’s holds', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
        const [a, b] = [manualHost(), manualHost()]
        const { store, supervisor, service, held } = await start([a, b])
        const model = new Map<string, Set<string>>()
        for (const { by, set, name } of steps) {
          const own = model.get(by) ?? new Set()
          model.set(by, own)
          if (by === 'program') await (set ? service.pause(name) : service.resume(name))
          else await (by === 'a' ? a : b)[set ? 'interrupt' : 'release'](name)
          await settle()
          // The service asks to be paused by `offline`; `frozen` pauses every one.
          const concerns = by === 'program' || name === 'offline' || name === 'frozen'
          if (set && concerns) own.add(name)
          if (!set) own.delete(name)
          const holds = new Set([...model.values()].flatMap((each) => [...each]))
          expect(held().state).toBe(holds.size === 0 ? 'running' : 'paused')
          expect(new Set(held().holds)).toEqual(holds)
          const durable = model.get('program')?.has('user') === true ? ['user'] : []
          expect(await stored(store)).toEqual(durable)
        }
        await supervisor.close()
        // In the next process nobody but the program holds it.
        const next = await createSupervisor({ store })
        const again = await next.start(counter(), { key: 'k' })
        expect(again.getSnapshot().context.holds).toEqual(model.get('program')?.has('user') ? ['user'] : [])
        await next.close()
      }),
      { numRuns: 60 },
    )
  })
})
