import { defineService, effectKey } from 'tardigrade'
import { describe, expect, test, vi } from 'vitest'
import {
  type AnyStateMachine,
  assign,
  emit,
  fromCallback,
  fromObservable,
  fromPromise,
  log,
  sendParent,
  sendTo,
  setup,
} from 'xstate'
import { settle } from '../kit/clock.js'
import { Life } from '../kit/kill.js'
import { surfaced } from '../kit/surfaced.js'

// biome-ignore lint/suspicious/noExplicitAny: the machines are of many kinds, and their types are not the point
type Config = any
const make = (config: Config, implementations: Config = {}): AnyStateMachine =>
  setup(implementations).createMachine(config)

const lifeOf = (machine: AnyStateMachine) => new Life(defineService({ id: 'effects', version: 1, machine }))

/** A store that takes commits when it is told to. */
function slowCommits(life: Life<AnyStateMachine>) {
  let waiting: (() => void)[] = []
  let hold = false
  const claim = life.store.claim.bind(life.store)
  life.store.claim = async () => {
    const real = await claim()
    return new Proxy(real, {
      get: (target, name) =>
        name === 'commit'
          ? async (batch: Parameters<typeof target.commit>[0]) => {
              if (hold) await new Promise<void>((resolve) => waiting.push(resolve))
              return target.commit(batch)
            }
          : Reflect.get(target, name),
    })
  }
  return {
    hold() {
      hold = true
    },
    async go() {
      hold = false
      for (const resolve of waiting) resolve()
      waiting = []
      await settle()
    },
  }
}

describe('custom actions that fail', () => {
  /** An action that fails while it is told to, with the keys that it ran under. */
  function failing(reject = false) {
    const state = { fails: true, keys: [] as (string | undefined)[] }
    const act = () => {
      state.keys.push(effectKey())
      if (!state.fails) return
      if (reject) return Promise.reject(new Error('boom'))
      throw new Error('boom')
    }
    return { state, act }
  }

  test.each([false, true])(
    'of the root fail the service; a retry runs them again under the same key (rejects: %s)',
    async (reject) => {
      const { state, act } = failing(reject)
      const after: string[] = []
      const life = lifeOf(
        make(
          { initial: 'a', states: { a: { on: { GO: { target: 'b', actions: ['act', 'next'] } } }, b: {} } },
          { actions: { act, next: () => void after.push('next') } },
        ),
      )
      let service = await life.start()
      await service.send({ type: 'GO' }).catch(() => {})
      await settle()
      expect(service.getSnapshot().value).toBe('failed')
      expect(life.failures).toMatchObject([
        { code: expect.stringMatching(/^(EFFECT|MACHINE)_FAILED$/), cause: { message: 'boom' } },
      ])
      const [key] = state.keys
      expect(key).toMatch(/^effects\/life\/lfls_1\/2\/0$/)
      // The transition was durable before it failed.
      expect(service.machine.getSnapshot().value).toBe('b')
      await service.retry().catch(() => {})
      await settle()
      expect(service.getSnapshot().value).toBe('failed')
      service = await life.restart()
      expect(service.getSnapshot().value).toBe('failed')
      state.fails = false
      await service.retry()
      await service.settled()
      expect(new Set(state.keys)).toEqual(new Set([key]))
      expect(state.keys).toHaveLength(3)
      expect(after.length).toBeGreaterThan(0)
      expect([service.getSnapshot().value, service.machine.getSnapshot().value]).toEqual(['running', 'b'])
      service = await life.restart()
      expect(state.keys).toHaveLength(3)
    },
  )

  test.each([false, true])(
    'of a child fail the child, and its parent hears of it (rejects: %s)',
    async (reject) => {
      const { state, act } = failing(reject)
      const child = make({ on: { GO: { actions: 'act' } } }, { actions: { act } })
      const life = lifeOf(
        make(
          {
            context: { error: undefined },
            initial: 'on',
            states: {
              on: {
                invoke: {
                  src: 'child',
                  id: 'kid',
                  onError: { target: 'off', actions: assign({ error: ({ event }: Config) => event.error }) },
                },
                on: { GO: { actions: sendTo('kid', { type: 'GO' }) } },
              },
              off: {},
            },
          },
          { actors: { child } },
        ),
      )
      const service = await life.start()
      await service.send({ type: 'GO' })
      await service.settled()
      expect(state.keys).toHaveLength(1)
      const { value, context } = service.machine.getSnapshot()
      expect([service.getSnapshot().value, value, context.error]).toEqual([
        'running',
        'off',
        new Error('boom'),
      ])
      const again = await life.restart()
      expect(again.machine.getSnapshot().value).toBe('off')
      expect(state.keys).toHaveLength(1)
      expect(life.failures).toEqual([])
    },
  )

  test('of a child that nobody listens to fail the service, as XState would throw', async () => {
    const { act } = failing()
    const child = make({ entry: 'act' }, { actions: { act } })
    const life = lifeOf(make({ invoke: { src: 'child', id: 'kid' } }, { actors: { child } }))
    const service = await life.start()
    await settle()
    expect(service.getSnapshot().value).toBe('failed')
    expect(life.failures).toMatchObject([{ cause: { message: 'boom' } }])
  })

  /** A child that acts and is left in the same turn, so that it is gone when its action runs. */
  const leaving = (act: () => unknown, root: Config = {}) =>
    make(
      {
        initial: 'on',
        states: {
          on: {
            invoke: { src: 'child', id: 'kid' },
            on: { GO: { actions: sendTo('kid', { type: 'GO' }) }, LEAVE: 'off' },
          },
          // Another actor, of another logic, has the id now.
          off: { invoke: { src: 'other', id: 'kid' } },
        },
      },
      {
        ...root,
        actors: {
          child: make(
            {
              context: { own: 7 },
              on: { GO: { actions: ['act', emit({ type: 'OUT' }), sendParent({ type: 'LEAVE' })] } },
            },
            { actions: { act } },
          ),
          other: make({}, root),
        },
      },
    )

  test('of an actor that is gone meanwhile fail the service, and are owed', async () => {
    const { state, act } = failing()
    const life = lifeOf(leaving(act))
    const service = await life.start()
    await service.send({ type: 'GO' })
    await settle()
    expect(life.failures).toMatchObject([{ code: 'EFFECT_FAILED', effect: 'act', effectKey: state.keys[0] }])
    state.fails = false
    await service.retry()
    await service.settled()
    expect(state.keys).toEqual([state.keys[0], state.keys[0]])
    expect(service.machine.getSnapshot().value).toBe('off')
    expect(life.warnings).toEqual([])
  })

  test('of an actor that is gone are its own, never another’s of the same name; what it emitted is nobody’s', async () => {
    const seen: unknown[] = []
    let fails = true
    const own = ({ context, self }: Config) => {
      if (fails) throw new Error('boom')
      seen.push(['own', context.own, self.id])
    }
    const life = lifeOf(leaving(own as () => void, { actions: { act: () => void seen.push('another’s') } }))
    const service = await life.start()
    service.machine.on('*', (event) => void seen.push(event))
    await service.send({ type: 'GO' }).catch(() => {})
    await settle()
    fails = false
    await service.retry()
    await service.settled()
    // The root stands for it, not the actor that has its id now.
    expect(seen).toEqual([['own', 7, 'life']])
  })
})

describe('effects that take their time', () => {
  test('are owed until they settle, and run again under the same key after a kill', async () => {
    const keys: (string | undefined)[] = []
    let open: (() => void)[] = []
    const machine = make(
      { on: { GO: { actions: 'slow' } } },
      {
        actions: {
          slow: () => {
            keys.push(effectKey())
            return new Promise<void>((resolve) => open.push(resolve))
          },
        },
      },
    )
    const life = lifeOf(machine)
    let service = await life.start()
    await service.send({ type: 'GO' })
    await service.send({ type: 'GO' })
    expect(keys).toEqual(['effects/life/lfls_1/2/0', 'effects/life/lfls_1/3/0'])
    service = await life.restart()
    expect(keys.slice(2)).toEqual(keys.slice(0, 2))
    const settled = service.settled()
    let done = false
    void settled.then(() => {
      done = true
    })
    await settle()
    expect(done).toBe(false)
    for (const go of open) go()
    open = []
    await settled
    service = await life.restart()
    expect(keys).toHaveLength(4)
    expect(await Promise.race([service.settled().then(() => 'settled'), settle().then(() => 'waits')])).toBe(
      'settled',
    )
  })

  test('are waited for by a pause, until its deadline', async () => {
    let open: () => void = () => {}
    let runs = 0
    const life = lifeOf(
      make(
        { on: { GO: { actions: 'slow' } } },
        {
          actions: {
            slow: () => {
              runs++
              return new Promise<void>((resolve) => {
                open = resolve
              })
            },
          },
        },
      ),
    )
    const service = await life.start()
    await service.send({ type: 'GO' })
    const paused = service.pause('user', { deadlineMs: 100 })
    await life.clock.advance(99)
    expect(service.getSnapshot().value).toBe('checkpointing')
    await life.clock.advance(1)
    await paused
    await service.resume()
    expect(runs).toBe(2)
    const again = service.pause('user', { deadlineMs: 1e9 })
    open()
    await again
    await service.resume()
    expect(runs).toBe(2)
  })
})

describe('before the commit', () => {
  test('nothing has happened outside: no action, emitted event, log line, promise, callback or message', async () => {
    const seen: string[] = []
    const print = vi.spyOn(console, 'log').mockImplementation(() => void seen.push('log'))
    const machine = make(
      {
        invoke: { src: 'ear', id: 'ear' },
        initial: 'a',
        states: {
          a: {
            on: {
              GO: { target: 'b', actions: ['act', emit({ type: 'OUT' }), sendTo('ear', { type: 'TELL' })] },
            },
          },
          b: {
            invoke: [
              { src: 'promise', id: 'p' },
              { src: 'callback', id: 'c' },
              { src: 'observable', id: 'o' },
            ],
          },
        },
      },
      {
        actions: { act: () => void seen.push('action') },
        actors: {
          ear: fromCallback(({ receive }) => receive(() => void seen.push('told'))),
          promise: fromPromise(async () => void seen.push('promise')),
          callback: fromCallback(() => void seen.push('callback')),
          observable: fromObservable(() => {
            seen.push('observable')
            return { subscribe: () => ({ unsubscribe: () => {} }) } as never
          }),
        },
      },
    )
    const life = lifeOf(machine)
    const commits = slowCommits(life)
    const service = await life.start()
    service.machine.on('*', () => void seen.push('emitted'))
    commits.hold()
    const sent = service.send({ type: 'GO' })
    await settle()
    // Decided, and shown to whoever looks.
    expect(service.machine.getSnapshot().value).toBe('b')
    expect(seen).toEqual([])
    await commits.go()
    await sent
    expect(seen).toEqual(['action', 'emitted', 'told', 'promise', 'callback', 'observable'])
    print.mockRestore()
  })

  test('a kill there leaves nothing done; sent again, all of it is done once', async () => {
    const seen: string[] = []
    const life = lifeOf(
      make({ on: { GO: { actions: 'act' } } }, { actions: { act: () => void seen.push('act') } }),
    )
    const commits = slowCommits(life)
    let service = await life.start()
    commits.hold()
    void service.send({ type: 'GO' }, { key: 'k' }).catch(() => {})
    await settle()
    life.kill()
    await commits.go()
    expect(seen).toEqual([])
    service = await life.start()
    await service.send({ type: 'GO' }, { key: 'k' })
    expect(seen).toEqual(['act'])
  })

  test('outside work that ended before it could begin never begins, and hears nothing', async () => {
    const seen: string[] = []
    const ear = fromCallback(({ receive }) => {
      seen.push('starts')
      receive(() => void seen.push('told'))
      return () => void seen.push('cleans up')
    })
    const machine = make(
      {
        initial: 'off',
        states: {
          off: { on: { ON: 'on' } },
          on: {
            invoke: { src: 'ear', id: 'ear' },
            entry: sendTo('ear', { type: 'TELL' }),
            on: { OFF: 'off' },
          },
        },
      },
      { actors: { ear } },
    )
    const life = lifeOf(machine)
    const commits = slowCommits(life)
    const service = await life.start()
    commits.hold()
    void service.send({ type: 'ON' })
    void service.send({ type: 'OFF' })
    await settle()
    await commits.go()
    expect(seen).toEqual([])
    expect(service.getSnapshot().value).toBe('running')
  })
})

describe('emitted events', () => {
  test('reach listeners of root and children, though the actor ended in that transition', async () => {
    const child = make({
      initial: 'a',
      states: {
        a: { on: { END: { target: 'b', actions: emit({ type: 'BYE', of: 'child' }) } } },
        b: { type: 'final' },
      },
    })
    const life = lifeOf(
      make(
        {
          invoke: { src: 'child', id: 'kid' },
          initial: 'a',
          states: {
            a: {
              on: {
                CHILD: { actions: sendTo('kid', { type: 'END' }) },
                END: { target: 'b', actions: emit({ type: 'BYE', of: 'root' }) },
              },
            },
            b: { type: 'final' },
          },
        },
        { actors: { child } },
      ),
    )
    const service = await life.start()
    const heard: unknown[] = []
    service.machine.on('BYE', (event) => void heard.push(event))
    service.machine.on('OTHER' as never, () => void heard.push('other'))
    service.machine.getSnapshot().children.kid?.on('*', (event: unknown) => void heard.push(event))
    await service.send({ type: 'CHILD' })
    await service.send({ type: 'END' })
    await settle()
    expect(heard).toEqual([
      { type: 'BYE', of: 'child' },
      { type: 'BYE', of: 'root' },
    ])
    expect(service.getSnapshot().value).toBe('done')
  })

  test('a listener that throws stops nothing', async () => {
    const thrown = surfaced()
    const seen: string[] = []
    const machine = make(
      { on: { GO: { actions: [emit({ type: 'OUT' }), 'act'] } } },
      { actions: { act: () => void seen.push('act') } },
    )
    const service = await lifeOf(machine).start()
    service.machine.on('*', () => {
      throw new Error('listener')
    })
    service.machine.on('*', () => void seen.push('heard'))
    await service.send({ type: 'GO' })
    await settle()
    expect(seen.sort()).toEqual(['act', 'heard'])
    expect(thrown).toEqual([new Error('listener')])
    expect(service.getSnapshot().value).toBe('running')
  })
})

describe('callbacks with a cleanup', () => {
  function counted() {
    const log: string[] = []
    let n = 0
    const ear = fromCallback(({ receive, sendBack }) => {
      const own = ++n
      log.push(`start ${own}`)
      receive((event) => void log.push(`${event.type} ${own}`))
      sendBack({ type: 'UP' })
      return () => void log.push(`end ${own}`)
    })
    const machine = make(
      {
        context: { ups: 0 },
        initial: 'on',
        on: { UP: { actions: assign({ ups: ({ context }: Config) => context.ups + 1 }) } },
        states: {
          on: {
            invoke: [
              { src: 'ear', id: 'ear' },
              { src: 'child', id: 'kid' },
            ],
            on: {
              OFF: 'off',
              AGAIN: { target: 'on', reenter: true },
              TELL: { actions: sendTo('ear', { type: 'TELL' }) },
            },
          },
          off: { on: { ON: 'on', END: 'end' } },
          end: { type: 'final' },
        },
      },
      { actors: { ear, child: make({ invoke: { src: 'ear', id: 'inner' } }, { actors: { ear } }) } },
    )
    /** Each start has one end after it, and nothing is told to one that has ended. */
    const check = (open: number) => {
      const living = new Set<string>()
      const ended = new Set<string>()
      for (const line of log) {
        const [what = '', own = ''] = line.split(' ')
        if (what === 'start') living.add(own)
        else expect([line, living.has(own)]).toEqual([line, true])
        if (what === 'end') {
          expect(ended.has(own)).toBe(false)
          living.delete(own)
          ended.add(own)
        }
      }
      expect(living.size).toBe(open)
    }
    return { machine, log, check }
  }

  test('each start has exactly one end, over leaving, entering again, pause and resume', async () => {
    const { machine, check } = counted()
    const service = await lifeOf(machine).start()
    check(2)
    await service.send({ type: 'TELL' })
    await service.send({ type: 'AGAIN' })
    check(2)
    await service.pause()
    check(0)
    await service.resume()
    await settle()
    check(2)
    await service.send({ type: 'OFF' })
    check(0)
    await service.pause()
    await service.resume()
    check(0)
    await service.send({ type: 'ON' })
    check(2)
    await service.stop()
    check(0)
  })

  test('over a kill the new life starts its own; the end of the machine ends them all', async () => {
    const { machine, log, check } = counted()
    const life = lifeOf(machine)
    await life.start()
    // The old life’s callbacks died with their process.
    log.length = 0
    const service = await life.restart()
    check(2)
    await service.send({ type: 'OFF' })
    await service.send({ type: 'END' })
    await settle()
    check(0)
    expect(service.getSnapshot().value).toBe('done')
  })

  test('a machine that ends with callbacks running cleans up each of them once', async () => {
    const log: string[] = []
    const ear = fromCallback(() => () => void log.push('end'))
    const child = make({ invoke: { src: 'ear', id: 'ear' } }, { actors: { ear } })
    const machine = make(
      {
        invoke: [
          { src: 'ear', id: 'ear' },
          { src: 'child', id: 'kid' },
        ],
        initial: 'a',
        states: { a: { on: { END: 'b' } }, b: { type: 'final' } },
      },
      { actors: { ear, child } },
    )
    const service = await lifeOf(machine).start()
    await service.send({ type: 'END' })
    await settle()
    expect(log).toEqual(['end', 'end'])
    expect(service.getSnapshot().value).toBe('done')
  })

  test('that fail at their start or in what they are told fail themselves, and their machine hears of it', async () => {
    for (const when of ['start', 'told'] as const) {
      const ear = fromCallback(({ receive }) => {
        if (when === 'start') throw new Error('boom')
        receive(() => {
          throw new Error('boom')
        })
      })
      const machine = make(
        {
          initial: 'off',
          states: {
            off: { on: { ON: 'on' } },
            on: {
              invoke: { src: 'ear', id: 'ear', onError: 'failed' },
              on: { TELL: { actions: sendTo('ear', { type: 'TELL' }) } },
            },
            failed: {},
          },
        },
        { actors: { ear } },
      )
      const life = lifeOf(machine)
      const service = await life.start()
      await service.send({ type: 'ON' })
      await service.send({ type: 'TELL' })
      await service.settled()
      expect([when, service.machine.getSnapshot().value]).toEqual([when, 'failed'])
      expect(life.failures).toEqual([])
    }
  })
})

describe('promises and observables', () => {
  test('a promise that was under way runs again under its key; one that had ended does not', async () => {
    const keys: (string | undefined)[] = []
    const ends: (() => void)[] = []
    const work = fromPromise(() => {
      keys.push(effectKey())
      return new Promise<void>((resolve) => ends.push(resolve))
    })
    const machine = make(
      { initial: 'on', states: { on: { invoke: { src: 'work', id: 'w', onDone: 'off' } }, off: {} } },
      { actors: { work } },
    )
    const life = lifeOf(machine)
    await life.start()
    let service = await life.restart()
    await service.pause()
    await service.resume()
    await settle()
    expect(keys).toEqual([keys[0], keys[0], keys[0]])
    expect(keys[0]).toMatch(/^effects\/life\/lfls_1\/1\/\d+$/)
    // The ends of earlier runs are nobody’s.
    ends[0]?.()
    ends[1]?.()
    await settle()
    expect(service.machine.getSnapshot().value).toBe('on')
    ends[2]?.()
    await settle()
    expect(service.machine.getSnapshot().value).toBe('off')
    service = await life.restart()
    expect(keys).toHaveLength(3)
  })

  test('a promise’s signal is aborted when its machine leaves it, and at a pause', async () => {
    const signals: AbortSignal[] = []
    const work = fromPromise(({ signal }) => {
      signals.push(signal)
      return new Promise<void>(() => {})
    })
    const machine = make(
      { initial: 'on', states: { on: { invoke: { src: 'work', id: 'w' }, on: { OFF: 'off' } }, off: {} } },
      { actors: { work } },
    )
    const service = await lifeOf(machine).start()
    await service.pause()
    expect(signals[0]?.aborted).toBe(true)
    await service.resume()
    await settle()
    expect(signals[1]?.aborted).toBe(false)
    await service.send({ type: 'OFF' })
    expect(signals[1]?.aborted).toBe(true)
  })

  test('an observable is subscribed to again in every life, and unsubscribed from at its end', async () => {
    let open = 0
    let next: (value: number) => void = () => {}
    const ticks = fromObservable(
      () =>
        ({
          subscribe: (observer: { next(value: number): void }) => {
            open++
            next = (value) => observer.next(value)
            return { unsubscribe: () => void open-- }
          },
        }) as never,
    )
    const machine = make(
      {
        context: { sum: 0 },
        initial: 'on',
        states: {
          on: {
            invoke: {
              src: 'ticks',
              id: 't',
              onSnapshot: {
                actions: assign({
                  sum: ({ context, event }: Config) => context.sum + (event.snapshot.context ?? 0),
                }),
              },
            },
            on: { OFF: 'off' },
          },
          off: {},
        },
      },
      { actors: { ticks } },
    )
    const life = lifeOf(machine)
    const service = await life.start()
    next(3)
    next(4)
    await service.pause()
    expect(open).toBe(0)
    await service.resume()
    await settle()
    expect(open).toBe(1)
    expect(service.machine.getSnapshot().context.sum).toBe(7)
    next(10)
    await service.send({ type: 'OFF' })
    expect([open, service.machine.getSnapshot().context.sum]).toEqual([0, 17])
  })
})

describe('what is owed after a crash', () => {
  /** Killed when the transition is durable and none of its effects has run. */
  async function cutOff(machine: AnyStateMachine, event = { type: 'GO' }) {
    const life = lifeOf(machine)
    await life.cutOff(await life.start(), event)
    return life
  }

  test('named actions run, with what they saw: event, parameters and context of that moment', async () => {
    const seen: unknown[] = []
    const machine = make(
      {
        context: { n: 1 },
        on: {
          GO: {
            actions: [
              { type: 'act', params: { at: new Date(5) } },
              assign({ n: 2 }),
              { type: 'act', params: ({ context }: Config) => ({ n: context.n }) },
              assign({ n: 3 }),
            ],
          },
        },
      },
      {
        actions: {
          act: ({ context, event }: Config, params: unknown) =>
            void seen.push([context.n, event, params, effectKey()]),
        },
      },
    )
    const life = await cutOff(machine, { type: 'GO', with: new Set([1]) } as never)
    expect(seen).toEqual([])
    await life.start()
    const event = { type: 'GO', with: new Set([1]) }
    const [first, second] = seen as unknown[][]
    expect(first?.slice(0, 3)).toEqual([1, event, { at: new Date(5) }])
    expect(second?.slice(0, 3)).toEqual([2, event, { n: 2 }])
    expect(new Set([first?.[3], second?.[3]]).size).toBe(2)
    await settle()
    await life.restart()
    expect(seen).toHaveLength(2)
  })

  test('an action written in place cannot, and a warning says so; the others run', async () => {
    const seen: string[] = []
    const machine = make(
      { on: { GO: { actions: [() => void seen.push('inline'), 'act'] } } },
      { actions: { act: () => void seen.push('act') } },
    )
    const life = await cutOff(machine)
    const service = await life.start()
    expect(seen).toEqual(['act'])
    expect(life.warnings).toMatchObject([{ code: 'UNRUNNABLE_EFFECT', service: 'effects', key: 'life' }])
    expect(service.getSnapshot().value).toBe('running')
    await service.settled()
    await life.restart()
    expect(life.warnings).toHaveLength(1)
  })

  test('log lines are printed, emitted events told, messages to callbacks delivered', async () => {
    const seen: string[] = []
    const print = vi.spyOn(console, 'log').mockImplementation((...args) => void seen.push(args.join(' ')))
    const machine = make(
      {
        invoke: { src: 'ear', id: 'ear' },
        on: {
          GO: {
            actions: [
              log('line', 'label'),
              log('bare'),
              emit({ type: 'OUT' }),
              sendTo('ear', { type: 'TELL' }),
            ],
          },
        },
      },
      {
        actors: { ear: fromCallback(({ receive }) => receive(({ type }) => void seen.push(`told ${type}`))) },
      },
    )
    const life = await cutOff(machine)
    expect(seen).toEqual([])
    await life.start()
    print.mockRestore()
    expect(seen).toEqual(['label line', 'bare', 'told TELL'])
    expect(life.warnings).toEqual([])
  })

  test('the actions of a child are the child’s', async () => {
    const seen: unknown[] = []
    const child = make(
      { context: { own: 7 }, on: { GO: { actions: 'act' } } },
      { actions: { act: ({ context, self }: Config) => void seen.push([context.own, self.id]) } },
    )
    const machine = make(
      { invoke: { src: 'child', id: 'kid' }, on: { GO: { actions: sendTo('kid', { type: 'GO' }) } } },
      { actors: { child }, actions: { act: () => void seen.push('the root’s') } },
    )
    const life = await cutOff(machine)
    await life.start()
    expect(seen).toEqual([[7, 'kid']])
  })

  test('what an action hears of a child machine is the child’s snapshot, as data', async () => {
    const seen: unknown[] = []
    const child = make({
      context: { at: new Map([['k', 1n]]) },
      initial: 'idle',
      states: { idle: { on: { GO: 'busy' } }, busy: { tags: 'working' } },
    })
    const machine = make(
      {
        invoke: { src: 'child', id: 'kid', onSnapshot: { actions: 'hear' } },
        on: { GO: { actions: sendTo('kid', { type: 'GO' }) } },
      },
      {
        actors: { child },
        actions: {
          hear: ({ event }: Config) => {
            const { status, value, context, tags } = event.snapshot
            seen.push({ status, value, context, tags: [...tags] })
          },
        },
      },
    )
    const life = await cutOff(machine)
    seen.length = 0
    const service = await life.start()
    const busy = { status: 'active', value: 'busy', context: { at: new Map([['k', 1n]]) }, tags: ['working'] }
    expect(seen).toEqual([busy])
    expect(service.getSnapshot().value).toBe('running')
    expect(life.failures).toEqual([])
  })
})
