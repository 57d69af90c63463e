import { DefinitionError, defineService, type ServiceOptions } from 'tardigrade'
import { expect, test } from 'vitest'
import { type AnyStateMachine, and, createMachine, raise, setup, spawnChild, stopChild } from 'xstate'
import type { Finding } from '../../src/errors/definition.js'
import { machine, work } from './untyped-machine.js'

/** Each finding as the author reads it. */
const told = (findings: readonly Finding[]) =>
  findings.map(({ level, rule, path, problem, remedy }) => `${level} ${rule} ${path}: ${problem} → ${remedy}`)

function errorsOf(options: object | undefined): { service: string | undefined; told: string[] } {
  try {
    // The point is options that do not type-check.
    defineService(options as never)
  } catch (error) {
    if (error instanceof DefinitionError) return { service: error.service, told: told(error.findings) }
    throw error
  }
  throw new Error('It was taken.')
}

/** Everything that preflight looks at, as it should be. */
function sound(): AnyStateMachine {
  const child = setup({ actors: { work } }).createMachine({ invoke: { src: 'work', id: 'inner' } })
  return setup({
    actors: { work, child },
    actions: { tell: () => {}, begin: spawnChild('child', { id: 'named' }), end: stopChild('named') },
    guards: { yes: () => true, both: and(['yes', 'yes']) },
    delays: { nap: 10 },
  }).createMachine({
    id: 'sound',
    initial: 'a',
    context: {},
    states: {
      a: {
        entry: ['tell', spawnChild('work', { id: 'one', systemId: 'the-one' })],
        exit: 'tell',
        invoke: { src: 'work', id: 'two', onDone: { target: 'b', actions: 'tell' } },
        after: { nap: { target: 'b', guard: 'yes' }, 100: 'b' },
        on: {
          GO: [
            { target: 'b', guard: and(['yes', 'both']), actions: raise({ type: 'NEXT' }, { delay: 'nap' }) },
            'b',
          ],
        },
        always: { guard: 'both', target: 'b' },
      },
      b: { entry: ['begin', 'end'], initial: 'x', states: { x: {}, h: { type: 'history' } } },
    },
  })
}

test('of a sound definition nothing is told at all', () => {
  const options = {
    id: 'sound',
    version: 2,
    machine: sound(),
    pauseOn: ['offline', 'my-own'],
    timers: { nap: 'remaining', 100: 'restart', one: 'deadline', default: 'restart' },
    migrations: { 1: (snapshot: never) => snapshot },
    allow: ['regexp', 'url'],
    classes: undefined,
  } as unknown as ServiceOptions<AnyStateMachine>
  expect(defineService(options).warnings).toEqual([])
})

test('every warning says where, what and what to do', () => {
  const of = machine({
    initial: 'a',
    states: { a: { entry: [() => {}, 'gone'], invoke: { src: 'work', id: 'w' } } },
  })
  const options = { id: 'w', version: 1, machine: of, pauseOn: ['off-line'], timers: { snooze: 'restart' } }
  expect(told(defineService(options as unknown as ServiceOptions<AnyStateMachine>).warnings)).toEqual([
    'warning unknown-interruption pauseOn: No platform names an interruption “off-line”. → Write “offline”, if that is meant.',
    'warning unknown-timer timers.snooze: No delay or delayed event that can be seen here is named “snooze”. → Use a delay’s name, the id of a delayed raise or sendTo, or `default`.',
    'warning inline-action states.a.entry[0]: An action written in place works, but cannot be run again when a crash cut it off. → Name it in setup({ actions }) and refer to it by that name.',
    'warning missing-action states.a.entry[1]: No action is named “gone”, so nothing will happen. → Give it in setup({ actions }).',
  ])
})

test('every error of options says where, what and what to do, and of which service', () => {
  const of = createMachine({})
  expect(errorsOf(undefined)).toEqual({
    service: undefined,
    told: ['error option options: It is undefined. → Give an object with id, version and machine.'],
  })
  expect(
    errorsOf({ id: 'o', version: 1, machine: of, migrations: { 1: () => {} }, timers: 'never' }),
  ).toEqual({
    service: 'o',
    told: [
      'error migrations migrations[1]: There is no way from version 1 to version 1. → Raise the version, or take it out.',
      'error timers timers: “never” is no policy for timers. → Use “deadline”, “remaining” or “restart”.',
    ],
  })
  expect(errorsOf({ id: 'o', version: 1, machine: of, allow: ['script'] }).told).toEqual([
    expect.stringMatching(/^error option allow: It is .*script.* → Give a list of “regexp” and “url”\.$/),
  ])
  expect(errorsOf({ id: 'o', version: 1, machine: of, allow: [''] }).told).toHaveLength(1)
})

test('every error of a machine says where, what and what to do', () => {
  const of = machine({
    initial: 'a',
    states: {
      a: {
        entry: [spawnChild('work'), spawnChild('gone', { id: 'xstate.x' }), 'xstate.own'],
        invoke: [
          { src: work, id: 'same' },
          { src: 'work', id: 'same', systemId: 'sys' },
          { src: 'work', id: '', systemId: 'sys' },
        ],
        after: { nap: 'b' },
        on: { GO: { target: 'b', guard: 'maybe' } },
      },
      b: {},
    },
  })
  expect(errorsOf({ id: 'm', version: 1, machine: of }).told).toMatchInlineSnapshot(`
    [
      "error unnamed-actor states.a.invoke[0].src: Actor logic written in place cannot be found again after a restart. → Name it in setup({ actors }) and refer to it by that name.",
      "error spawn-without-id states.a.entry[0]: A spawned actor without an id gets a number that a restart gives out again. → Give it an id: spawnChild(src, { id }).",
      "error missing-actor states.a.entry[1]: No actor logic is named “gone”. → Give it in setup({ actors: { gone: … } }) or machine.provide.",
      "error reserved-name states.a.entry[2]: The action name “xstate.own” is reserved. → Choose another name.",
      "error missing-guard states.a.on["GO"].guard: No guard is named “maybe”. → Give it in setup({ guards }).",
      "error missing-delay states.a.after["nap"]: No delay is named “nap”, and XState would not wait at all. → Give it in setup({ delays }), in milliseconds.",
      "error duplicate-id states.a.invoke[1].id: The actor id “same” is taken by states.a.invoke[0].id at the same time. → Give each its own.",
      "error duplicate-id states.a.invoke[2].systemId: The system id “sys” is taken by states.a.invoke[1].systemId at the same time. → Give each its own.",
      "error reserved-id states.a.invoke[2].id: The id is empty. → Choose another id.",
    ]
  `)
})
