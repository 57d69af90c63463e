import { defineService } from 'tardigrade'
import { describe, expect, test } from 'vitest'
import { type AnyActorRef, type AnyStateMachine, assign, fromCallback, sendTo, setup } from 'xstate'
import { conductorOf } from '../../src/runtime/service.js'
import { settle } from '../kit/clock.js'
import { Life } from '../kit/kill.js'

// biome-ignore lint/suspicious/noExplicitAny: the machines are of many kinds, and their types are not the point
type Config = any
const make = (config: Config, implementations: Config = {}): AnyStateMachine =>
  setup(implementations).createMachine(config)
const lifeOf = (machine: AnyStateMachine) => new Life(defineService({ id: 'late', version: 1, machine }))

describe('what comes when the life is over that began it', () => {
  test('an action that rejects then fails nothing: it is owed, and runs again in the next life', async () => {
    const runs: ((error: Error) => void)[] = []
    const act = () => new Promise<void>((_, reject) => void runs.push(reject))
    const life = lifeOf(make({ on: { GO: { actions: 'act' } } }, { actions: { act } }))
    const service = await life.start()
    await service.send({ type: 'GO' })
    await settle()
    const stopping = service.stop({ deadlineMs: 5 })
    await settle()
    life.clock.advance(5)
    await stopping
    runs[0]?.(new Error('too late'))
    await settle()
    expect(service.getSnapshot().value).toBe('stopped')
    expect(life.failures).toEqual([])
    await life.restart()
    expect(runs).toHaveLength(2)
  })

  test('a life that ends in the middle of its own start fires no timer, and cleans up once', async () => {
    let [begun, cleanups] = [0, 0]
    const line = fromCallback(() => () => void cleanups++)
    const act = () => {
      if (begun++ === 0) return
      // As where the process is killed there and then.
      const [service] = life.supervisor.services()
      if (service !== undefined) conductorOf(service).engine.tree?.close()
    }
    const life = lifeOf(
      make(
        {
          initial: 'on',
          states: { on: { after: { 1000: 'over' }, on: { GO: { actions: 'act' } } }, over: {} },
          invoke: { src: 'line', id: 'line' },
        },
        { actors: { line }, actions: { act } },
      ),
    )
    begun = 1
    await life.cutOff(await life.start(), { type: 'GO' })
    life.clock.jump(5000)
    const before = life.clock.pending
    const service = await life.start()
    expect(service.machine.getSnapshot().value).toBe('on')
    // That of the life before is still there.
    expect(life.clock.pending).toBe(before)
    expect(cleanups).toBe(1)
    await service.stop().catch(() => {})
    expect(cleanups).toBe(1)
  })

  test('what is sent to an actor of that life is heard by nobody', async () => {
    const add = { ADD: { actions: assign({ n: ({ context }: Config) => context.n + 1 }) } }
    const counter = make({ context: { n: 0 }, on: add })
    const machine = make({ invoke: { src: 'counter', id: 'counter' } }, { actors: { counter } })
    const service = await lifeOf(machine).start()
    const { counter: first } = service.machine.getSnapshot().children as Record<string, AnyActorRef>
    first?.send({ type: 'ADD' })
    await service.pause()
    first?.send({ type: 'ADD' })
    await service.resume()
    first?.send({ type: 'ADD' })
    const { counter: second } = service.machine.getSnapshot().children as Record<string, AnyActorRef>
    expect(second).not.toBe(first)
    expect([first, second].map((actor) => actor?.getSnapshot().context)).toEqual([{ n: 1 }, { n: 1 }])
  })

  test('work of an author’s own logic that has ended before it could begin never begins', async () => {
    let starts = 0
    const work = {
      getInitialSnapshot: () => ({ status: 'active', output: undefined, error: undefined }),
      transition: (snapshot: Config) => ({ ...snapshot, status: 'done' }),
      getPersistedSnapshot: (snapshot: Config) => snapshot,
      start: () => void starts++,
    }
    const machine = make(
      {
        initial: 'idle',
        states: {
          idle: { on: { GO: 'working' } },
          working: {
            entry: sendTo('work', { type: 'END' }),
            invoke: { src: 'work', id: 'work', onDone: 'over' },
          },
          over: {},
        },
      },
      { actors: { work } },
    )
    const life = lifeOf(machine)
    const service = await life.start()
    await service.send({ type: 'GO' })
    expect(service.machine.getSnapshot().value).toBe('over')
    expect(starts).toBe(0)
    expect(life.failures).toEqual([])
  })
})
