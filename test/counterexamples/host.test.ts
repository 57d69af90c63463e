import { execFileSync } from 'node:child_process'
import { defineService, ReservedEventError } from 'tardigrade'
import { describe, expect, test } from 'vitest'
import { createActor, fromPromise, SimulatedClock, setup } from 'xstate'
import { Life } from '../kit/kill.js'

const define = <T extends Parameters<typeof defineService>[0]['machine']>(machine: T) =>
  defineService({ id: 'case', version: 1, machine })

describe('21: a state that is gone does not kill the process', () => {
  const before = setup({}).createMachine({ id: 'm', initial: 'old', states: { old: {} } })
  const after = setup({}).createMachine({ id: 'm', initial: 'new', states: { new: {} } })

  test('plain XState throws where nobody can catch it', () => {
    const script = `
      import { createActor, createMachine } from 'xstate'
      const before = createMachine({ initial: 'old', states: { old: {} } })
      const after = createMachine({ initial: 'new', states: { new: {} } })
      try {
        createActor(after, { snapshot: createActor(before).start().getPersistedSnapshot() }).start()
        console.log('started')
      } catch {
        console.log('caught')
      }`
    expect(() =>
      execFileSync(process.execPath, ['--input-type=module', '-e', script], {
        encoding: 'utf8',
        stdio: 'pipe',
      }),
    ).toThrow(/State 'old' does not exist/)
  })

  test('a service fails with an error that says what to do, and keeps the checkpoint', async () => {
    const life = new Life(define(before))
    await life.start()
    life.kill()
    const newer = new Life(
      defineService({ id: 'case', version: 2, machine: after, migrations: { 1: (s) => s } }),
    )
    Object.assign(newer, { store: life.store })
    const service = await newer.start()
    expect(service.getSnapshot().value).toBe('failed')
    expect(newer.failures[0]).toMatchObject({
      code: 'MIGRATION_FAILED',
      cause: { code: 'INVALID_CHECKPOINT', path: 'root.snapshot.value' },
      key: 'life',
    })
    expect((await (await life.store.read()).load('life'))?.version).toBe(1)
  })
})

describe('22: a delay of 30 days waits 30 days', () => {
  const month = 30 * 24 * 3600 * 1000
  const machine = setup({}).createMachine({
    initial: 'waiting',
    states: { waiting: { after: { [month]: 'over' } }, over: {} },
  })

  test('plain XState fires it at once', async () => {
    const actor = createActor(machine).start()
    await new Promise<void>((resolve) => actor.subscribe(({ value }) => value === 'over' && resolve()))
    expect(actor.getSnapshot().value).toBe('over')
  })

  test('a service waits, in pieces that a platform can', async () => {
    const life = new Life(define(machine))
    const delays: number[] = []
    const { setTimer } = life.clock
    life.clock.setTimer = (run, delayMs) => {
      delays.push(delayMs)
      return setTimer.call(life.clock, run, delayMs)
    }
    const service = await life.start()
    await life.clock.advance(month - 1)
    expect(service.machine.getSnapshot().value).toBe('waiting')
    await life.clock.advance(1)
    expect(service.machine.getSnapshot().value).toBe('over')
    expect(Math.max(...delays)).toBeLessThan(2 ** 31)
  })
})

describe('23: chained delays all pass when time does', () => {
  const machine = setup({}).createMachine({
    initial: 'a',
    states: { a: { after: { 1000: 'b' } }, b: { after: { 1000: 'c' } }, c: { after: { 1000: 'd' } }, d: {} },
  })

  test('plain XState’s simulated clock stops after the first', () => {
    const clock = new SimulatedClock()
    const actor = createActor(machine, { clock }).start()
    clock.increment(3000)
    expect(actor.getSnapshot().value).toBe('b')
  })

  test('a service goes through all three', async () => {
    const life = new Life(define(machine))
    const service = await life.start()
    await life.clock.advance(3000)
    expect(service.machine.getSnapshot().value).toBe('d')
  })
})

describe('24: nobody outside can forge XState’s events', () => {
  const pay = fromPromise<void>(() => new Promise(() => {}))
  const machine = setup({ actors: { pay } }).createMachine({
    id: 'm',
    initial: 'paying',
    states: {
      paying: { invoke: { src: 'pay', id: 'pay', onDone: 'paid' }, after: { 9000: 'late' } },
      paid: {},
      late: {},
    },
  })

  test('plain XState takes a forged payment', () => {
    const actor = createActor(machine).start()
    actor.send({ type: 'xstate.done.actor.pay' } as never)
    expect(actor.getSnapshot().value).toBe('paid')
  })

  test('a service refuses it, and a forged timeout', async () => {
    const life = new Life(define(machine))
    const service = await life.start()
    for (const type of ['xstate.done.actor.pay', 'xstate.after.9000.m.paying', 'tardigrade.task.done']) {
      await expect(service.send({ type } as never)).rejects.toThrow(ReservedEventError)
    }
    expect(service.machine.getSnapshot().value).toBe('paying')
  })
})
