import { defineService, type TaskScope, task } from 'tardigrade'
import { describe, expect, test } from 'vitest'
import { type AnyActorRef, assign, createActor, sendTo, setup, spawnChild, toPromise } from 'xstate'
import { settle } from '../kit/clock.js'
import { Life } from '../kit/kill.js'
import { gate, worker } from './kit.js'

const never = () => new Promise<never>(() => {})

describe('in plain XState', () => {
  test('a task that was stopped stays so when it is restored', async () => {
    let runs = 0
    const logic = task(() => {
      runs++
      return never()
    })
    const first = createActor(logic).start()
    first.stop()
    const again = createActor(logic, { snapshot: first.getPersistedSnapshot() }).start()
    await settle()
    expect([runs, again.getSnapshot().status]).toEqual([1, 'stopped'])
  })

  test('a task runs, with steps, progress, keys and a signal', async () => {
    const logic = task(
      async ({ input, step, progress, key, signal, interrupted }: TaskScope<{ n: number }, number>) => {
        const one = await step('one', ({ key }) => [input.n, key])
        await progress.set(5)
        return {
          one,
          progress: progress.value,
          key: key('x'),
          aborted: signal.aborted,
          interrupted: interrupted(),
        }
      },
    )
    const actor = createActor(logic, { id: 'plain', input: { n: 1 } }).start()
    expect(await toPromise(actor)).toEqual({
      one: [1, 'plain/one'],
      progress: 5,
      key: 'plain/x',
      aborted: false,
      interrupted: false,
    })
    expect(actor.getSnapshot()).toMatchObject({ status: 'done', steps: [], input: undefined })
  })

  test('its end, its failure and its cancellation reach the machine', async () => {
    const ok = createActor(worker(task(() => 'at once')))
    ok.start()
    await settle()
    expect(ok.getSnapshot()).toMatchObject({ value: 'done', context: { result: 'at once' } })

    const bad = createActor(worker(task(() => Promise.reject(new Error('no'))))).start()
    await settle()
    expect(bad.getSnapshot()).toMatchObject({ value: 'failed', context: { error: new Error('no') } })

    let signal: AbortSignal | undefined
    const cut = createActor(
      worker(
        task((scope) => {
          signal = scope.signal
          return never()
        }),
      ),
    ).start()
    cut.send({ type: 'CANCEL' })
    expect(signal?.aborted).toBe(true)
    expect(cut.getSnapshot().value).toBe('cancelled')
  })

  test('persisted by XState, it goes on from its last step', async () => {
    const runs: string[] = []
    const logic = task(async ({ step }) => {
      await step('one', () => void runs.push('one'))
      await step('two', () => (runs.push('two') < 3 ? never() : undefined))
      return 'end'
    })
    const machine = worker(logic)
    const first = createActor(machine).start()
    await settle()
    const snapshot = structuredClone(first.getPersistedSnapshot())
    const second = createActor(machine, { snapshot }).start()
    await settle()
    expect(runs).toEqual(['one', 'two', 'two'])
    expect(second.getSnapshot().value).toBe('done')
  })

  test('two actors of one logic know nothing of each other', async () => {
    const logic = task(async ({ input, step }: TaskScope<string>) => step('same', () => input))
    const [a, b] = [createActor(logic, { input: 'a' }).start(), createActor(logic, { input: 'b' }).start()]
    expect([await toPromise(a), await toPromise(b)]).toEqual(['a', 'b'])
  })
})

describe('anywhere in a tree', () => {
  const runs: string[] = []
  const open = new Map<string, () => void>()
  const slow = task(async ({ input, step }: TaskScope<string>) => {
    await step('one', () => void runs.push(`${input} one`))
    await step('two', () => {
      runs.push(`${input} two`)
      const { promise, open: go } = gate()
      open.set(input, go)
      return promise
    })
    return `${input} done`
  })
  const child = setup({ actors: { slow }, types: { context: {} as { output: unknown } } }).createMachine({
    context: { output: undefined },
    initial: 'working',
    states: {
      working: {
        invoke: {
          src: 'slow',
          input: 'nested',
          onDone: { target: 'end', actions: assign({ output: ({ event }) => event.output }) },
        },
      },
      end: { type: 'final' },
    },
    output: ({ context }) => context.output,
  })
  const machine = setup({
    actors: { slow, child },
    types: { context: {} as { ended: unknown[]; ref?: AnyActorRef }, events: {} as { type: 'MORE' } },
  }).createMachine({
    context: { ended: [] },
    invoke: { src: 'child', id: 'kid' },
    entry: spawnChild('slow', { id: 'spawned', input: 'spawned' }),
    on: {
      MORE: {
        actions: assign(({ spawn }) => ({ ref: spawn('slow', { id: 'assigned', input: 'assigned' }) })),
      },
      // XState types no wildcard for the ends of spawned actors.
      '*': {
        guard: ({ event }) => event.type.startsWith('xstate.done.actor.'),
        actions: assign({
          ended: ({ context, event }) => [...context.ended, (event as { output?: unknown }).output],
        }),
      },
    },
  })

  test('nested in a child machine, spawned by an action, or by assign: each goes on from its own step', async () => {
    const life = new Life(defineService({ id: 'tree', version: 1, machine }))
    let service = await life.start()
    await service.send({ type: 'MORE' })
    await settle()
    expect([...runs].sort()).toEqual(
      ['assigned', 'nested', 'spawned'].flatMap((name) => [`${name} one`, `${name} two`]).sort(),
    )
    runs.length = 0
    service = await life.restart()
    await settle()
    expect([...runs].sort()).toEqual(['assigned two', 'nested two', 'spawned two'])
    for (const name of ['spawned', 'nested', 'assigned']) {
      open.get(name)?.()
      await settle()
    }
    expect(service.machine.getSnapshot().context.ended).toEqual([
      'spawned done',
      'nested done',
      'assigned done',
    ])
    expect(service.machine.getSnapshot().context.ref?.getSnapshot().status).toBe('done')
  })

  test('an event sent to a task means nothing to it', async () => {
    const result = gate<string>()
    const logic = task(() => result.promise)
    const sender = setup({ actors: { logic }, types: { context: {} as { result: unknown } } }).createMachine({
      context: { result: undefined },
      invoke: { src: 'logic', id: 'w', onDone: { actions: assign({ result: ({ event }) => event.output }) } },
      on: { TELL: { actions: sendTo('w', { type: 'HELLO' } as never) } },
    })
    const service = await new Life(defineService({ id: 'tree', version: 1, machine: sender })).start()
    await service.send({ type: 'TELL' })
    result.open('end')
    await settle()
    expect(service.machine.getSnapshot().context.result).toBe('end')
  })
})
