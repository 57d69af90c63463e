import { DefinitionError, defineService, type ServiceOptions } from 'tardigrade'
import { describe, expect, test } from 'vitest'
import {
  type AnyStateMachine,
  and,
  assign,
  cancel,
  createMachine,
  emit,
  enqueueActions,
  fromPromise,
  log,
  not,
  or,
  raise,
  sendTo,
  setup,
  spawnChild,
  stateIn,
  stopChild,
} from 'xstate'
import type { Finding } from '../../src/errors/definition.js'
import { machine, work } from './untyped-machine.js'

function findings(options: Partial<ServiceOptions<AnyStateMachine>> & { machine: AnyStateMachine }): {
  errors: readonly Finding[]
  warnings: readonly Finding[]
} {
  try {
    return { errors: [], warnings: defineService({ id: 'case', version: 1, ...options }).warnings }
  } catch (error) {
    if (error instanceof DefinitionError) return { errors: error.findings, warnings: [] }
    throw error
  }
}

const brief = (list: readonly Finding[]) => list.map(({ rule, path }) => `${rule} at ${path}`)
const errorsOf = (of: AnyStateMachine) => brief(findings({ machine: of }).errors)
const warningsOf = (of: AnyStateMachine) => {
  const { errors, warnings } = findings({ machine: of })
  expect(brief(errors)).toEqual([])
  return brief(warnings)
}

describe('actor logic', () => {
  test.each<[string, AnyStateMachine, string]>([
    ['at the root', machine({ invoke: { src: fromPromise(async () => 1) } }), 'invoke[0].src'],
    [
      'the second of several, in a nested state',
      machine({
        initial: 'a',
        states: {
          a: {
            initial: 'b',
            states: {
              b: {
                invoke: [
                  { src: 'work', id: 'one' },
                  { src: work, id: 'two' },
                ],
              },
            },
          },
        },
      }),
      'states.a.states.b.invoke[1].src',
    ],
    ['spawned', machine({ entry: spawnChild(work, { id: 'w' }) }), 'entry'],
  ])('written in place is refused: %s', (_, of, path) => {
    expect(errorsOf(of)).toEqual([`unnamed-actor at ${path}`])
  })

  test.each<[string, AnyStateMachine, string]>([
    [
      'invoked',
      machine({ initial: 'a', states: { a: { invoke: { src: 'lost' } } } }),
      'states.a.invoke[0].src',
    ],
    [
      'spawned in a transition',
      machine({ on: { GO: { actions: spawnChild('lost', { id: 'x' }) } } }),
      'on["GO"].actions',
    ],
    [
      'spawned by the second action of the second branch',
      machine(
        {
          on: { GO: [{ guard: () => false }, { actions: ['tell', spawnChild('lost', { id: 'x' })] }] },
        },
        { actions: { tell: () => {} } },
      ),
      'on["GO"][1].actions[1]',
    ],
    [
      'spawned by an action of setup',
      machine({}, { actions: { go: spawnChild('lost', { id: 'x' }) } }),
      'actions.go',
    ],
    ['a name that every object has', machine({ invoke: { src: 'toString' } }), 'invoke[0].src'],
  ])('whose name is nowhere is refused: %s', (_, of, path) => {
    expect(errorsOf(of)).toEqual([`missing-actor at ${path}`])
  })

  test.each<[string, AnyStateMachine, string]>([
    ['on entry', machine({ entry: spawnChild('work') }), 'entry'],
    ['on exit', machine({ initial: 'a', states: { a: { exit: [spawnChild('work')] } } }), 'states.a.exit'],
    ['in always', machine({ always: { guard: () => false, actions: spawnChild('work') } }), 'always.actions'],
    ['in after', machine({ after: { 10: { actions: spawnChild('work') } } }), 'after["10"].actions'],
    [
      'in onDone of a state',
      machine({
        initial: 'a',
        states: {
          a: {
            initial: 'b',
            states: { b: { type: 'final' } },
            onDone: { actions: spawnChild('work') },
          },
        },
      }),
      'states.a.onDone.actions',
    ],
    [
      'in onError of an invocation',
      machine({ invoke: { src: 'work', onError: [{ actions: spawnChild('work') }] } }),
      'invoke[0].onError.actions',
    ],
    [
      'in onSnapshot of an invocation',
      machine({ invoke: { src: 'work', onSnapshot: { actions: spawnChild('work') } } }),
      'invoke[0].onSnapshot.actions',
    ],
    [
      'in an initial transition',
      machine({ initial: { target: 'a', actions: spawnChild('work') }, states: { a: {} } }),
      'initial.actions',
    ],
    ['as an action of setup', machine({}, { actions: { go: spawnChild('work') } }), 'actions.go'],
  ])('spawned without an id is refused: %s', (_, of, path) => {
    expect(errorsOf(of)).toEqual([`spawn-without-id at ${path}`])
  })
})

describe('actions', () => {
  test.each(['xstate.raise', 'tardigrade.task.done'])('the name %s is reserved', (name) => {
    expect(errorsOf(machine({ entry: { type: name } }))).toEqual(['reserved-name at entry'])
    expect(errorsOf(machine({ exit: name }, { actions: { [name]: () => {} } }))).toContain(
      'reserved-name at exit',
    )
  })

  test('an action written in place is warned of, wherever it stands', () => {
    const of = machine({
      entry: () => {},
      on: { GO: { actions: [assign({}), () => {}] } },
      initial: 'a',
      states: { a: { exit: function named() {} } },
    })
    expect(warningsOf(of)).toEqual([
      'inline-action at entry',
      'inline-action at on["GO"].actions[1]',
      'inline-action at states.a.exit',
    ])
  })

  test('a name that leads nowhere is warned of', () => {
    expect(warningsOf(machine({ entry: ['lost', { type: 'gone', params: { n: 1 } }] }))).toEqual([
      'missing-action at entry[0]',
      'missing-action at entry[1]',
    ])
    expect(warningsOf(machine({ entry: 'toString' }))).toEqual(['missing-action at entry'])
  })
})

describe('guards', () => {
  test.each<[string, AnyStateMachine, string]>([
    ['a name', machine({ on: { GO: { guard: 'lost' } } }), 'on["GO"].guard'],
    [
      'a name with parameters, in the second branch',
      machine({ always: [{ guard: () => false }, { guard: { type: 'lost', params: {} } }] }),
      'always[1].guard',
    ],
    [
      'in onDone of an invocation',
      machine({ initial: 'a', states: { a: { invoke: { src: 'work', onDone: { guard: 'lost' } } } } }),
      'states.a.invoke[0].onDone.guard',
    ],
    ['a name that every object has', machine({ on: { GO: { guard: 'valueOf' } } }), 'on["GO"].guard'],
    [
      'inside and, or, not',
      machine({ on: { GO: { guard: and([() => true, or([not('lost')])]) } } }),
      'on["GO"].guard.guards[1].guards[0].guards[0]',
    ],
    ['inside a guard of setup', machine({}, { guards: { both: and(['lost']) } }), 'guards.both.guards[0]'],
  ])('that are nowhere are refused: %s', (_, of, path) => {
    expect(errorsOf(of)).toEqual([`missing-guard at ${path}`])
  })
})

describe('delays', () => {
  test.each<[string, AnyStateMachine, string]>([
    [
      'of after',
      machine({ initial: 'a', states: { a: { after: { soon: 'a' } } } }),
      'states.a.after["soon"]',
    ],
    ['of raise', machine({ entry: raise({ type: 'X' }, { delay: 'soon' as never }) }), 'entry'],
    [
      'of sendTo',
      machine({
        invoke: { src: 'work', id: 'w' },
        exit: [sendTo('w', { type: 'X' }, { delay: 'soon' as never })],
      }),
      'exit',
    ],
    [
      'of an action of setup',
      machine({}, { actions: { later: raise({ type: 'X' }, { delay: 'soon' as never }) } }),
      'actions.later',
    ],
    // XState looks a raise's text up among the delays whatever it looks like, and finds none.
    [
      'of raise, a number in quotes',
      machine({ entry: raise({ type: 'X' }, { delay: '500' as never }) }),
      'entry',
    ],
    ['a name that every object has', machine({ after: { toString: {} } }), 'after["toString"]'],
  ])('that are nowhere are refused: %s', (_, of, path) => {
    expect(errorsOf(of)).toEqual([`missing-delay at ${path}`])
  })
})

describe('ids', () => {
  test.each(['__proto__', 'constructor', 'prototype', ''])('“%s” is no id for an actor', (id) => {
    expect(errorsOf(machine({ invoke: { src: 'work', id } }))).toEqual(['reserved-id at invoke[0].id'])
    expect(errorsOf(machine({ entry: spawnChild('work', { id }) }))).toEqual(['reserved-id at entry'])
  })

  test('a state with a reserved name is refused', () => {
    expect(errorsOf(machine({ initial: 'a', states: { a: {}, constructor: {} } }))).toEqual([
      'reserved-id at states.constructor',
    ])
  })

  const twice = { src: 'work', id: 'twin' }
  test.each<[string, AnyStateMachine, string]>([
    ['in one state', machine({ invoke: [twice, twice] }), 'invoke[1].id'],
    [
      'in a state and one inside it',
      machine({
        initial: 'a',
        states: { a: { invoke: twice, initial: 'b', states: { b: { invoke: twice } } } },
      }),
      'states.a.states.b.invoke[0].id',
    ],
    [
      'in two regions, deep',
      machine({
        type: 'parallel',
        states: {
          l: { initial: 'a', states: { a: { invoke: twice } } },
          r: { initial: 'b', states: { b: { initial: 'c', states: { c: { invoke: twice } } } } },
        },
      }),
      'states.r.states.b.states.c.invoke[0].id',
    ],
  ])('that two actors would share at once are refused: %s', (_, of, path) => {
    expect(errorsOf(of)).toEqual([`duplicate-id at ${path}`])
  })

  test('system ids that two actors would share at once are refused', () => {
    const of = machine({
      type: 'parallel',
      states: {
        l: { invoke: { src: 'work', id: 'l', systemId: 'one' } },
        r: { invoke: { src: 'work', id: 'r', systemId: 'one' } },
      },
    })
    expect(errorsOf(of)).toEqual(['duplicate-id at states.r.invoke[0].systemId'])
  })

  const spawn = spawnChild('work', { id: 'twin', systemId: 'twin' })
  test.each<[string, AnyStateMachine, readonly string[]]>([
    ['and invokes', machine({ entry: spawn, invoke: twice }), ['duplicate-id at invoke[0].id']],
    [
      'twice',
      machine({ entry: [spawn, spawn] }),
      ['duplicate-id at entry[1].id', 'duplicate-id at entry[1].systemId'],
    ],
    ['after it has stopped one', machine({ entry: [spawn, stopChild('twin'), spawn] }), []],
    ['where another state has', machine({ entry: spawn, initial: 'a', states: { a: { entry: spawn } } }), []],
  ])('that a state spawns as it is entered %s', (_, of, expected) => {
    expect(errorsOf(of)).toEqual(expected)
  })

  test('states that exclude one another may use the same ids', () => {
    const shared = { src: 'work', id: 'twin', systemId: 'twin' }
    const of = machine({
      initial: 'a',
      states: {
        a: { invoke: shared },
        b: { type: 'parallel', states: { l: { invoke: shared }, r: {} } },
        c: { initial: 'd', states: { d: { invoke: shared }, e: { invoke: shared } } },
      },
    })
    expect(warningsOf(of)).toEqual([])
  })
})

describe('options', () => {
  const idle = machine({ initial: 'a', states: { a: {} } })
  const broken = (options: object) =>
    brief(findings({ machine: idle, ...options } as Parameters<typeof findings>[0]).errors)

  test('all that is missing is told at once, beside what is wrong', () => {
    // Whoever writes plain JavaScript has no type that tells.
    const refusal = (options: object) => {
      try {
        return defineService(options as Parameters<typeof defineService>[0])
      } catch (error) {
        return (error as DefinitionError).message
      }
    }
    expect(refusal({ pauseOn: 5, timers: { soon: 'later' } })).toBe(
      [
        'The service without an id cannot be defined:',
        '  id: It is undefined. Give a name that never changes.',
        '  version: It is undefined. Give a whole number, 1 or more.',
        '  machine: It is undefined. Give what XState’s createMachine returns.',
        '  pauseOn: It is 5. Give a list of names of interruptions.',
        '  timers.soon: “later” is no policy for timers. Use “deadline”, “remaining” or “restart”.',
        ' Mend each as it says.',
      ].join('\n'),
    )
    expect(refusal({ id: '', version: 1, machine: idle, versoin: 1 })).toBe(
      [
        'The service without an id cannot be defined:',
        '  id: It is "". Give a name that never changes.',
        '  versoin: There is no option versoin. Give id, version, machine, pauseOn, timers, migrations, classes, allow, resumedEvent, deadlineMs, rememberEventKeys, maxPendingEvents.',
        ' Mend each as it says.',
      ].join('\n'),
    )
  })

  test.each([{ id: '' }, { id: 5 }, { id: undefined }])('%j is no id', (options) => {
    expect(broken(options)).toEqual(['option at id'])
  })

  test.each([0, -1, 1.5, Number.NaN, '1', undefined, 2 ** 53])('%s is no version', (version) => {
    expect(broken({ version })).toEqual(['option at version'])
  })

  test.each([undefined, null, {}, { root: 1 }, () => {}, fromPromise(async () => 1)])(
    '%o is no machine',
    (value) => {
      expect(broken({ machine: value })).toEqual(['option at machine'])
    },
  )

  test('a migration that leads nowhere is refused', () => {
    const same = (snapshot: never) => snapshot
    const migrations = { 0: same, 1: same, 2: same, 3: same, x: same, 1.5: same }
    expect(new Set(broken({ version: 3, migrations }))).toEqual(
      new Set([
        'migrations at migrations[0]',
        'migrations at migrations[3]',
        'migrations at migrations[x]',
        'migrations at migrations[1.5]',
      ]),
    )
  })

  test.each<[string, unknown, string[]]>([
    ['a text that is none', 'sooner', ['timers at timers']],
    ['null', null, ['timers at timers']],
    ['one of several', { default: 'restart', 5: 'later' }, ['timers at timers.5']],
  ])('a policy for timers must be one of the three: %s', (_, timers, expected) => {
    expect(broken({ timers }).filter((finding) => !finding.startsWith('unknown-timer'))).toEqual(expected)
  })

  test('a number must be what its name says', () => {
    const numbers = { deadlineMs: Number.NaN, rememberEventKeys: -1, maxPendingEvents: 0 }
    expect(broken(numbers)).toEqual([
      'option at deadlineMs',
      'option at rememberEventKeys',
      'option at maxPendingEvents',
    ])
    const most = Number.POSITIVE_INFINITY
    expect(broken({ deadlineMs: 0, rememberEventKeys: 0, maxPendingEvents: most })).toEqual([])
  })

  test.each<[object, string]>([
    [{ pauseOnn: ['offline'] }, 'unknown-option at pauseOnn'],
    [{ toString: 1 }, 'unknown-option at toString'],
    [{ pauseOn: 'offline' }, 'option at pauseOn'],
    [{ pauseOn: [''] }, 'option at pauseOn'],
    [{ allow: ['foo'] }, 'option at allow'],
    [{ allow: 'url' }, 'option at allow'],
    [{ classes: { Money: 'Money' } }, 'option at classes'],
    [{ classes: 5 }, 'option at classes'],
    [{ version: 2, migrations: { 1: 'same' } }, 'option at migrations'],
    [{ resumedEvent: 5 }, 'option at resumedEvent'],
    [{ resumedEvent: '' }, 'option at resumedEvent'],
  ])('%j says nothing, and is refused', (options, expected) => {
    expect(broken(options)).toEqual([expected])
  })

  test.each([undefined, null, 'lamp'])('%s are no options', (options) => {
    expect(() => defineService(options as never)).toThrow(DefinitionError)
  })

  test('an interruption spelt otherwise than platforms do is warned of; names of its own are let through', () => {
    const { warnings } = findings({ machine: idle, pauseOn: ['lowBattery', 'OFFLINE', 'offline', 'lunch'] })
    expect(brief(warnings)).toEqual(['unknown-interruption at pauseOn', 'unknown-interruption at pauseOn'])
    expect(warnings.map(({ remedy }) => remedy)).toEqual([
      'Write “low-battery”, if that is meant.',
      'Write “offline”, if that is meant.',
    ])
  })

  test.each([
    ['low-batery', 'low-battery'],
    ['ofline', 'offline'],
    ['backgruond', 'background'],
  ])('“%s”, with a letter too few or in another place, is warned of', (name, meant) => {
    const { warnings } = findings({ machine: idle, pauseOn: [name] })
    expect(warnings.map(({ remedy }) => remedy)).toEqual([`Write “${meant}”, if that is meant.`])
  })

  test.each(['online', 'battery', 'user', 'maintenance'])('“%s” is a name of an author’s own', (name) => {
    expect(findings({ machine: idle, pauseOn: [name] }).warnings).toEqual([])
  })

  test('a policy for a timer that nobody sees is warned of', () => {
    const child = machine({ entry: raise({ type: 'X' }, { delay: 5, id: 'ring' }) })
    const of = machine(
      {
        after: { 500: {}, nap: {} },
        entry: sendTo('c', { type: 'X' }, { delay: 1, id: 'tell' }),
        invoke: { src: 'child', id: 'c' },
      },
      { actors: { child }, delays: { nap: 10 } },
    )
    const timers = {
      500: 'restart',
      nap: 'restart',
      ring: 'remaining',
      tell: 'deadline',
      default: 'deadline',
      typo: 'restart',
    } as const
    expect(brief(findings({ machine: of, timers }).warnings)).toEqual(['unknown-timer at timers.typo'])
  })
})

describe('the report', () => {
  test('holds every error at once, each with its path, its problem and its remedy, in words too', () => {
    const of = machine({
      entry: [spawnChild(work), 'xstate.mine'],
      on: { GO: { guard: 'lost' } },
      after: { soon: {} },
      invoke: [{ src: 'gone', id: 'constructor' }],
    })
    const { errors } = findings({ machine: of, id: '', version: 0 })
    expect(new Set(brief(errors))).toEqual(
      new Set([
        'option at id',
        'option at version',
        'unnamed-actor at entry[0]',
        'spawn-without-id at entry[0]',
        'missing-actor at invoke[0].src',
        'reserved-name at entry[1]',
        'missing-guard at on["GO"].guard',
        'missing-delay at after["soon"]',
        'reserved-id at invoke[0].id',
      ]),
    )
    expect(errors).toHaveLength(9)
    const { message } = new DefinitionError(errors)
    for (const { path, problem, remedy, level } of errors) {
      expect(level).toBe('error')
      expect(problem).toMatch(/\.$/)
      expect(remedy).toMatch(/\.$/)
      expect(message).toContain(`${path}: ${problem} ${remedy}`)
    }
  })

  test('errors alone stop a definition; warnings come with it', () => {
    const of = machine({ entry: ['lost', () => {}] })
    const definition = defineService({ id: 'case', version: 1, machine: of })
    expect(definition.warnings.map(({ level }) => level)).toEqual(['warning', 'warning'])
    for (const { remedy } of definition.warnings) expect(remedy).toContain('setup({ actions })')
  })

  test('leads into child machines, and into theirs', () => {
    const grandchild = machine({ initial: 'g', states: { g: { invoke: { src: 'lost' } } } })
    const child = machine({ on: { GO: { guard: 'lost' } } }, { actors: { grandchild } })
    expect(errorsOf(machine({}, { actors: { child } }))).toEqual([
      'missing-guard at actors.child.on["GO"].guard',
      'missing-actor at actors.child.actors.grandchild.states.g.invoke[0].src',
    ])
  })

  test('ends for a machine that can start itself', () => {
    const inner = machine(
      { entry: spawnChild('self', { id: 's' }), after: { soon: {} } },
      { actors: { self: work } },
    )
    inner.implementations.actors.self = inner
    expect(errorsOf(inner)).toEqual(['missing-delay at after["soon"]'])
  })
})

describe('what is sound is let through without a word', () => {
  const child = machine({ initial: 'a', states: { a: { type: 'final' } } })

  const sound: Record<string, AnyStateMachine> = {
    'guards: and, or, not, stateIn, with parameters': setup({
      guards: { yes: () => true, more: (_, params: { n: number }) => params.n > 1 },
    }).createMachine({
      initial: 'a',
      states: {
        a: {
          on: {
            A: { guard: and(['yes', not('yes'), or(['yes', () => true])]), target: 'b' },
            B: { guard: stateIn({ a: {} } as never), target: 'b' },
            C: { guard: { type: 'more', params: { n: 2 } }, target: 'b' },
            D: { guard: { type: 'more', params: () => ({ n: 2 }) }, target: 'b' },
            E: { guard: ({ context }) => context !== undefined, target: 'b' },
          },
        },
        b: {},
      },
    }),
    'wildcard and partial events': machine({
      on: { '*': '.a', 'some.*': ['.a', '.b'] },
      initial: 'a',
      states: { a: {}, b: {} },
    }),
    'actions with parameters': machine(
      { entry: [{ type: 'tell', params: { n: 1 } }, { type: 'tell', params: () => ({}) }, 'tell'] },
      { actions: { tell: () => {} } },
    ),
    'every builtin in place': machine({
      entry: [
        assign({}),
        raise({ type: 'X' }),
        raise({ type: 'X' }, { delay: () => 5 }),
        raise({ type: 'X' }, { delay: 5, id: 'x' }),
        sendTo('w', { type: 'X' }, { delay: () => 5 }),
        cancel('x'),
        emit({ type: 'X' }),
        log('x'),
        spawnChild('work', { id: 'fixed' }),
        spawnChild('work', { id: () => 'made' }),
        stopChild('fixed'),
        enqueueActions(({ enqueue }) => {
          enqueue.raise({ type: 'X' })
          enqueue.spawnChild('work', { id: 'y' })
        }),
      ],
      invoke: { src: 'work', id: 'w' },
    }),
    'builtins named in setup': machine(
      { entry: ['later', 'start', 'keep', { type: 'many', params: { n: 1 } }] },
      {
        actions: {
          later: raise({ type: 'X' }, { delay: 'nap' as never }),
          start: spawnChild('work', { id: 'w' }),
          keep: assign({}),
          many: enqueueActions(() => {}),
        },
        delays: { nap: 10 },
      },
    ),
    'delays as numbers, numeric text, names and functions': machine(
      {
        initial: 'a',
        states: { a: { after: { 10: 'b', '20': ['b'], nap: 'b', made: [{ target: 'b' }] } }, b: {} },
      },
      { delays: { nap: 10, made: () => 10 } },
    ),
    'a delayed event with any id, which is no actor’s': machine({
      entry: raise({ type: 'X' }, { delay: 5, id: 'constructor' }),
    }),
    'a delay of raise whose name is a number': machine(
      { entry: raise({ type: 'X' }, { delay: '500' as never }) },
      { delays: { 500: 500 } },
    ),
    'history states and lists of targets': machine({
      initial: 'p',
      states: {
        p: {
          type: 'parallel',
          states: {
            l: {
              initial: 'a',
              states: { a: {}, b: {}, h: { type: 'history', history: 'deep', target: 'b' } },
            },
            r: { initial: 'c', states: { c: {}, d: {} } },
          },
          on: { GO: { target: ['.l.b', '.r.d'] } },
        },
      },
    }),
    'an invocation with lists in place': machine(
      {
        initial: 'a',
        states: {
          a: {
            invoke: {
              src: 'child',
              input: () => ({}),
              onDone: [
                { guard: 'yes', target: 'b' },
                { target: 'b', actions: 'tell' },
              ],
              onError: 'b',
              onSnapshot: { actions: assign({}) },
            },
          },
          b: {},
        },
      },
      { actors: { child }, guards: { yes: () => true }, actions: { tell: () => {} } },
    ),
    'a machine without setup, provided later': createMachine({
      invoke: { src: 'late', id: 'late' },
      entry: ['tell'],
      on: { GO: { guard: 'yes' } },
      after: { nap: { actions: 'tell' } },
    }).provide({
      actors: { late: work },
      actions: { tell: () => {} },
      guards: { yes: () => true },
      delays: { nap: 10 },
    } as never),
  }

  test.each(Object.entries(sound))('%s', (_, of) => {
    expect(warningsOf(of)).toEqual([])
  })
})

test('a state whose key is empty is the author’s own matter', () => {
  const quiet = machine({ initial: 'on', states: { on: {}, '': {} } })
  expect(() => defineService({ id: 'quiet', version: 1, machine: quiet })).not.toThrow()
})

test('timers of a machine that stands under two names are known, and looked at once', () => {
  const inner = setup({ delays: { soon: 5 } }).createMachine({
    initial: 'a',
    states: { a: { after: { soon: 'b' } }, b: {} },
  })
  const outer = machine({ invoke: { src: 'one', id: 'one' } }, { actors: { one: inner, two: inner } })
  const told = (timers: { readonly [name: string]: 'remaining' }) =>
    defineService({ id: 'outer', version: 1, machine: outer, timers }).warnings.map(({ path }) => path)
  expect(told({ soon: 'remaining' })).toEqual([])
  expect(told({ later: 'remaining' })).toEqual(['timers.later'])
})
