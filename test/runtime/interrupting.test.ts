import { createSupervisor, defineService, effectKey, type TaskScope, task } from 'tardigrade'
import { manualHost } from 'tardigrade/hosts/manual'
import { describe, expect, test } from 'vitest'
import { assign, setup } from 'xstate'
import { ManualClock, microtasks, settle } from '../kit/clock.js'
import { FaultyStore } from '../kit/faulty.js'
import { opened } from '../kit/stored.js'
import { counter } from './machines.js'

/** Counts events beside a task that waits in a step until it is let on, or aborted. */
async function working() {
  const [store, clock, trace, done] = [new FaultyStore(), new ManualClock(), [] as string[], [] as number[]]
  let go: (error?: Error) => void = () => {}
  const work = task(async ({ signal, step }: TaskScope) => {
    trace.push('begin')
    try {
      const aborted = await new Promise<boolean>((resolve, reject) => {
        go = (error) => (error === undefined ? resolve(false) : reject(error))
        signal.addEventListener('abort', () => resolve(true))
      })
      if (aborted) trace.push('abort')
      await step('one', () => {})
      await step('two', () => new Promise<never>(() => {}))
    } finally {
      trace.push('end')
    }
  })
  const machine = setup({
    types: { context: {} as { n: number }, events: {} as { type: 'ADD' } },
    actors: { work },
    actions: { tell: ({ context }) => void done.push(context.n) },
  }).createMachine({
    context: { n: 0 },
    invoke: { src: 'work', id: 'work' },
    on: { ADD: { actions: [assign({ n: ({ context }) => context.n + 1 }), 'tell'] } },
  })
  const definition = defineService({ id: 'working', version: 1, machine })
  const supervisor = await createSupervisor({ store, clock, onFailed: () => {} })
  const service = await supervisor.start(definition)
  await settle()
  const durable = () => {
    const { phase, holds, root, inbox } = opened(store.durable.get('working')?.text ?? '', definition)
    return { phase, holds, events: (root.snapshot.context as { n: number }).n + inbox.length }
  }
  /** Lets commits land until nothing moves any more. */
  const land = async () => {
    for (let commit = 0; commit < 10; commit++) {
      store.step()
      await settle()
    }
  }
  const add = () => service.send({ type: 'ADD' })
  /** Waits for the answers, with a task that is cut off at its deadline. */
  const cutOff = async (...answers: Promise<unknown>[]) => {
    await settle()
    await clock.advance(0)
    await Promise.all(answers)
  }
  return {
    store,
    clock,
    trace,
    supervisor,
    definition,
    service,
    durable,
    land,
    add,
    cutOff,
    done,
    go: (error?: Error) => go(error),
  }
}

const answeredIn = (promise: Promise<void>) => {
  const state = { answered: false }
  promise.then(
    () => (state.answered = true),
    () => {},
  )
  return state
}

describe('a pause that waits for a task', () => {
  const calls = ['checkpoint', 'pause', 'commit'] as const
  const plans = calls.flatMap((a) => calls.flatMap((b) => calls.map((c) => [a, b, c] as const)))

  test.each(plans)('is answered by no commit, nor by a checkpoint: %s, %s, %s, pause', async (...plan) => {
    const { store, trace, service, durable, land, go } = await working()
    store.shut()
    const pauses: Promise<void>[] = []
    const checkpoints: Promise<void>[] = []
    for (const call of [...plan, 'pause'] as const) {
      if (call === 'checkpoint') checkpoints.push(service.checkpoint())
      else if (call === 'pause') pauses.push(service.pause('user', { deadlineMs: 1e9 }))
      else {
        store.step()
        await settle()
      }
    }
    const states = pauses.map(answeredIn)
    await land()
    expect(states).toEqual(pauses.map(() => ({ answered: false })))
    expect([service.getSnapshot().value, trace]).toEqual(['checkpointing', ['begin']])
    go()
    await land()
    await Promise.all([...pauses, ...checkpoints])
    expect([service.getSnapshot().value, trace]).toEqual(['paused', ['begin', 'end']])
    expect(durable()).toMatchObject({ phase: 'paused', holds: ['user'] })
  })

  test('keeps its own deadline, whatever checkpoints come meanwhile', async () => {
    const { clock, trace, service } = await working()
    const paused = service.pause('user', { deadlineMs: 1000 })
    for (const _ of [1, 2, 3]) {
      await clock.advance(300)
      void service.checkpoint()
      await settle()
    }
    await clock.advance(99)
    expect([service.getSnapshot().value, trace]).toEqual(['checkpointing', ['begin']])
    await clock.advance(1)
    await paused
    expect(trace).toEqual(['begin', 'abort', 'end'])
  })
})

test('a task that fails while a pause waits for it holds back nothing after the retry', async () => {
  const { done, service, add, go } = await working()
  const paused = service.pause('user', { deadlineMs: 1e9 })
  await settle()
  go(new Error('no network'))
  await expect(paused).rejects.toThrow(/no network/)
  // Released while it has failed, it runs at once when it is retried.
  await expect(service.resume()).rejects.toThrow(/no network/)
  await service.retry()
  expect(service.getSnapshot().value).toBe('running')
  await add()
  expect(done).toEqual([1])
})

describe('a resume at any moment of a pause', () => {
  const moments = Array.from({ length: 25 }, (_, index) => index)

  test.each(['before', 'after'] as const)(
    'brings it back, with its task and its events; the task gets on %s it',
    async (when) => {
      for (const moment of moments) {
        for (const commits of [0, 1]) {
          const { store, trace, service, durable, land, add, cutOff, go } = await working()
          store.shut()
          const answers = [add(), service.pause('user', { deadlineMs: 1e9 }), add()]
          if (when === 'before') go()
          for (let commit = 0; commit < commits; commit++) store.step()
          await microtasks(moment)
          answers.push(service.resume(), add())
          if (when === 'after') go()
          await land()
          await Promise.all(answers)
          expect(service.getSnapshot()).toMatchObject({ value: 'running', context: { holds: [] } })
          expect([durable(), service.machine.getSnapshot().context]).toEqual([
            { phase: 'running', holds: [], events: 3 },
            { n: 3 },
          ])
          // One task is at work, having been told once.
          expect(trace).toEqual(['begin', 'end', 'begin'])
          store.open()
          await cutOff(service.stop({ deadlineMs: 0 }))
        }
      }
    },
  )

  test('and a hold that comes again keeps it paused', async () => {
    for (const moment of moments) {
      const { store, service, durable, land, add, go } = await working()
      store.shut()
      const answers = [service.pause('user', { deadlineMs: 1e9 })]
      go()
      store.step()
      await microtasks(moment)
      answers.push(service.resume(), add(), service.pause())
      await land()
      await Promise.all(answers)
      expect(service.getSnapshot()).toMatchObject({ value: 'paused', context: { holds: ['user'] } })
      expect(durable()).toEqual({ phase: 'paused', holds: ['user'], events: 1 })
    }
  })
})

describe('a resume while the checkpoint of its hold is on its way', () => {
  const start = async () => {
    const [store, platform, definition] = [new FaultyStore(), manualHost(), counter()]
    const supervisor = await createSupervisor({ store, host: platform.host, clock: new ManualClock() })
    const service = await supervisor.start(definition)
    const holds = () => opened(store.durable.get('counter')?.text ?? '', definition).holds
    return { store, platform, service, holds }
  }

  test('is durable, though a host holds the service still', async () => {
    const { store, platform, service, holds } = await start()
    store.shut()
    const answers = [platform.interrupt('offline'), service.pause()]
    await settle()
    answers.push(service.resume())
    await settle()
    store.open()
    await Promise.all(answers)
    expect([service.getSnapshot().value, holds()]).toEqual(['paused', []])
  })

  test('is durable, though the service stops', async () => {
    const { store, service, holds } = await start()
    await service.pause()
    store.shut()
    const answers = [service.stop()]
    await settle()
    answers.push(service.resume())
    await settle()
    store.open()
    await Promise.all(answers)
    expect([service.getSnapshot().value, holds()]).toEqual(['stopped', []])
  })
})

describe('a stop', () => {
  /** Paused, with events in its inbox. */
  async function waiting() {
    const all = await working()
    const paused = all.service.pause()
    all.go()
    await paused
    for (let n = 0; n < 4; n++) await all.add()
    return all
  }

  /** Stopped for good, with every event of these; the next start goes on with them. */
  async function expectStopped(
    { supervisor, definition, service, durable, cutOff }: Awaited<ReturnType<typeof waiting>>,
    events: number,
  ) {
    expect(service.getSnapshot().value).toBe('stopped')
    expect(durable()).toEqual({ phase: 'stopped', holds: [], events })
    const again = await supervisor.start(definition)
    expect([again.getSnapshot().value, again.machine.getSnapshot().context.n]).toEqual(['running', events])
    await cutOff(again.stop({ deadlineMs: 0 }))
  }

  test('in the middle of the inbox comes after it, and after what is sent meanwhile', async () => {
    for (const at of [1, 2, 3, 4]) {
      const all = await waiting()
      const { service, add, cutOff } = all
      const answers: Promise<void>[] = []
      const watcher = service.machine.subscribe(({ context }) => {
        if (context.n === at) answers.push(add(), service.stop({ deadlineMs: 0 }), add())
      })
      await cutOff(service.resume())
      await Promise.all(answers)
      watcher.unsubscribe()
      expect(answers).toHaveLength(3)
      await expectStopped(all, 6)
    }
  })

  test('at any moment of a resume keeps all that was taken', async () => {
    for (let moment = 0; moment < 25; moment++) {
      const all = await waiting()
      const { service, add, cutOff } = all
      const answers = [service.resume(), add()]
      await microtasks(moment)
      answers.push(service.stop({ deadlineMs: 0 }))
      await cutOff(...answers)
      await expectStopped(all, 5)
    }
  })
})

test('an effect that no grace is left for begins once, when the service goes on', async () => {
  const [store, clock, begun] = [new FaultyStore(), new ManualClock(), [] as (string | undefined)[]]
  const machine = setup({
    actions: { slow: () => Promise.resolve(begun.push(effectKey())) },
  }).createMachine({ on: { GO: { actions: 'slow' } } })
  const service = await (await createSupervisor({ store, clock })).start(
    defineService({ id: 'slow', version: 1, machine }),
  )
  await settle()
  store.shut()
  const sent = service.send({ type: 'GO' })
  const paused = service.pause('user', { deadlineMs: 0 })
  await clock.advance(0)
  store.open()
  await Promise.all([sent, paused])
  expect(begun).toEqual([])
  await service.resume()
  await service.settled()
  expect(begun).toEqual([expect.stringMatching(/^slow\/slow\//)])
})
