import fc from 'fast-check'
import {
  createSupervisor,
  defineService,
  type ServiceDefinition,
  StoreFailedError,
  type Supervisor,
  type SupervisorOptions,
  type TardigradeError,
} from 'tardigrade'
import { describe, expect, test } from 'vitest'
import { createMachine, waitFor } from 'xstate'
import { ManualClock, settle } from '../kit/clock.js'
import { FaultyStore } from '../kit/faulty.js'
import { counter, waiter } from './machines.js'

const unknown = defineService({ id: 'unknown', version: 1, machine: createMachine({}) })
const { definition: busy } = waiter()
// Definitions of any machine.
const definitions = [counter(), busy] as unknown as ServiceDefinition[]

/** How each kind of service comes to be in the store. */
const seeds = {
  plain: async (supervisor, key) => void (await supervisor.start(counter(), { key })),
  later: async (supervisor, key) => {
    await (await supervisor.start(counter(), { key })).send({ type: 'LATER' })
  },
  held: async (supervisor, key) => (await supervisor.start(counter(), { key })).pause(),
  stopped: async (supervisor, key) => (await supervisor.start(counter(), { key })).stop(),
  done: async (supervisor, key) => {
    const service = await supervisor.start(counter(), { key })
    await service.send({ type: 'END' })
    await waitFor(service, ({ value }) => value === 'done')
  },
  failed: async (supervisor, key) => {
    const service = await supervisor.start(counter(), { key })
    await expect(service.send({ type: 'BOOM' })).rejects.toThrow(/boom/)
  },
  busy: async (supervisor, key) => void (await supervisor.start(busy, { key })),
  unknown: async (supervisor, key) => void (await supervisor.start(unknown, { key })),
  broken: async (supervisor, key) => void (await supervisor.start(counter(), { key })),
} satisfies Record<string, (supervisor: Supervisor, key: string) => Promise<void>>

type Kind = keyof typeof seeds
const kinds = Object.keys(seeds) as Kind[]

/** What `resumeAll` makes of each: its state in memory; none where it leaves it alone. */
const becomes: Partial<Record<Kind, string>> = {
  plain: 'running',
  later: 'running',
  held: 'paused',
  stopped: 'running',
  busy: 'running',
  broken: 'failed',
}
/** Those that have nothing to do. */
const idle: readonly Kind[] = ['plain', 'later', 'stopped']

/** A store with a service of each kind, left by a process that was killed. */
async function seeded(content: readonly Kind[]) {
  const [store, clock] = [new FaultyStore(), new ManualClock()]
  const quiet = { store, clock, onFailed: () => {} }
  const supervisor = await createSupervisor(quiet)
  const keys = content.map((kind, index) => `${String(index).padStart(2, '0')} ${kind}`)
  for (const [index, key] of keys.entries()) await seeds[content[index] ?? 'plain'](supervisor, key)
  await settle()
  store.loseLock()
  const claim = await store.claim()
  const batch = keys.flatMap((key, index) => {
    const newest = store.durable.get(key)
    if (content[index] !== 'broken' || newest === undefined) return []
    return { ...newest, sequence: newest.sequence + 1, text: newest.text.replace('"n":0', '"n":7') }
  })
  expect(await claim.commit(batch)).toEqual(batch.map(() => ({ ok: true })))
  await claim.close()
  const failures: [string, Error][] = []
  const warnings: TardigradeError[] = []
  const next = (options: Partial<SupervisorOptions> = {}) =>
    createSupervisor({
      store,
      clock,
      definitions,
      onFailed: ({ key }, error) => void failures.push([key, error]),
      onWarning: (warning) => void warnings.push(warning),
      ...options,
    })
  return { store, clock, keys, failures, warnings, next }
}

const statesOf = (supervisor: Supervisor) =>
  Object.fromEntries(supervisor.services().map((service) => [service.key, service.getSnapshot().value]))

describe('resumeAll', () => {
  test('goes on with what has neither ended nor failed, over pages of any size', async () => {
    const content = fc.array(fc.constantFrom(...kinds), { maxLength: 12 })
    const inMemory = fc.array(fc.nat(11), { maxLength: 3 })
    const pageSize = fc.integer({ min: 1, max: 5 })
    await fc.assert(
      fc.asyncProperty(content, inMemory, pageSize, fc.boolean(), async (content, before, size, sleeps) => {
        const { store, keys, failures, warnings, next } = await seeded(content)
        const supervisor = await next(sleeps ? { idleAfterMs: 60_000 } : {})
        // Some are in memory already, whatever their state.
        const known = new Set(before.map((index) => keys[index]).filter((key) => key !== undefined))
        for (const key of known) if (!key.endsWith('unknown')) await supervisor.get(key)
        const already = supervisor.services()
        failures.length = 0
        store.pageSize = size
        store.loaded.length = 0
        await supervisor.resumeAll()

        const expected: Record<string, string> = {}
        const asleep: string[] = []
        const told: string[] = []
        for (const [index, key] of keys.entries()) {
          const kind = content[index] ?? 'plain'
          // A failed one that somebody asked for is in memory; nobody goes on with it.
          const state = kind === 'failed' && known.has(key) ? 'failed' : becomes[kind]
          if (state === undefined) continue
          if (sleeps && idle.includes(kind)) asleep.push(key)
          else expected[key] = state
          if (kind === 'broken' && !known.has(key)) told.push(key)
        }
        expect(statesOf(supervisor)).toEqual(expected)
        expect(supervisor.sleeping).toBe(asleep.length)
        expect(failures.map(([key, error]) => [key, error.name])).toEqual(
          told.map((key) => [key, 'DamagedCheckpointError']),
        )
        // The others were not so much as read.
        const read = keys.filter((key, index) => !known.has(key) && becomes[content[index] ?? 'plain'])
        expect([...new Set(store.loaded)]).toEqual(read)
        // Whose definition is not known is told once, by the first.
        const left = keys.find((key) => key.endsWith('unknown'))
        const unknown = left === undefined ? [] : [{ code: 'UNKNOWN_SERVICE', key: left, service: 'unknown' }]
        expect(warnings).toMatchObject(unknown)
        // It is the same object to whoever had it.
        for (const service of already) expect(await supervisor.get(service.key)).toBe(service)
        // A second time there is nothing left to do.
        failures.length = 0
        await supervisor.resumeAll()
        expect(failures).toEqual([])
      }),
      { numRuns: 60 },
    )
  })

  test('what sleeps sleeps on, and what was stopped stays stopped', async () => {
    const { keys, next } = await seeded(['plain', 'plain'])
    const [asleep = '', stopped = ''] = keys
    const supervisor = await next()
    await supervisor.get(asleep)
    expect(supervisor.letGoIdle()).toBe(1)
    await (await supervisor.get(stopped)).stop()
    await supervisor.resumeAll()
    expect([supervisor.sleeping, statesOf(supervisor)]).toEqual([1, {}])
    expect((await supervisor.get(stopped)).getSnapshot().value).toBe('stopped')
  })

  test('one that is just starting is started once', async () => {
    const { store, keys, next } = await seeded(['plain', 'plain'])
    const supervisor = await next()
    store.loads.shut()
    const starting = supervisor.start(counter(), { key: keys[0] ?? '' })
    const resumed = supervisor.resumeAll()
    await settle()
    store.loads.open()
    await resumed
    expect(supervisor.services()).toHaveLength(2)
    expect(await starting).toBe(await supervisor.get(keys[0] ?? ''))
  })

  test('one that was removed meanwhile is not begun anew', async () => {
    const { store, keys, next } = await seeded(['plain', 'plain', 'plain'])
    const [first = '', second = '', third = ''] = keys
    const supervisor = await next()
    await supervisor.get(second)
    store.loads.shut()
    const resumed = supervisor.resumeAll()
    await settle()
    // The list was read before, and names it.
    await supervisor.remove(second)
    store.loads.open()
    await resumed
    expect(Object.keys(statesOf(supervisor))).toEqual([first, third])
    expect(await (await store.read()).load(second)).toBeUndefined()
  })

  test('one that cannot be loaded keeps none of the others, and is told in the end', async () => {
    const { store, keys, next } = await seeded(['plain', 'held', 'plain', 'later'])
    const [first = '', second = '', third = '', fourth = ''] = keys
    store.pageSize = 2
    const unreadable = new StoreFailedError('faulty', { key: second, cause: new Error('EIO') })
    store.loadFailure = (key) => (key === second ? unreadable : undefined)
    const supervisor = await next()
    await expect(supervisor.resumeAll()).rejects.toBe(unreadable)
    expect(statesOf(supervisor)).toEqual({ [first]: 'running', [third]: 'running', [fourth]: 'running' })
    store.loadFailure = () => undefined
    await supervisor.resumeAll()
    expect(statesOf(supervisor)[second]).toBe('paused')
  })
})
