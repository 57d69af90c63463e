import { defineService } from 'tardigrade'
import { describe, expect, test } from 'vitest'
import { type AnyStateMachine, cancel, fromCallback, raise, sendTo, setup } from 'xstate'
import type { Fact } from '../../src/ports/inspector.js'
import { supervise } from '../../src/runtime/create-supervisor.js'
import { ManualClock, settle } from '../kit/clock.js'
import { FaultyStore } from '../kit/faulty.js'

// biome-ignore lint/suspicious/noExplicitAny: the machines are of many kinds, and their types are not the point
type Config = any
const make = (config: Config, implementations: Config = {}): AnyStateMachine =>
  setup(implementations).createMachine(config)

type Told = { [K in Fact['type']]: (fact: Extract<Fact, { type: K }>) => unknown }

/** One process after another with this service, on which somebody looks, and what they are told of this kind of fact. */
function observed<TType extends Fact['type']>(machine: AnyStateMachine, type: TType, tell: Told[TType]) {
  const [store, clock] = [new FaultyStore(), new ManualClock()]
  const told: unknown[] = []
  const definition = defineService({
    id: 'seen',
    version: 1,
    machine,
    timers: { long: 'remaining', default: 'deadline' },
  })
  const begin = async () => {
    const supervisor = await supervise(
      { store, clock, onFailed: () => {}, onWarning: () => {} },
      async () => ({
        inspect: () => {},
        observe: (fact, of) => {
          expect(of).toEqual({ definition: 'seen', key: 'k' })
          if (fact.type === type) told.push(tell(fact as never))
        },
        address: undefined,
        begin: async () => {},
        close: async () => {},
      }),
    )
    const service = await supervisor.start(definition, { key: 'k' })
    await settle()
    return { supervisor, service, told: () => told.splice(0) }
  }
  return { store, clock, begin }
}

describe('who looks on is told', () => {
  test('of timers that are set, cancelled, fired, and kept for another life', async () => {
    const machine = make(
      {
        initial: 'on',
        states: { on: { after: { long: 'on', 500: {} }, on: { OFF: 'off' } }, off: {} },
        on: {
          RING: { actions: raise({ type: 'RANG' }, { delay: 100, id: 'bell' }) },
          HUSH: { actions: [cancel('bell'), cancel('nothing')] },
        },
      },
      { delays: { long: 1000 } },
    )
    const { begin, clock, store } = observed(machine, 'timer', ({ change, timer, policy }) => [
      change,
      timer.id,
      policy,
    ])
    const first = await begin()
    const [long, short] = ['xstate.after.long.(machine).on', 'xstate.after.500.(machine).on']
    expect(first.told()).toEqual([
      ['set', short, 'deadline'],
      ['set', long, 'remaining'],
    ])
    await first.service.send({ type: 'RING' })
    await first.service.send({ type: 'HUSH' })
    expect(first.told()).toEqual([
      ['set', 'bell', 'deadline'],
      ['cancelled', 'bell', 'deadline'],
    ])
    await clock.advance(500)
    expect(first.told()).toEqual([['fired', short, 'deadline']])
    await first.supervisor.close()
    store.loseLock()
    const second = await begin()
    expect(second.told()).toEqual([['kept', long, 'remaining']])
    await second.service.send({ type: 'OFF' })
    expect(second.told()).toEqual([['cancelled', long, 'remaining']])
  })

  test('of effects that wait, run, are done or fail, and of those that never will', async () => {
    const inner = make(
      {
        initial: 'out',
        states: {
          out: { on: { IN: 'in' } },
          in: { invoke: { src: 'line', id: 'line' }, on: { OUT: 'out' } },
        },
      },
      { actors: { line: fromCallback(() => {}) } },
    )
    const machine = make(
      {
        initial: 'on',
        states: {
          on: { on: { GO: { actions: 'act' }, BURST: { actions: 'burst' } } },
        },
        invoke: { src: 'inner', id: 'inner' },
        on: { PASS: { actions: [sendTo('inner', { type: 'IN' }), sendTo('inner', { type: 'OUT' })] } },
      },
      {
        actors: { inner },
        actions: {
          act: () => {},
          burst: () => {
            throw new Error('burst')
          },
        },
      },
    )
    const { begin } = observed(machine, 'effect', ({ change, effect, error }) => [
      change,
      effect.kind,
      effect.type,
      ...(error === undefined ? [] : [(error as Error).message]),
    ])
    const { service, told } = await begin()
    await service.send({ type: 'GO' })
    expect(told()).toEqual([
      ['waiting', 'action', 'act'],
      ['released', 'action', 'act'],
      ['done', 'action', 'act'],
    ])
    await service.send({ type: 'PASS' })
    expect(told()).toEqual([
      ['waiting', 'start', 'xstate.init'],
      ['dropped', 'start', 'xstate.init'],
    ])
    await service.send({ type: 'BURST' })
    expect(told()).toEqual([
      ['waiting', 'action', 'burst'],
      ['released', 'action', 'burst'],
      ['failed', 'action', 'burst', 'burst'],
    ])
  })

  test('of effects that an earlier life owed', async () => {
    const act = () => (begun++ === 0 ? new Promise<void>(() => {}) : undefined)
    let begun = 0
    const machine = make({ on: { GO: { actions: 'act' } } }, { actions: { act } })
    const { begin, store } = observed(machine, 'effect', ({ change, effect }) => [change, effect.type])
    const first = await begin()
    await first.service.send({ type: 'GO' })
    expect(first.told()).toEqual([
      ['waiting', 'act'],
      ['released', 'act'],
    ])
    // Its process is gone.
    store.loseLock()
    const second = await begin()
    expect(second.told()).toEqual([
      ['again', 'act'],
      ['released', 'act'],
      ['done', 'act'],
    ])
  })

  test('of commits, and of those that the store refuses', async () => {
    const machine = make({ on: { GO: {} } })
    const { begin, store } = observed(machine, 'committed', ({ error }) => error?.message)
    const { service, told } = await begin()
    expect(told()).toEqual([undefined])
    await service.send({ type: 'GO' })
    expect(told()).toEqual([undefined])
    store.failure = new Error('no')
    await expect(service.send({ type: 'GO' })).rejects.toThrow('no')
    expect(told()).toEqual([expect.stringContaining('no')])
  })
})
