import {
  createSupervisor,
  NotWokenError,
  type Service,
  StoreFailedError,
  type TardigradeError,
} from 'tardigrade'
import { describe, expect, test } from 'vitest'
import { ManualClock, settle } from '../kit/clock.js'
import { FaultyStore } from '../kit/faulty.js'
import { collected } from '../kit/garbage.js'
import { counter } from './machines.js'

const EIO = new StoreFailedError('faulty', { cause: new Error('EIO') })

/** A service that sleeps and is due in a second; `held` says whether somebody holds it. */
async function asleep(held: boolean) {
  const [store, clock, log] = [new FaultyStore(), new ManualClock(), [] as string[]]
  const [warnings, failures] = [[] as TardigradeError[], [] as Error[]]
  const supervisor = await createSupervisor({
    store,
    clock,
    onWarning: (warning) => void warnings.push(warning),
    onFailed: (_, error) => void failures.push(error),
  })
  const start = async () => {
    const service = await supervisor.start(counter(log), { key: 'k' })
    await service.send({ type: 'LATER' })
    await settle()
    expect(supervisor.letGoIdle()).toBe(1)
    return service
  }
  let service: Service | undefined
  if (held) service = (await start()) as unknown as Service
  else await collected(new WeakRef(await start()))
  return { store, clock, log, warnings, failures, supervisor, service }
}

describe.each([
  ['somebody holds', true],
  ['nobody holds', false],
])('a sleeper that %s and that its timer cannot wake, for the store cannot be read', (_, held) => {
  test('sleeps on, with a warning, and is tried again every 30 s', async () => {
    const { store, clock, log, warnings, failures, supervisor } = await asleep(held)
    store.loadFailure = () => EIO
    await clock.advance(1000)
    for (const tried of [1, 2, 3]) {
      expect(warnings).toHaveLength(tried)
      expect(warnings.at(-1)).toBeInstanceOf(NotWokenError)
      expect(warnings.at(-1)).toMatchObject({ key: 'k', cause: EIO })
      expect([supervisor.sleeping, supervisor.services()]).toEqual([1, []])
      const loads = store.loaded.length
      await clock.advance(29_999)
      expect(store.loaded).toHaveLength(loads)
      await clock.advance(1)
      expect(store.loaded.length).toBeGreaterThan(loads)
    }
    expect(log).toEqual([])
    store.loadFailure = () => undefined
    await clock.advance(30_000)
    expect([log, supervisor.sleeping, supervisor.services().length]).toEqual([['n=0'], 0, 1])
    await clock.advance(100_000)
    expect([log, warnings.length, failures]).toEqual([['n=0'], 4, []])
  })

  test('is woken by whoever asks for it meanwhile, and not once more', async () => {
    const { store, clock, log, warnings, failures, supervisor } = await asleep(held)
    store.loadFailure = () => EIO
    await clock.advance(1000)
    store.loadFailure = () => undefined
    await clock.advance(10_000)
    const woken = await supervisor.get('k')
    expect([woken.machine.getSnapshot().value, supervisor.sleeping]).toEqual(['on', 0])
    const loads = store.loaded.length
    await clock.advance(100_000)
    expect([store.loaded.length, log, warnings.length, failures]).toEqual([loads, ['n=0'], 1, []])
  })

  test('is not tried again when it was removed meanwhile', async () => {
    for (const failure of [EIO, undefined]) {
      const { store, clock, warnings, failures, supervisor } = await asleep(held)
      store.loads.shut()
      await clock.advance(1000)
      const read = store.loads.part()
      await supervisor.remove('k')
      store.loadFailure = () => failure
      read()
      await settle()
      await clock.advance(100_000)
      expect([supervisor.sleeping, clock.pending, warnings, failures]).toEqual([0, 0, [], []])
    }
  })

  test('is not tried again when its supervisor was closed meanwhile', async () => {
    for (const failure of [EIO, undefined]) {
      const { store, clock, warnings, failures, supervisor } = await asleep(held)
      store.loads.shut()
      await clock.advance(1000)
      expect(await supervisor.close()).toEqual({ safe: ['k'], unsafe: [] })
      store.loadFailure = () => failure
      store.loads.open()
      await settle()
      await clock.advance(100_000)
      expect([supervisor.sleeping, clock.pending, warnings, failures]).toEqual([0, 0, [], []])
    }
  })
})

test('a start of a sleeper that an event is waking resolves when it runs, as asking for it does', async () => {
  const { service, supervisor, store } = await asleep(true)
  store.loads.shut()
  const sent = service?.send({ type: 'ADD' })
  const states: unknown[] = []
  const calls = [supervisor.start(counter(), { key: 'k' }), supervisor.get('k')].map(async (call) => {
    const woken = (await call) as unknown as Service
    states.push([woken === service, woken.getSnapshot().value])
  })
  await settle()
  expect(states).toEqual([])
  store.loads.open()
  await Promise.all([sent, ...calls])
  expect(states).toEqual([
    [true, 'running'],
    [true, 'running'],
  ])
})
