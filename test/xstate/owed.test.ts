import fc from 'fast-check'
import { defineService, effectKey } from 'tardigrade'
import { describe, expect, test } from 'vitest'
import {
  type AnyStateMachine,
  enqueueActions,
  fromCallback,
  fromPromise,
  sendParent,
  sendTo,
  setup,
  stopChild,
} from 'xstate'
import { settle } from '../kit/clock.js'
import { Life } from '../kit/kill.js'

// biome-ignore lint/suspicious/noExplicitAny: the machines are of many kinds, and their types are not the point
type Config = any

/** What was done outside, in order: under which key, and what. */
type Done = [key: string | undefined, what: string]

const make = (config: Config, implementations: Config = {}): AnyStateMachine =>
  setup(implementations).createMachine(config)

const lifeOf = (machine: AnyStateMachine) => new Life(defineService({ id: 'owed', version: 1, machine }))

describe('what an actor owed that has ended in the same turn', () => {
  /** A child with a context of its own and one action written in place, which `end` brings to its end. */
  const childOf = (log: Done[], end: Config) => {
    const note = (what: string) => void log.push([effectKey(), what])
    return make(
      {
        context: { own: 7 },
        exit: { type: 'act', params: { at: 'exit' } },
        initial: 'on',
        states: {
          on: {
            on: {
              GO: {
                ...end,
                actions: [
                  { type: 'act', params: { at: 'first' } },
                  () => note('in place'),
                  { type: 'act', params: { at: 'second' } },
                  ...(end.actions ?? []),
                ],
              },
            },
          },
          off: { type: 'final' },
        },
      },
      {
        actions: {
          act: ({ context, event }: Config, { at }: Config) =>
            note(`child ${context.own} ${event.type} ${at}`),
        },
      },
    )
  }

  /** The root has an action of that name too, and so has the actor that comes under the child's id. */
  const rootOf = (child: AnyStateMachine, go: Config, log: Done[]) => {
    const act = () => void log.push([effectKey(), 'another’s'])
    return make(
      {
        initial: 'on',
        states: {
          on: { invoke: { src: 'child', id: 'kid' }, on: { GO: { actions: go }, LEAVE: 'off' } },
          off: { invoke: { src: 'other', id: 'kid' } },
        },
      },
      { actors: { child, other: make({}, { actions: { act } }) }, actions: { act } },
    )
  }

  const go = sendTo('kid', { type: 'GO' })
  const ways: Record<string, (log: Done[]) => AnyStateMachine> = {
    'at its final state': (log) => rootOf(childOf(log, { target: 'off' }), go, log),
    'when its parent stopped it': (log) => rootOf(childOf(log, {}), [go, stopChild('kid')], log),
    'when its parent left the state, and another has its id': (log) =>
      rootOf(childOf(log, { actions: [sendParent({ type: 'LEAVE' })] }), go, log),
    'with its parent, which ended too': (log) =>
      rootOf(
        make(
          {
            initial: 'on',
            states: {
              on: {
                invoke: { src: 'grandchild', id: 'deep' },
                on: { GO: { actions: sendTo('deep', { type: 'GO' }) }, LEAVE: 'off' },
              },
              off: { type: 'final' },
            },
          },
          { actors: { grandchild: childOf(log, { actions: [sendParent({ type: 'LEAVE' })] }) } },
        ),
        go,
        log,
      ),
  }

  test.each(Object.entries(ways))('runs after a crash under its old keys: %s', async (_, machine) => {
    const uninterrupted: Done[] = []
    const twin = await lifeOf(machine(uninterrupted)).start()
    await twin.send({ type: 'GO' })
    await settle()
    const expected = ['child 7 GO first', 'in place', 'child 7 GO second']
    expect(uninterrupted.map(([, what]) => what).slice(0, 3)).toEqual(expected)

    const log: Done[] = []
    const life = lifeOf(machine(log))
    await life.cutOff(await life.start(), { type: 'GO' })
    expect(log).toEqual([])
    const service = await life.start()
    const isInPlace = ([, what]: Done) => what === 'in place'
    expect(log).toEqual(uninterrupted.filter((done) => !isInPlace(done)))
    // What was written in place cannot be found again, and somebody must see to it.
    const [[key] = []] = uninterrupted.filter(isInPlace)
    expect(life.warnings).toMatchObject([{ code: 'UNRUNNABLE_EFFECT', effectKey: key }])
    expect(life.failures).toEqual([])
    expect(service.machine.getSnapshot().value).toEqual(twin.machine.getSnapshot().value)
  })

  test.each(Object.entries(ways))(
    'runs once more after a crash in its middle, and then no more: %s',
    async (_, machine) => {
      for (const survived of [0, 1]) {
        const log: Done[] = []
        const life = lifeOf(machine(log))
        await life.cutOff(await life.start(), { type: 'GO' })
        const push = log.push.bind(log)
        let left: number = survived
        log.push = (done: Done) => {
          if (left-- === 0) life.kill()
          return push(done)
        }
        await life.start()
        const once = log.splice(0)
        expect(once.length).toBeGreaterThanOrEqual(2)
        const service = await life.start()
        expect([...log]).toEqual(once)
        await service.settled()
        await life.restart()
        expect([...log]).toEqual(once)
        expect(new Set(life.warnings.map((warning) => (warning as Config).effectKey)).size).toBe(1)
      }
    },
  )
})

describe('after a crash', () => {
  type Op = 'act' | 'slow' | 'promise' | 'callback' | 'tell' | 'kid'
  type Run = { type: 'RUN'; ops: Op[]; from: number }

  /** Does what an event lists, and notes what of it happens outside. */
  const doer = (log: Done[]) => {
    const note = (what: string) => void log.push([effectKey(), what])
    const never = new Promise<never>(() => {})
    const actions = {
      act: (_: unknown, { what }: { what: string }) => note(what),
      slow: (_: unknown, { what }: { what: string }) => {
        note(what)
        return never as never
      },
    }
    const work = fromPromise<never, { what: string }>(({ input }) => {
      note(input.what)
      return never
    })
    const ear = fromCallback<{ type: 'TELL'; what: string }, { what: string }>(({ input, receive }) => {
      note(input.what)
      receive(({ what }) => note(what))
    })
    const kid = setup({
      types: { input: {} as { what: string }, context: {} as { what: string } },
      actors: { work },
      actions,
    }).createMachine({
      context: ({ input }) => input,
      entry: { type: 'act', params: ({ context }) => ({ what: `act of ${context.what}` }) },
      invoke: {
        src: 'work',
        id: 'own',
        input: ({ context }) => ({ what: `start of ${context.what}’s own` }),
      },
      exit: { type: 'act', params: { what: 'never' } },
    })
    return setup({
      types: { context: {} as { ear: string | undefined }, events: {} as Run },
      actors: { work, ear, kid },
      actions,
    }).createMachine({
      context: { ear: undefined },
      on: {
        RUN: {
          actions: enqueueActions(({ context, event: { ops, from }, enqueue }) => {
            let { ear } = context
            for (const [index, op] of ops.entries()) {
              const id = `${op}${from + index}`
              if (op === 'act') enqueue({ type: 'act', params: { what: id } })
              else if (op === 'slow') enqueue({ type: 'slow', params: { what: `start of ${id}` } })
              else if (op === 'promise') enqueue.spawnChild('work', { id, input: { what: `start of ${id}` } })
              else if (op === 'kid') enqueue.spawnChild('kid', { id, input: { what: id } })
              else if (op === 'callback') {
                ear = id
                enqueue.spawnChild('ear', { id, input: { what: `start of ${id}` } })
              } else if (ear !== undefined) enqueue.sendTo(ear, { type: 'TELL', what: `told ${ear}: ${id}` })
            }
            enqueue.assign({ ear })
          }),
        },
      },
    })
  }

  const ops = fc.array(fc.constantFrom<Op>('act', 'slow', 'promise', 'callback', 'tell', 'kid'), {
    maxLength: 16,
  })

  test('outside work starts and owed actions run in the order in which they were decided, under their keys', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(ops, { maxLength: 3 }), ops, async (earlier, last) => {
        const run = (ops: Op[], event: number) => ({ type: 'RUN' as const, ops, from: 100 * event })
        const uninterrupted: Done[] = []
        const twin = await lifeOf(doer(uninterrupted)).start()
        const log: Done[] = []
        const life = lifeOf(doer(log))
        const service = await life.start()
        for (const [index, some] of earlier.entries()) {
          await twin.send(run(some, index))
          await service.send(run(some, index))
          await settle()
        }
        // What is under way still is so after the crash, and the rest is done.
        const underWay = uninterrupted.filter(([, what]) => what.startsWith('start'))
        uninterrupted.length = 0
        await twin.send(run(last, earlier.length))
        await life.cutOff(service, run(last, earlier.length))
        log.length = 0
        await life.start()
        expect(log).toEqual([...underWay, ...uninterrupted])
        expect(life.failures).toEqual([])
      }),
      { numRuns: 150 },
    )
  })
})
