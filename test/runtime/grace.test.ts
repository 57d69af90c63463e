import { createSupervisor, defineService, type TaskScope, task } from 'tardigrade'
import { describe, expect, test } from 'vitest'
import { fromCallback, setup } from 'xstate'
import { ManualClock, settle } from '../kit/clock.js'
import { FaultyStore } from '../kit/faulty.js'

/** On a clock that stands still: no deadline comes. */
async function supervised() {
  const store = new FaultyStore()
  return { store, supervisor: await createSupervisor({ store, clock: new ManualClock() }) }
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
