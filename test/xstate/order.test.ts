import { defineService } from 'tardigrade'
import { afterEach, describe, expect, test, vi } from 'vitest'
import {
  type AnyActorRef,
  type AnyMachineSnapshot,
  type AnyStateMachine,
  assign,
  createActor,
  emit,
  enqueueActions,
  fromCallback,
  fromObservable,
  fromPromise,
  fromTransition,
  log as logAction,
  raise,
  type Subscribable,
  sendParent,
  sendTo,
  setup,
  spawnChild,
  stopChild,
} from 'xstate'
import { settle } from '../kit/clock.js'
import { Life } from '../kit/kill.js'

// XState takes hold of console.log when it is loaded, so ours must stand there before.
const printed = vi.hoisted(() => {
  const sink: { to: (line: string) => void } = { to: () => {} }
  console.log = (...args: unknown[]) => sink.to(args.join(' '))
  return sink
})

type Log = string[]

/** What these machines share: an action that says where it stands, with the event and the context it sees. */
function parts(log: Log) {
  const tell = (
    { context, event }: { context: unknown; event: { type: string } },
    params: { at: string },
  ) => {
    const n = (context as { n?: number }).n
    log.push(
      `${params.at} on ${event.type.replace(/\b[x]:\d+/g, 'session')}${n === undefined ? '' : ` n=${n}`}`,
    )
  }
  return {
    actions: { tell, count: assign({ n: ({ context }) => ((context as { n?: number }).n ?? 0) + 1 }) },
  }
}

const tell = (at: string) => ({ type: 'tell' as const, params: { at } })

// biome-ignore lint/suspicious/noExplicitAny: the machines are of many kinds, and their types are not the point
type Config = any
const make = (log: Log, config: Config, actors: Config = {}): AnyStateMachine =>
  setup({ ...parts(log), actors } as Config).createMachine(config)

/** Each machine with the events that lead through it; a text beginning with `watch` listens to that child. */
const machines: Record<string, readonly [(log: Log) => AnyStateMachine, readonly string[]]> = {
  'entry, exit, transition, always and raise in nested states': [
    (log) =>
      make(log, {
        id: 'nested',
        context: { n: 0 },
        entry: [tell('root entry 1'), 'count', tell('root entry 2')],
        exit: tell('root exit'),
        initial: 'a',
        states: {
          a: {
            entry: tell('a entry'),
            exit: ['count', tell('a exit')],
            initial: 'b',
            states: {
              b: {
                entry: tell('b entry'),
                exit: tell('b exit'),
                on: { IN: { target: 'c', actions: tell('to c') } },
              },
              c: { entry: [raise({ type: 'OWN' }), tell('c entry')], exit: tell('c exit') },
            },
            on: {
              OWN: { actions: tell('own') },
              INTERNAL: { target: '.b', actions: tell('internal') },
              EXTERNAL: { target: 'a', reenter: true, actions: tell('external') },
              STAY: { actions: [tell('stay'), 'count', tell('stayed')] },
              GO: { target: 'd', actions: ['count', tell('go')] },
            },
          },
          d: {
            entry: tell('d entry'),
            always: { target: 'e', actions: tell('always') },
            exit: tell('d exit'),
          },
          e: { entry: tell('e entry'), type: 'final' },
        },
      }),
    ['IN', 'INTERNAL', 'EXTERNAL', 'STAY', 'NOTHING', 'GO', 'AFTER THE END'],
  ],
  'regions that leave together': [
    (log) =>
      make(log, {
        type: 'parallel',
        states: Object.fromEntries(
          ['l', 'm', 'r'].map((name) => [
            name,
            {
              initial: 'a',
              entry: tell(`${name} entry`),
              exit: tell(`${name} exit`),
              states: {
                a: { exit: tell(`${name}.a exit`), on: { GO: { target: 'b', actions: tell(`${name} go`) } } },
                b: { entry: tell(`${name}.b entry`), on: { END: 'c' } },
                c: { type: 'final', entry: tell(`${name}.c entry`) },
              },
              onDone: { actions: tell(`${name} done`) },
            },
          ]),
        ),
        onDone: { actions: tell('all done') },
        exit: tell('root exit'),
      }),
    ['GO', 'END'],
  ],
  'emit, log and custom actions in one transition': [
    (log) =>
      make(log, {
        context: { n: 0 },
        on: {
          GO: {
            actions: [
              emit({ type: 'FIRST' }),
              tell('one'),
              'count',
              logAction(({ context }) => `log ${(context as { n: number }).n}`, 'label'),
              emit(({ context }) => ({ type: 'SECOND', n: context.n })),
              raise({ type: 'NEXT' }),
              tell('two'),
            ],
          },
          NEXT: { actions: [tell('next'), emit({ type: 'THIRD' }), logAction('plain')] },
        },
      }),
    ['GO', 'GO'],
  ],
  enqueueActions: [
    (log) =>
      make(log, {
        context: { n: 0 },
        on: {
          GO: {
            actions: enqueueActions(({ enqueue, context }) => {
              enqueue(tell('first'))
              enqueue('count')
              enqueue.assign({ n: ({ context }: { context: Config }) => context.n + 10 })
              if (context.n > 5) enqueue.raise({ type: 'LATER' })
              enqueue.emit({ type: 'OUT' })
              enqueue(tell('last'))
            }),
          },
          LATER: { actions: enqueueActions(({ enqueue }) => enqueue(tell('later'))) },
        },
      }),
    ['GO', 'GO'],
  ],
  'children: initial actions, messages both ways, final states with output': [
    (log) => {
      const grandchild = make(log, {
        entry: [tell('grandchild entry'), sendParent({ type: 'BORN' })],
        exit: tell('grandchild exit'),
        initial: 'a',
        states: { a: { on: { END: 'b' } }, b: { type: 'final', entry: tell('grandchild ends') } },
        output: 'g',
      })
      const child = make(
        log,
        {
          entry: [
            tell('child entry'),
            spawnChild('grandchild', { id: 'g' }),
            tell('child entry after spawn'),
          ],
          exit: tell('child exit'),
          on: {
            BORN: { actions: [tell('child hears BORN'), sendParent({ type: 'HEARD' })] },
            END: { actions: [sendTo('g', { type: 'END' }), tell('child passes END on')] },
            'xstate.done.actor.g': '.end',
          },
          initial: 'on',
          states: { on: {}, end: { type: 'final', entry: [tell('child ends'), emit({ type: 'BYE' })] } },
        },
        { grandchild },
      )
      return make(
        log,
        {
          initial: 'off',
          states: {
            off: { on: { START: { target: 'on', actions: tell('start') } } },
            on: {
              entry: tell('on entry'),
              exit: tell('on exit'),
              invoke: { src: 'child', id: 'kid', onDone: { target: 'off', actions: tell('kid done') } },
              on: {
                HEARD: { actions: tell('root hears') },
                END: {
                  actions: [tell('root sends END'), sendTo('kid', { type: 'END' }), tell('root sent END')],
                },
              },
            },
          },
        },
        { child },
      )
    },
    ['START', 'watch kid', 'END', 'START', 'watch kid', 'END'],
  ],
  'children stopped with their parent’s state, deepest first': [
    (log) => {
      const leaf = make(log, { entry: tell('leaf entry'), exit: tell('leaf exit') })
      const child = make(
        log,
        { invoke: { src: 'leaf', id: 'leaf' }, entry: tell('child entry'), exit: tell('child exit') },
        { leaf },
      )
      return make(
        log,
        {
          initial: 'on',
          states: {
            on: {
              invoke: [
                { src: 'child', id: 'a' },
                { src: 'child', id: 'b' },
              ],
              exit: tell('on exit'),
              on: { OFF: { target: 'off', actions: tell('off') } },
            },
            off: {
              on: {
                SPAWN: { actions: [spawnChild('child', { id: 'c' }), tell('spawned')] },
                STOP: { actions: [stopChild('c'), tell('stopped')] },
                ON: 'on',
              },
            },
          },
        },
        { child },
      )
    },
    ['OFF', 'SPAWN', 'STOP', 'ON', 'OFF'],
  ],
  'callbacks: told, answering, stopped': [
    (log) => {
      const ear = fromCallback<{ type: string }, { name: string }>(({ input, receive, sendBack }) => {
        log.push(`${input.name} starts`)
        sendBack({ type: 'HELLO' })
        receive(({ type }) => {
          log.push(`${input.name} hears ${type}`)
          if (type === 'PING') sendBack({ type: 'PONG' })
        })
        return () => void log.push(`${input.name} cleans up`)
      })
      return make(
        log,
        {
          initial: 'off',
          on: { HELLO: { actions: tell('hello') }, PONG: { actions: tell('pong') } },
          states: {
            off: { on: { ON: 'on' } },
            on: {
              entry: [tell('on entry'), sendTo('e', { type: 'EARLY' })],
              exit: [sendTo('e', { type: 'LAST' }), tell('on exit')],
              invoke: [
                { src: 'ear', id: 'e', input: { name: 'e' } },
                { src: 'ear', id: 'f', input: { name: 'f' } },
              ],
              on: {
                TELL: { actions: [sendTo('e', { type: 'PING' }), tell('tell'), sendTo('f', { type: 'X' })] },
                OFF: { target: 'off', actions: tell('off') },
                AGAIN: { target: 'on', reenter: true, actions: tell('again') },
              },
            },
          },
        },
        { ear },
      )
    },
    ['ON', 'TELL', 'AGAIN', 'TELL', 'OFF', 'TELL', 'ON'],
  ],
  'the end of everything: exit actions, children and callbacks stopped': [
    (log) => {
      const ear = fromCallback(({ receive }) => {
        log.push('ear starts')
        receive(({ type }) => void log.push(`ear hears ${type}`))
        return () => void log.push('ear cleans up')
      })
      const child = make(log, { invoke: { src: 'ear', id: 'ear' }, exit: tell('child exit') }, { ear })
      return make(
        log,
        {
          invoke: [
            { src: 'child', id: 'kid' },
            { src: 'ear', id: 'own' },
          ],
          exit: [tell('root exit'), sendTo('own', { type: 'LAST' }), emit({ type: 'GONE' })],
          initial: 'a',
          states: {
            a: {
              exit: tell('a exit'),
              on: { END: { target: 'b', actions: [tell('end'), emit({ type: 'ENDING' })] } },
            },
            b: { type: 'final', entry: tell('b entry'), exit: tell('b exit') },
          },
        },
        { child, ear },
      )
    },
    ['END'],
  ],
  'transition functions, with emitted events': [
    (log) =>
      make(
        log,
        {
          invoke: { src: 'sum', id: 'sum', onSnapshot: { actions: tell('snapshot') } },
          on: { ADD: { actions: [sendTo('sum', { type: 'ADD' }), tell('add')] } },
        },
        {
          sum: fromTransition((sum: number, event: { type: string }, { emit }) => {
            emit({ type: `EMITTED_${event.type}`, sum } as never)
            return sum + 1
          }, 0),
        },
      ),
    ['watch sum', 'ADD', 'ADD'],
  ],
  'promises and observables': [
    (log) => {
      let n = 0
      const work = fromPromise(async ({ input, emit }: { input: string; emit: (event: never) => void }) => {
        log.push(`${input} starts`)
        await settle()
        emit({ type: 'WORKED' } as never)
        if (++n === 2) throw new Error('second')
        return input
      })
      type Observer = { next?: (value: number) => void; complete?: () => void }
      const subscribable = (subscribe: (observer: Observer) => object) =>
        ({ subscribe }) as Subscribable<number>
      const ticks = fromObservable(() =>
        subscribable((observer) => {
          log.push('subscribed')
          observer.next?.(1)
          observer.next?.(2)
          observer.complete?.()
          return { unsubscribe: () => void log.push('unsubscribed') }
        }),
      )
      return make(
        log,
        {
          initial: 'off',
          states: {
            off: { on: { ON: 'on' } },
            on: {
              invoke: [
                {
                  src: 'work',
                  id: 'w',
                  input: 'work',
                  onDone: { target: 'off', actions: tell('done') },
                  onError: { target: 'off', actions: tell('error') },
                },
                {
                  src: 'ticks',
                  id: 't',
                  onSnapshot: { actions: tell('tick') },
                  onDone: { actions: tell('ticked') },
                },
              ],
              exit: tell('exit'),
            },
          },
        },
        { work, ticks },
      )
    },
    ['ON', 'ON', 'ON'],
  ],
}

const shown = (type: unknown, more: unknown) => `${JSON.stringify(type)} ${JSON.stringify(more)}`

/** Runs a machine; `send` and `snapshot` are all that differs between the two worlds. */
async function through(
  events: readonly string[],
  log: Log,
  world: { send(event: { type: string }): unknown; snapshot(): AnyMachineSnapshot },
) {
  await settle()
  for (const type of events) {
    log.push(`--- ${type}`)
    if (type.startsWith('watch ')) {
      const child = world.snapshot().children[type.slice(6)] as AnyActorRef
      child.on('*', (event) => void log.push(shown(type, event)))
    } else await world.send({ type })
    await settle()
  }
}

afterEach(() => {
  vi.restoreAllMocks()
})

function record(log: Log): void {
  printed.to = (line) => void log.push(`prints ${line}`)
  // XState’s development build warns of events to actors that have ended; some of these machines send them.
  vi.spyOn(console, 'warn').mockImplementation(() => {})
}

describe('effects happen in the order of plain XState', () => {
  test.each(Object.entries(machines))('%s', async (name, [machineOf, events]) => {
    const expected: Log = []
    record(expected)
    const actor = createActor(machineOf(expected)).start()
    actor.on('*', (event) => void expected.push(shown('emitted', event)))
    await through(events, expected, {
      send: (event) => actor.send(event),
      snapshot: () => actor.getSnapshot() as AnyMachineSnapshot,
    })

    const log: Log = []
    record(log)
    const life = new Life(defineService({ id: 'order', version: 1, machine: machineOf(log) }))
    const service = await life.start()
    service.machine.on('*', (event) => void log.push(shown('emitted', event)))
    await through(events, log, {
      send: (event) => service.send(event as never).catch(() => {}),
      snapshot: () => service.machine.getSnapshot() as AnyMachineSnapshot,
    })
    expect(log).toEqual(expected)
    expect(expected.some((line) => line.startsWith('prints '))).toBe(name.includes('log'))
    // Each of them does something at every step.
    expect(expected.length).toBeGreaterThan(events.length * 2)
    expect(life.failures).toEqual([])
  })
})
