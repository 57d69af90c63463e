import { execFileSync } from 'node:child_process'
import { DefinitionError, defineService, UncapturableError } from 'tardigrade'
import { describe, expect, test } from 'vitest'
import { assign, createActor, fromCallback, fromPromise, raise, sendTo, setup, spawnChild } from 'xstate'
import { Life } from '../kit/kill.js'
import { Plain } from './plain.js'

const define = <T extends Parameters<typeof defineService>[0]['machine']>(machine: T) =>
  defineService({ id: 'case', version: 1, machine })

describe('1: an `after` fires though the process was killed while it waited', () => {
  const machine = setup({}).createMachine({
    initial: 'idle',
    states: { idle: { on: { GO: 'waiting' } }, waiting: { after: { 5000: 'fired' } }, fired: {} },
  })

  test('plain XState forgets it', () => {
    const plain = new Plain(machine)
    plain.actor.send({ type: 'GO' })
    plain.restart()
    plain.clock.increment(1_000_000)
    expect(plain.actor.getSnapshot().value).toBe('waiting')
  })

  test('a service keeps it, and its deadline', async () => {
    const life = new Life(define(machine))
    const service = await life.start()
    await service.send({ type: 'GO' })
    await life.clock.advance(3000)
    const again = await life.restart()
    await life.clock.advance(1999)
    expect(again.machine.getSnapshot().value).toBe('waiting')
    await life.clock.advance(1)
    expect(again.machine.getSnapshot().value).toBe('fired')
  })
})

describe('2: delayed raise and sendTo survive', () => {
  const child = setup({}).createMachine({
    initial: 'off',
    states: { off: { on: { RING: 'rung' } }, rung: {} },
  })
  const machine = setup({ actors: { child } }).createMachine({
    type: 'parallel',
    invoke: { src: 'child', id: 'bell' },
    states: {
      own: { initial: 'off', states: { off: { on: { LATER: 'rung' } }, rung: {} } },
      arm: {
        on: {
          ARM: {
            actions: [
              raise({ type: 'LATER' }, { delay: 2000, id: 'later' }),
              sendTo('bell', { type: 'RING' }, { delay: 3000, id: 'ring' }),
            ],
          },
        },
      },
    },
  })

  test('plain XState forgets both', () => {
    const plain = new Plain(machine)
    plain.actor.send({ type: 'ARM' })
    plain.restart()
    plain.clock.increment(10_000)
    expect(plain.actor.getSnapshot().value).toEqual({ own: 'off', arm: {} })
    expect(plain.actor.getSnapshot().children.bell?.getSnapshot().value).toBe('off')
  })

  test('a service keeps both', async () => {
    const life = new Life(define(machine))
    await (await life.start()).send({ type: 'ARM' })
    const again = await life.restart()
    await life.clock.advance(2000)
    expect(again.machine.getSnapshot().value).toEqual({ own: 'rung', arm: {} })
    expect(again.machine.getSnapshot().children.bell?.getSnapshot().value).toBe('off')
    await life.clock.advance(1000)
    expect(again.machine.getSnapshot().children.bell?.getSnapshot().value).toBe('rung')
  })
})

describe('3: a child’s `after` survives, so its parent does not wait for ever', () => {
  const child = setup({}).createMachine({
    initial: 'working',
    states: { working: { after: { 1000: 'done' } }, done: { type: 'final' } },
  })
  const machine = setup({ actors: { child } }).createMachine({
    initial: 'idle',
    states: {
      idle: { on: { START: 'waiting' } },
      waiting: { invoke: { src: 'child', id: 'kid', onDone: 'finished' } },
      finished: {},
    },
  })

  test('plain XState waits for ever', () => {
    const plain = new Plain(machine)
    plain.actor.send({ type: 'START' })
    plain.restart()
    plain.clock.increment(1_000_000)
    expect(plain.actor.getSnapshot().value).toBe('waiting')
  })

  test('a service goes on', async () => {
    const life = new Life(define(machine))
    await (await life.start()).send({ type: 'START' })
    const again = await life.restart()
    await life.clock.advance(1000)
    expect(again.machine.getSnapshot().value).toBe('finished')
  })
})

describe('4: no child is overwritten by another with the same automatic id', () => {
  const job = fromCallback(() => {})
  const machine = setup({
    actors: { job },
    types: { context: {} as { jobs: unknown[] }, events: {} as { type: 'ADD' } },
  }).createMachine({
    context: { jobs: [] },
    on: { ADD: { actions: assign({ jobs: ({ context, spawn }) => [...context.jobs, spawn('job')] }) } },
  })

  test('plain XState, in a new process, gives an id again that lives', () => {
    const script = `
      import { assign, createActor, fromCallback, setup, stopChild } from 'xstate'
      const machine = setup({ actors: { job: fromCallback(() => {}) } }).createMachine({
        context: { jobs: [] },
        on: {
          ADD: { actions: assign({ jobs: ({ context, spawn }) => [...context.jobs, spawn('job').id] }) },
          DROP: { actions: stopChild(({ context }) => context.jobs[0]) },
        },
      })
      const [events, stored] = process.argv.slice(1)
      const actor = createActor(machine, stored ? { snapshot: JSON.parse(stored) } : {}).start()
      for (const type of events.split(' ')) actor.send({ type })
      console.log(JSON.stringify(actor.getPersistedSnapshot()))
      process.exit(0)`
    const run = (...args: string[]): { context: { jobs: string[] }; children: object } =>
      JSON.parse(
        execFileSync(process.execPath, ['--input-type=module', '-e', script, ...args], { encoding: 'utf8' }),
      )
    const first = run('ADD ADD DROP')
    expect(Object.keys(first.children)).toEqual([first.context.jobs[1]])
    const second = run('ADD', JSON.stringify(first))
    // Two jobs should live now: the second and the third.
    expect(second.context.jobs[2]).toBe(second.context.jobs[1])
    expect(Object.keys(second.children)).toHaveLength(1)
  })

  test('a service refuses it: at definition where it shows, else at the first capture', async () => {
    const declared = setup({ actors: { job } }).createMachine({ entry: spawnChild('job') })
    expect(() => define(declared)).toThrow(DefinitionError)
    expect(() => define(declared)).toThrow(/entry: A spawned actor without an id/)

    const life = new Life(define(machine))
    const service = await life.start()
    await expect(service.send({ type: 'ADD' })).rejects.toThrow(UncapturableError)
    expect(service.getSnapshot().value).toBe('failed')
  })
})

describe('5: no checkpoint stands between a child’s end and its parent’s knowledge of it', () => {
  const child = setup({}).createMachine({
    initial: 'on',
    states: { on: { on: { END: 'off' } }, off: { type: 'final' } },
  })
  const machine = setup({ actors: { child } }).createMachine({
    initial: 'waiting',
    states: {
      waiting: {
        invoke: { src: 'child', id: 'kid', onDone: 'finished' },
        on: { END: { actions: sendTo('kid', { type: 'END' }) } },
      },
      finished: {},
    },
  })

  test('plain XState can be torn there, and its parent waits for ever', () => {
    let torn: unknown
    const actor = createActor(machine).start()
    actor.getSnapshot().children.kid?.subscribe({ next: () => (torn ??= actor.getPersistedSnapshot()) })
    actor.send({ type: 'END' })
    const restored = createActor(machine, { snapshot: torn as never }).start()
    expect(restored.getSnapshot().children.kid?.getSnapshot().status).toBe('done')
    expect(restored.getSnapshot().value).toBe('waiting')
  })

  test('a service that is asked for a checkpoint there takes it after the turn', async () => {
    const life = new Life(define(machine))
    const service = await life.start()
    const asked: Promise<void>[] = []
    service.machine.getSnapshot().children.kid?.subscribe(() => void asked.push(service.checkpoint()))
    await service.send({ type: 'END' })
    await Promise.all(asked)
    expect(asked).toHaveLength(1)
    const again = await life.restart()
    expect(again.machine.getSnapshot().value).toBe('finished')
  })
})

describe('6: a renamed logic is not dropped without a word', () => {
  const work = fromCallback(() => {})
  const make = (name: string) =>
    setup({ actors: { [name]: work } }).createMachine({ id: 'm', invoke: { src: name, id: 'w' } })

  test('plain XState drops the invocation', () => {
    const plain = new Plain(make('upload'))
    plain.restart(make('transfer'))
    expect(Object.keys(plain.actor.getSnapshot().children)).toEqual([])
  })

  test('a service refuses the checkpoint, and keeps it', async () => {
    const life = new Life(define(make('upload')))
    await life.start()
    life.kill()
    const renamed = new Life(define(make('transfer')))
    Object.assign(renamed, { store: life.store })
    const service = await renamed.start()
    expect(service.getSnapshot().value).toBe('failed')
    expect(renamed.failures[0]).toMatchObject({ code: 'STRUCTURE_CHANGED' })
    expect((await (await life.store.read()).load('life'))?.sequence).toBe(1)
  })
})

describe('7: a stopped service goes on', () => {
  const machine = setup({}).createMachine({
    initial: 'a',
    states: { a: { on: { GO: 'b' } }, b: { on: { GO: 'a' } } },
  })

  test('plain XState, stopped and then persisted, stays stopped', () => {
    const actor = createActor(machine).start()
    actor.stop()
    const restored = createActor(machine, { snapshot: actor.getPersistedSnapshot() }).start()
    const seen: unknown[] = []
    restored.subscribe(({ value }) => seen.push(value))
    restored.send({ type: 'GO' })
    expect(restored.getSnapshot().status).toBe('stopped')
    expect(seen).toEqual([])
  })

  test('a service was captured before it was stopped', async () => {
    const life = new Life(define(machine))
    const service = await life.start()
    await service.send({ type: 'GO' })
    await service.stop()
    const again = await life.start()
    expect(again.machine.getSnapshot().value).toBe('b')
    await again.send({ type: 'GO' })
    expect(again.machine.getSnapshot().value).toBe('a')
  })
})

describe('8: what a callback was told and had not heard is told again', () => {
  let heard: unknown[] = []
  const make = () =>
    setup({
      actors: {
        listener: fromCallback<{ type: 'TELL'; n: number }>(({ receive }) =>
          receive(({ n }) => void heard.push(n)),
        ),
        slow: fromPromise<void>(() => new Promise(() => {})),
      },
      types: { events: {} as { type: 'TELL'; n: number } },
    }).createMachine({
      invoke: { src: 'listener', id: 'ear' },
      on: { TELL: { actions: sendTo('ear', ({ event }) => event) } },
    })

  test('plain XState persists after the callback heard, or never tells it', () => {
    heard = []
    const plain = new Plain(make())
    const text = plain.actor.getPersistedSnapshot()
    plain.actor.send({ type: 'TELL', n: 1 })
    // Killed here: the callback has acted, and the snapshot knows nothing of it.
    createActor(make(), { snapshot: text }).start().send({ type: 'TELL', n: 1 })
    expect(heard).toEqual([1, 1])
  })

  test('a service tells it after the commit, and again only under the same key', async () => {
    heard = []
    const life = new Life(define(make()))
    const service = await life.start()
    const sent = service.send({ type: 'TELL', n: 1 })
    expect(heard).toEqual([])
    await sent
    expect(heard).toEqual([1])
    await service.settled()
    await life.restart()
    expect(heard).toEqual([1])
  })
})
