import { createSupervisor, defineService, type TaskScope, task, withEventKey } from 'tardigrade'
import { describe, expect, test } from 'vitest'
import { assign, fromCallback, setup } from 'xstate'
import { ManualClock, settle } from '../kit/clock.js'
import { FaultyStore } from '../kit/faulty.js'

/** On a clock that stands still: no deadline comes by itself. */
async function supervised() {
  const [store, clock] = [new FaultyStore(), new ManualClock()]
  return { store, clock, supervisor: await createSupervisor({ store, clock }) }
}

describe('a task that begins in the grace of an interruption is told at once', () => {
  /** Waits until it is told to stop, then ends with its next step. */
  const patient = task(async ({ interruption, step }: TaskScope) => {
    if (!interruption.aborted) await new Promise((resolve) => interruption.addEventListener('abort', resolve))
    await step('never', () => {})
  })

  test('when an event began it, and the pause came in the same breath', async () => {
    const machine = setup({
      types: { events: {} as { type: 'GO' } },
      actors: { patient },
    }).createMachine({
      initial: 'idle',
      states: { idle: { on: { GO: 'busy' } }, busy: { invoke: { src: 'patient', id: 'patient' } } },
    })
    const { supervisor } = await supervised()
    const service = await supervisor.start(defineService({ id: 'x', version: 1, machine }))
    await settle()
    void service.send({ type: 'GO' })
    await service.pause()
    expect(service.getSnapshot().value).toBe('paused')
  })

  test('when the task before it came to its end in the grace', async () => {
    let finish = () => {}
    const first = task(
      () =>
        new Promise<void>((resolve) => {
          finish = resolve
        }),
    )
    const machine = setup({ actors: { first, patient } }).createMachine({
      initial: 'one',
      states: {
        one: { invoke: { src: 'first', id: 'first', onDone: 'two' } },
        two: { invoke: { src: 'patient', id: 'patient' } },
      },
    })
    const { supervisor } = await supervised()
    const service = await supervisor.start(defineService({ id: 'x', version: 1, machine }))
    await settle()
    const paused = service.pause()
    await settle()
    finish()
    await paused
    expect(service.machine.getSnapshot().value).toBe('two')
  })
})

test('a second hold waits for no effect that is held back', async () => {
  const log: string[] = []
  let call = () => {}
  const machine = setup({
    types: { events: {} as { type: 'RING' } },
    actors: {
      bell: fromCallback(({ sendBack }) => {
        call = () => sendBack({ type: 'RING' })
      }),
    },
    actions: { answer: () => void log.push('answered') },
  }).createMachine({ invoke: { src: 'bell', id: 'bell' }, on: { RING: { actions: 'answer' } } })
  const { store, supervisor } = await supervised()
  const service = await supervisor.start(defineService({ id: 'x', version: 1, machine }))
  await settle()
  store.shut()
  const first = service.pause('first')
  await settle()
  call()
  const second = service.pause('second', { deadlineMs: 60_000 })
  await settle()
  store.open()
  await Promise.all([first, second])
  expect([service.getSnapshot().value, log]).toEqual(['paused', []])
  await service.resume('first')
  await service.resume('second')
  await service.settled()
  expect(log).toEqual(['answered'])
})

describe('when the grace is over, and the checkpoint is on its way', () => {
  test('a further hold gives the tasks no further one', async () => {
    const work = task(() => new Promise<never>(() => {}))
    const machine = setup({ actors: { work } }).createMachine({ invoke: { src: 'work', id: 'work' } })
    const { store, clock, supervisor } = await supervised()
    const service = await supervisor.start(defineService({ id: 'x', version: 1, machine }))
    store.shut()
    const first = service.pause('first', { deadlineMs: 1000 })
    await settle()
    await clock.advance(1000)
    const second = service.pause('second', { deadlineMs: 60_000 })
    await settle()
    store.open()
    await Promise.all([first, second])
    expect(service.getSnapshot().value).toBe('paused')
  })

  test('an effect that comes to its end is not owed to the next life', async () => {
    let finish = () => {}
    const runs: string[] = []
    const slow = () => {
      runs.push('run')
      return new Promise<void>((resolve) => {
        finish = resolve
      })
    }
    const machine = setup({
      types: { events: {} as { type: 'GO' } },
      actions: { slow },
    }).createMachine({ on: { GO: { actions: 'slow' } } })
    const { store, clock, supervisor } = await supervised()
    const service = await supervisor.start(defineService({ id: 'x', version: 1, machine }))
    await service.send({ type: 'GO' })
    store.shut()
    const paused = service.pause('user', { deadlineMs: 1000 })
    await clock.advance(1000)
    clock.holdYielding()
    finish()
    await settle()
    store.open()
    await paused
    const resumed = service.resume()
    for (let turn = 0; turn < 5; turn++) {
      clock.letYielding()
      await settle()
    }
    await resumed
    expect([service.getSnapshot().value, runs]).toEqual(['running', ['run']])
  })

  test('an event with a key that comes too late for it is taken when it comes again', async () => {
    let call = () => {}
    const machine = setup({
      types: { context: {} as { n: number }, events: {} as { type: 'RING' } },
      actors: {
        bell: fromCallback(({ sendBack }) => {
          call = () => sendBack(withEventKey({ type: 'RING' }, 'ring'))
        }),
      },
    }).createMachine({
      context: { n: 0 },
      invoke: { src: 'bell', id: 'bell' },
      on: { RING: { actions: assign({ n: ({ context }) => context.n + 1 }) } },
    })
    const { store, clock, supervisor } = await supervised()
    const service = await supervisor.start(defineService({ id: 'x', version: 1, machine }))
    await settle()
    store.shut()
    clock.holdYielding()
    const paused = service.pause()
    await settle()
    // The committer yields to the platform before it writes more, and the service has come to rest by then.
    clock.jump(20)
    call()
    store.open()
    const resumed = paused.then(() => service.resume())
    for (let turn = 0; turn < 10; turn++) {
      await settle()
      clock.letYielding()
    }
    await resumed
    call()
    expect(service.machine.getSnapshot().context.n).toBe(1)
    call()
    expect(service.machine.getSnapshot().context.n, 'once').toBe(1)
  })
})
