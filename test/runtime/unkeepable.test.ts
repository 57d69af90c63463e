import { createSupervisor, defineService, effectKey, type Service, type TaskScope, task } from 'tardigrade'
import { memoryStore } from 'tardigrade/stores/memory'
import { describe, expect, test } from 'vitest'
import { assign, createActor, createMachine, setup } from 'xstate'
import { settle } from '../kit/clock.js'
import { Life } from '../kit/kill.js'
import { gate } from '../task/kit.js'
import { counter } from './machines.js'

/** The one that is refused stands between two that are not. */
async function sendThree(service: Service, bad: object) {
  const all = [
    service.send({ type: 'INC' }, { key: 'one' }),
    service.send(bad as never, { key: 'two' }),
    service.send({ type: 'INC' }, { key: 'three' }),
  ]
  const [one, two, three] = await Promise.allSettled(all)
  expect([one?.status, three?.status]).toEqual(['fulfilled', 'fulfilled'])
  if (two?.status !== 'rejected') throw new Error('it was taken')
  return two.reason as unknown
}

const foreign = createActor(createMachine({}), { id: 'stranger' })

/** What no checkpoint can keep, with the place where it stands, as the error names it. */
const bad: readonly [string, object, readonly (string | number)[], string][] = [
  ['a function', { type: 'INC', deep: [{ f: () => 1 }] }, ['event', 'deep', 0, 'f'], 'function'],
  ['a promise', { type: 'INC', p: Promise.resolve() }, ['event', 'p'], 'promise'],
  ['an instance of a class', { type: 'INC', at: new (class Place {})() }, ['event', 'at'], 'class'],
  ['a symbol as a key', { type: 'INC', [Symbol('s')]: 1 }, ['event'], 'symbol-key'],
  ['an actor of another system', { type: 'INC', to: foreign }, ['event', 'to'], 'custom'],
  [
    'a getter that throws',
    {
      type: 'INC',
      get x() {
        throw new Error('no')
      },
    },
    ['event'],
    'unreadable',
  ],
]

describe.each(bad)('an event with %s is refused, and nothing else', (_, event, path, kind) => {
  const refusal = { code: 'UNENCODABLE', service: 'counter', key: 'life', path, kind }
  const n = (service: Service) => (service.machine.getSnapshot().context as { n: number }).n

  test('while the service runs', async () => {
    const life = new Life(counter())
    const service = (await life.start()) as unknown as Service
    const error = await sendThree(service, event)
    expect(error).toMatchObject(refusal)
    expect((error as Error).message).toContain(path.join('.'))
    expect(service.getSnapshot().value).toBe('running')
    // Its key was not taken by it.
    await service.send({ type: 'INC' }, { key: 'two' })
    expect(n(service)).toBe(3)
    expect(n((await life.restart()) as unknown as Service)).toBe(3)
    expect(life.failures).toEqual([])
  })

  test('while it is paused', async () => {
    const life = new Life(counter())
    const service = (await life.start()) as unknown as Service
    await service.pause()
    expect(await sendThree(service, event)).toMatchObject(refusal)
    await service.send({ type: 'INC' }, { key: 'two' })
    expect(service.getSnapshot().value).toBe('paused')
    const again = (await life.restart()) as unknown as Service
    await again.resume()
    expect(n(again)).toBe(3)
    expect(life.failures).toEqual([])
  })

  test('while it resumes', async () => {
    const life = new Life(counter())
    const first = (await life.start()) as unknown as Service
    await first.pause()
    const resumed = first.resume()
    expect(first.getSnapshot().value).toBe('resuming')
    expect(await sendThree(first, event)).toMatchObject(refusal)
    await resumed
    await first.settled()
    expect(n(first)).toBe(2)
    expect(life.failures).toEqual([])
  })

  test('while it sleeps', async () => {
    const life = new Life(counter())
    const service = (await life.start()) as unknown as Service
    expect(life.supervisor.letGoIdle()).toBe(1)
    expect(await sendThree(service, event)).toMatchObject(refusal)
    expect(n(service)).toBe(2)
    expect(life.failures).toEqual([])
  })
})

describe('an event that can be kept', () => {
  test('is taken with everything that a checkpoint keeps, whatever the service does', async () => {
    class Money {
      constructor(readonly cents: bigint) {}
    }
    const payload = {
      at: new Date(0),
      map: new Map([[1, new Set(['a'])]]),
      money: new Money(5n),
      error: new TypeError('no', { cause: () => 1 }),
      nothing: undefined,
    }
    const machine = setup({ types: { context: {} as { all: unknown[] } } }).createMachine({
      context: { all: [] },
      on: { KEEP: { actions: assign({ all: ({ context, event }) => [...context.all, event] }) } },
    })
    const definition = defineService({ id: 'keeper', version: 1, machine, classes: { Money } })
    const life = new Life(definition)
    const service = await life.start()
    await service.send({ type: 'KEEP', ...payload })
    await service.pause()
    await service.send({ type: 'KEEP', ...payload })
    const again = await life.restart()
    await again.resume()
    const { all } = again.machine.getSnapshot().context
    expect(all).toHaveLength(2)
    for (const event of all) {
      expect(event).toMatchObject({ at: new Date(0), map: payload.map, money: new Money(5n) })
      expect((event as { error: Error }).error.message).toBe('no')
    }
  })

  test('may name actors of its own service while it runs', async () => {
    const machine = setup({ actors: { kid: createMachine({}) } }).createMachine({
      context: { ref: undefined as unknown },
      invoke: { src: 'kid', id: 'kid' },
      on: { KEEP: { actions: assign({ ref: ({ event }) => event.ref as unknown }) } },
    })
    const life = new Life(defineService({ id: 'names', version: 1, machine }))
    const service = await life.start()
    await service.send({ type: 'KEEP', ref: service.machine.getSnapshot().children.kid })
    const { context, children } = (await life.restart()).machine.getSnapshot()
    expect(context.ref).toBe(children.kid)
  })
})

test('a refused event neither runs its action nor is owed', async () => {
  const log: string[] = []
  const machine = setup({ actions: { act: () => void log.push(effectKey() ?? '') } }).createMachine({
    on: { ACT: { actions: 'act' } },
  })
  const life = new Life(defineService({ id: 'act', version: 1, machine }))
  const service = await life.start()
  await expect(service.send({ type: 'ACT', f: () => 1 })).rejects.toMatchObject({ code: 'UNENCODABLE' })
  await service.send({ type: 'ACT' })
  await service.settled()
  await (await life.restart()).settled()
  expect(log).toHaveLength(1)
})

test('a refused event while tasks make for their step leaves the pause and the others alone', async () => {
  const step = gate()
  const machine = setup({
    actors: { work: task(({ step: run }: TaskScope) => run('one', () => step.promise)) },
  }).createMachine({
    context: { n: 0 },
    invoke: { src: 'work' },
    on: { INC: { actions: assign({ n: ({ context }) => context.n + 1 }) } },
  })
  const supervisor = await createSupervisor({ store: memoryStore() })
  const service = await supervisor.start(defineService({ id: 'busy', version: 1, machine }))
  const paused = service.pause()
  await settle()
  expect(service.getSnapshot().value).toBe('checkpointing')
  const sent = sendThree(service as unknown as Service, { type: 'INC', f: () => 1 })
  step.open()
  expect(await sent).toMatchObject({ code: 'UNENCODABLE', path: ['event', 'f'], service: 'busy' })
  await paused
  await service.resume()
  expect(service.machine.getSnapshot().context.n).toBe(2)
  await supervisor.close()
})
