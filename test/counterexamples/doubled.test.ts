import { defineService, effectKey, type TaskScope, task, withEventKey } from 'tardigrade'
import { describe, expect, test } from 'vitest'
import { assign, createActor, fromCallback, fromPromise, setup } from 'xstate'
import { settle } from '../kit/clock.js'
import { Life } from '../kit/kill.js'
import { Plain } from './plain.js'

const define = <T extends Parameters<typeof defineService>[0]['machine']>(machine: T) =>
  defineService({ id: 'case', version: 1, machine })

/** A bank that keeps to idempotency keys. */
class Bank {
  readonly calls: string[] = []
  readonly charged = new Set<string>()
  charge(key: string): void {
    this.calls.push(key)
    this.charged.add(key)
  }
}

describe('9: an invoked promise does not charge twice', () => {
  const make = (bank: Bank, hang: Promise<void>) => {
    const pay = fromPromise(async () => {
      bank.charge(effectKey() ?? `call ${bank.calls.length}`)
      await hang
    })
    return setup({ actors: { pay } }).createMachine({
      initial: 'idle',
      states: {
        idle: { on: { PAY: 'paying' } },
        paying: { invoke: { src: 'pay', onDone: 'paid' } },
        paid: {},
      },
    })
  }
  const never = new Promise<void>(() => {})

  test('plain XState does', () => {
    const bank = new Bank()
    const plain = new Plain(make(bank, never))
    plain.actor.send({ type: 'PAY' })
    plain.restart()
    expect(bank.charged.size).toBe(2)
  })

  test('a service calls again under the same key', async () => {
    const bank = new Bank()
    const life = new Life(define(make(bank, never)))
    await (await life.start()).send({ type: 'PAY' })
    await life.restart()
    expect(bank.calls).toHaveLength(2)
    expect([...bank.charged]).toEqual(['case/life/lfls_1/2/0'])
  })

  test('and a task’s step that is done is not called again at all', async () => {
    const bank = new Bank()
    const pay = task(async ({ step }: TaskScope) => {
      await step('charge', ({ key }) => bank.charge(key))
      await step('wait', () => never)
    })
    const machine = setup({ actors: { pay } }).createMachine({ invoke: { src: 'pay', id: 'pay' } })
    const life = new Life(define(machine))
    await life.start()
    await life.restart()
    expect(bank.calls).toEqual(['case/life/lfls_1/1/0/charge'])
  })
})

describe('10: a restart is no change of a child', () => {
  const child = setup({}).createMachine({ context: { n: 0 }, on: { INC: {} } })
  const machine = setup({
    actors: { child },
    types: { context: {} as { heard: number } },
  }).createMachine({
    context: { heard: 0 },
    invoke: {
      src: 'child',
      id: 'kid',
      onSnapshot: { actions: assign({ heard: ({ context }) => context.heard + 1 }) },
    },
  })

  test('plain XState counts every restart', () => {
    const plain = new Plain(machine)
    plain.restart()
    plain.restart()
    expect(plain.actor.getSnapshot().context.heard).toBe(3)
  })

  test('a service counts the first start alone', async () => {
    const life = new Life(define(machine))
    await life.start()
    await life.restart()
    expect((await life.restart()).machine.getSnapshot().context.heard).toBe(1)
  })
})

describe('11: what a callback sends back at every start is counted once, where it says what it is', () => {
  const make = () =>
    setup({
      actors: {
        opening: fromCallback(({ sendBack }) => {
          const key = effectKey()
          sendBack(key === undefined ? { type: 'OPENED' } : withEventKey({ type: 'OPENED' }, `${key}/opened`))
        }),
      },
      types: { context: {} as { opened: number }, events: {} as { type: 'OPENED' } },
    }).createMachine({
      context: { opened: 0 },
      invoke: { src: 'opening', id: 'door' },
      on: { OPENED: { actions: assign({ opened: ({ context }) => context.opened + 1 }) } },
    })

  test('plain XState counts it again', () => {
    const plain = new Plain(make())
    plain.restart()
    expect(plain.actor.getSnapshot().context.opened).toBe(2)
  })

  test('a service knows it', async () => {
    const life = new Life(define(make()))
    await life.start()
    const again = await life.restart()
    expect(again.machine.getSnapshot().context.opened).toBe(1)
  })
})

describe('12: a kill between an effect and its record doubles nothing', () => {
  const make = (bank: Bank) =>
    setup({
      actions: { charge: () => bank.charge(effectKey() ?? `call ${bank.calls.length}`) },
    }).createMachine({
      initial: 'cart',
      states: { cart: { on: { BUY: { target: 'bought', actions: 'charge' } } }, bought: {} },
    })

  test('plain XState charges before anybody can persist', () => {
    const bank = new Bank()
    const actor = createActor(make(bank)).start()
    const stored = actor.getPersistedSnapshot()
    actor.send({ type: 'BUY' })
    // Killed before the new snapshot was written; the client, unanswered, tries again.
    createActor(make(bank), { snapshot: stored }).start().send({ type: 'BUY' })
    expect(bank.charged.size).toBe(2)
  })

  test('a service that is killed before its commit has not charged', async () => {
    const bank = new Bank()
    const life = new Life(define(make(bank)))
    const service = await life.start()
    life.kill()
    void service.send({ type: 'BUY' })
    await settle()
    expect(bank.calls).toEqual([])
    await (await life.start()).send({ type: 'BUY' })
    expect(bank.charged.size).toBe(1)
  })

  test('a service that is killed in the middle of the effect charges again under the same key', async () => {
    const bank = new Bank()
    const life = new Life(define(make(bank)))
    const service = await life.start()
    const charge = bank.charge.bind(bank)
    bank.charge = (key) => {
      charge(key)
      life.kill()
    }
    void service.send({ type: 'BUY' }, { key: 'buy-1' })
    await settle()
    bank.charge = charge
    const again = await life.start()
    await again.send({ type: 'BUY' }, { key: 'buy-1' })
    expect(again.machine.getSnapshot().value).toBe('bought')
    expect(bank.calls).toEqual(['case/life/lfls_1/2/0', 'case/life/lfls_1/2/0'])
    await again.settled()
    await life.restart()
    expect(bank.calls).toHaveLength(2)
  })
})
